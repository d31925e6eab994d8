/* Repeated ids: gradients that arrive at the same row, and the rows that an optimizer moves. */
"use strict";

(() => {
  const L = window.LookupTable;
  const MOST_STEPS = 60;

  const zeros = (rows, width) => Array.from({ length: rows }, () => Array(width).fill(0));

  /** Send each vector to its row and add up what arrives there. */
  L.addUp = (ids, vectors, rows) => {
    const total = zeros(rows, vectors[0].length);
    ids.forEach((id, n) => vectors[n].forEach((number, d) => { total[id][d] += number; }));
    return total;
  };

  /** Do it as the faulty line dW[ids] += g does: of the vectors for a row, the last one stays. */
  L.overwrite = (ids, vectors, rows) => {
    const total = zeros(rows, vectors[0].length);
    ids.forEach((id, n) => { total[id] = [...vectors[n]]; });
    return total;
  };

  /* What each optimizer remembers about a number, and how far it moves the number, with Keras's
     formulas and its defaults but for the rate. `slots` is changed. */
  const adam = (slots, gradient, rate, time) => {
    slots[0] = 0.9 * slots[0] + 0.1 * gradient;
    slots[1] = 0.999 * slots[1] + 0.001 * gradient ** 2;
    const corrected = (rate * Math.sqrt(1 - 0.999 ** time)) / (1 - 0.9 ** time);
    return (-corrected * slots[0]) / (Math.sqrt(slots[1]) + 1e-7);
  };
  const OPTIMIZERS = {
    SGD: { first: [], move: (slots, gradient, rate) => -rate * gradient },
    "SGD, momentum 0.9": {
      first: [0],
      move: (slots, gradient, rate) => (slots[0] = 0.9 * slots[0] - rate * gradient),
    },
    Adagrad: {
      first: [0.1],
      move: (slots, gradient, rate) => {
        slots[0] += gradient ** 2;
        return (-rate * gradient) / Math.sqrt(slots[0] + 1e-7);
      },
    },
    Adam: { first: [0, 0], move: adam },
    LazyAdam: { first: [0, 0], move: adam, lazy: true },
  };

  /** Train: the table at first and after each step. A step is {gradient, asked}, row by row. */
  L.train = (table, steps, name, rate) => {
    const { first, move, lazy } = OPTIMIZERS[name];
    const slots = table.map((row) => row.map(() => [...first]));
    const tables = [table];
    steps.forEach(({ gradient, asked }, step) => {
      tables.push(
        tables[step].map((row, id) =>
          lazy && !asked[id]
            ? row
            : row.map((number, d) => number + move(slots[id][d], gradient[id][d], rate, step + 1)),
        ),
      );
    });
    return tables;
  };

  const short = (number) => String(number).replace("-", "−");
  const vector = (numbers) => `(${numbers.map(short).join(", ")})`;
  const moved = (numbers) => `(${numbers.map((number) => L.fixed(number, 2)).join(", ")})`;
  const listed = (words) => (words.length < 2 ? words.join("") : L.say("{some} and {last}", { some: words.slice(0, -1).join(", "), last: words.at(-1) }));

  L.figures.repeated = (stage, data) => {
    const { words, table, upstream, rate } = data;
    const state = { batch: [...data.batch], steps: [], way: "right", optimizer: "Adam" };
    const add = (ids) => (state.way === "right" ? L.addUp : L.overwrite)(ids, upstream, table.length);

    const arrows = L.html("div");
    const gradientSaid = L.html("p", { class: "live-said", "aria-live": "polite" });
    const plane = L.html("div", { class: "live-plane" });
    const lastStep = L.html("div");
    const stepSaid = L.html("p", { class: "live-said", "aria-live": "polite" });

    /* A button that cannot be used now keeps the focus, and says that it cannot. */
    const button = (text, usable, act) => {
      const made = L.html("button", { type: "button", onclick: () => { if (usable()) { act(); draw(); } } }, text);
      buttons.push(() => made.setAttribute("aria-disabled", String(!usable())));
      return made;
    };
    const buttons = [];
    const step = (times) => {
      const one = { batch: [...state.batch] };
      state.steps.push(...Array(Math.min(times, MOST_STEPS - state.steps.length)).fill(one));
    };
    const room = () => state.batch.length < upstream.length;
    const some = () => state.batch.length > 0;
    const time = () => state.steps.length < MOST_STEPS;
    stage.append(
      L.html("p", { class: "live-title" }, L.say("Gradients add up")),
      row(L.say("Put words into the batch"), words.map((word, id) => button(`+ ${word}`, room, () => state.batch.push(id)))),
      row(L.say("Take words out"), [
        button(L.say("the last one"), some, () => state.batch.pop()),
        button(L.say("all of them"), some, () => { state.batch = []; }),
      ]),
      L.choice(L.say("How the gradient is made"), "live-repeated-way", [["right", L.say("added up")], ["faulty", L.say("faulty: dW[ids] += g")]], state.way, (way) => {
        state.way = way;
        draw();
      }),
      arrows, gradientSaid,
      L.html("p", { class: "live-title" }, L.say("Rows move")),
      L.choice(L.say("Optimizer"), "live-repeated-optimizer", data.optimizers.map((name) => [name, L.say(name)]), state.optimizer, (name) => {
        state.optimizer = name;
        draw();
      }),
      row(L.say("Steps with this batch, learning rate {rate}", { rate }), [
        button(L.say("take a step"), time, () => step(1)),
        button(L.say("take ten"), time, () => step(10)),
        button(L.say("start over"), () => state.steps.length > 0, () => { state.steps = []; }),
      ]),
      stepSaid,
      L.html("div", { class: "live-beside" }, plane, lastStep),
    );

    function draw() {
      const gradient = add(state.batch);
      const steps = state.steps.map(({ batch }) => ({
        gradient: add(batch),
        asked: words.map((_, id) => batch.includes(id)),
      }));
      const tables = L.train(table, steps, state.optimizer, rate);
      for (const update of buttons) update();
      arrows.replaceChildren(travels(words, state, upstream, gradient, arrows.clientWidth));
      gradientSaid.textContent = tellGradient(words, state, upstream, gradient);
      plane.replaceChildren(places(words, tables, steps, plane.clientWidth), ...legend());
      lastStep.replaceChildren(tellRows(words, tables, steps));
      stepSaid.textContent = tellStep(words, tables, steps, state.optimizer);
    }

    L.whenSized(arrows, draw);
  };

  const row = (name, buttons) =>
    L.html(
      "div",
      { class: "live-row", role: "group", "aria-label": name },
      L.html("span", { "aria-hidden": "true" }, name),
      ...buttons,
    );

  /** Say which vectors arrived at a row, or were lost on the way, if it was asked for at all. */
  function arrivals(batch, upstream, way, id) {
    const sent = batch.map((other, n) => ({ other, n, vector: upstream[n] })).filter(({ other }) => other === id);
    const lost = way === "right" ? [] : sent.slice(0, -1);
    return { kept: sent.slice(lost.length), lost };
  }

  function tellGradient(words, { batch, way }, upstream, gradient) {
    if (!batch.length) return L.say("The batch is empty: every row of the gradient is zero.");
    const parts = words.flatMap((word, id) => {
      const { kept, lost } = arrivals(batch, upstream, way, id);
      if (!kept.length) return [];
      const sum = kept.length > 1 ? `${kept.map((one) => vector(one.vector)).join(" + ")} = ` : "";
      const loss = lost.length ? L.say(", and {vectors} lost", { vectors: listed(lost.map((one) => vector(one.vector))) }) : "";
      return [L.say("“{word}” gets {sum}{vector}{loss}", { word, sum, vector: vector(gradient[id]), loss })];
    });
    const others = words.filter((_, id) => !batch.includes(id));
    return `${parts.join("; ")}. ${others.length ? L.say("Zero for {words}.", { words: listed(others) }) : ""}`;
  }

  const went = (tables, id) => tables.at(-1)[id].map((number, d) => number - tables.at(-2)[id][d]);
  const hasMoved = (tables, id) => went(tables, id).some((number) => Math.abs(number) > 1e-9);

  function tellStep(words, tables, steps, optimizer) {
    if (!steps.length) return L.say("No step yet. Take one, take all words out, and take more: who moves now?");
    const { asked } = steps.at(-1);
    const drifting = words.filter((_, id) => !asked[id] && hasMoved(tables, id));
    const asking = listed(words.filter((_, id) => asked[id])) || L.say("nothing");
    const step = L.say("Step {n} with {optimizer}: asked for {words}.", { n: steps.length, optimizer: L.say(optimizer), words: asking });
    const those = { words: listed(drifting) };
    const others = !drifting.length
      ? L.say("No other row moved.")
      : drifting.length > 1
        ? L.say("Moved although nobody asked for them: {words}.", those)
        : L.say("Moved although nobody asked for it: {words}.", those);
    return `${step} ${others}`;
  }

  function tellRows(words, tables, steps) {
    return L.table(
      L.say("What the last step did"),
      ["", L.say("asked for"), L.say("moved by")],
      words.map((word, id) => {
        if (!steps.length) return [word, "–", "–"];
        const asked = steps.at(-1).asked[id];
        const how = moved(went(tables, id));
        return [word, asked ? L.say("yes") : L.say("no"), !asked && hasMoved(tables, id) ? L.html("strong", { class: "is-zero" }, how) : how];
      }),
    );
  }

  const text = (x, y, words, attributes = {}) => L.svg("text", { x, y, "dominant-baseline": "central", ...attributes }, words);
  const box = (x, y, width, height, kind) => L.svg("rect", { x, y, width, height, class: kind });

  /** From each output its gradient travels to the row that the output was copied from. */
  function travels(words, { batch, way }, upstream, gradient, space) {
    const narrow = space < 560;
    const line = 30, top = 26, count = Math.max(words.length, upstream.length);
    const name = narrow ? 44 : 84, cell = narrow ? 30 : 46, wide = narrow ? 46 : 110;
    const from = name + 2 * cell, to = space - 2 * wide - 1;
    const height = top + count * line;
    const rowY = (id) => top + (count - words.length) * line / 2 + (id + 0.5) * line;
    const parts = [
      text(name, 10, narrow ? L.say("outputs") : L.say("gradients of the outputs"), { class: "quiet", "text-anchor": narrow ? "middle" : "start" }),
      text(space - 1, 10, narrow ? L.say("table's gradient") : L.say("gradient of the table"), { class: "quiet", "text-anchor": "end" }),
    ];
    const seen = words.map(() => 0);
    for (let n = 0; n < upstream.length; n++) {
      const y = top + (n + 0.5) * line, id = batch[n];
      if (id === undefined) {
        parts.push(L.svg("rect", { x: name, y: y - line / 2 + 2, width: 2 * cell, height: line - 4, class: "cell empty" }));
        continue;
      }
      const lost = way === "faulty" && batch.lastIndexOf(id) > n;
      parts.push(text(name - 8, y, words[id], { "text-anchor": "end" }));
      upstream[n].forEach((number, d) => {
        parts.push(box(name + d * cell, y - line / 2 + 2, cell, line - 4, `cell ${lost ? "zero" : "one"}`));
        parts.push(text(name + (d + 0.5) * cell, y, short(number), { "text-anchor": "middle", class: `number ${lost ? "zero lost" : ""}` }));
      });
      seen[id] += 1;
      const times = batch.filter((other) => other === id).length;
      const end = rowY(id) + ((seen[id] / (times + 1)) - 0.5) * (line - 6);
      const label = narrow ? 48 : 76; // the row's name stands before it
      parts.push(...travel(from + 4, y, to - label, end, lost));
    }
    words.forEach((word, id) => {
      const { kept } = arrivals(batch, upstream, way, id);
      const kind = kept.length ? "one" : "";
      parts.push(text(to - 8, rowY(id), word, { "text-anchor": "end", class: kept.length ? "strong" : "quiet" }));
      gradient[id].forEach((number, d) => {
        const sum = kept.map((one) => short(one.vector[d])).join(" + ").replaceAll("+ −", "− ");
        const shown = kept.length > 1 && !narrow && sum.length < 12 ? `${sum} = ${short(number)}` : short(number);
        parts.push(box(to + d * wide, rowY(id) - line / 2 + 2, wide, line - 4, `cell ${kind}`));
        parts.push(text(to + (d + 0.5) * wide, rowY(id), shown, { "text-anchor": "middle", class: `number ${kept.length ? "" : "quiet"}` }));
      });
    });
    const label = L.say("Gradients on their way to the rows: {gradients}", { gradients: tellGradient(words, { batch, way }, upstream, gradient) });
    return L.svg("svg", { role: "img", "aria-label": label, width: space, height, viewBox: `0 0 ${space} ${height}` }, ...parts);
  }

  /** An arrow that arrives, or one that is broken off. */
  function travel(x1, y1, x2, y2, lost) {
    const middle = (x1 + x2) / 2;
    if (!lost) {
      return [
        L.svg("path", { class: "wire", d: `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2 - 6} ${y2}` }),
        L.svg("path", { class: "head", d: `M${x2} ${y2}l-8 -4v8z` }),
      ];
    }
    const stop = x1 + (x2 - x1) * 0.5, y = (y1 + y2) / 2;
    return [
      L.svg("path", { class: "wire lost", d: `M${x1} ${y1}C${middle} ${y1} ${stop - 10} ${y} ${stop} ${y}` }),
      L.svg("path", { class: "cross", d: `M${stop} ${y - 5}l10 10m0 -10l-10 10` }),
    ];
  }

  /** Where the rows are in the plane, and the way that each has come. */
  function places(words, tables, steps, space) {
    const height = Math.min(360, space), edge = 44;
    const all = tables.flat();
    const [left, right, low, high] = [
      Math.min(...all.map(([x]) => x)), Math.max(...all.map(([x]) => x)),
      Math.min(...all.map(([, y]) => y)), Math.max(...all.map(([, y]) => y)),
    ];
    const scale = Math.min((space - 2 * edge) / (right - left), (height - 2 * edge) / (high - low));
    const x = (number) => space / 2 + (number - (left + right) / 2) * scale;
    const y = (number) => height / 2 - (number - (low + high) / 2) * scale;
    const parts = [L.svg("rect", { x: 0.5, y: 0.5, width: space - 1, height: height - 1, class: "cell" })];
    parts.push(
      L.svg("line", { class: "axis", x1: x(0), x2: x(0), y1: 1, y2: height - 1 }),
      L.svg("line", { class: "axis", x1: 1, x2: space - 1, y1: y(0), y2: y(0) }),
    );
    words.forEach((word, id) => {
      steps.forEach(({ asked }, step) => {
        const [[x1, y1], [x2, y2]] = [tables[step][id], tables[step + 1][id]];
        if (Math.hypot(x2 - x1, y2 - y1) < 1e-9) return;
        const kind = asked[id] ? "asked" : "drift";
        parts.push(L.svg("line", { class: `trail ${kind}`, x1: x(x1), y1: y(y1), x2: x(x2), y2: y(y2) }));
        parts.push(L.svg("circle", { class: `stop ${kind}`, cx: x(x2), cy: y(y2), r: 2 }));
      });
      const start = tables[0][id], now = tables.at(-1)[id];
      const asked = steps.length > 0 && steps.at(-1).asked[id];
      const drift = steps.length > 0 && !asked && hasMoved(tables, id);
      parts.push(L.svg("circle", { class: "start", cx: x(start[0]), cy: y(start[1]), r: 3 }));
      parts.push(mark(asked ? "asked" : drift ? "drift" : "rest", x(now[0]), y(now[1])));
    });
    words.forEach((word, id) => {
      const [from, now] = [tables[0][id], tables.at(-1)[id]];
      const [dx, dy] = [x(now[0]) - x(from[0]), y(now[1]) - y(from[1])];
      const sideways = Math.abs(dx) > Math.abs(dy); // the name stands where the row came from
      const [px, py] = sideways ? [x(from[0]) - Math.sign(dx) * 11, y(from[1])] : [x(from[0]), y(from[1]) + (dy < 0 ? 16 : -16)];
      const anchor = sideways ? (dx < 0 ? "start" : "end") : "middle";
      parts.push(text(px, py, word, { "text-anchor": anchor, class: "halo" }));
    });
    const at = words.map((word, id) => L.say("{word} at {place}", { word, place: moved(tables.at(-1)[id]) }));
    const label = L.say("The {n} rows as places in a plane. {places}.", { n: words.length, places: at.join(", ") });
    return L.svg("svg", { role: "img", "aria-label": label, width: space, height, viewBox: `0 0 ${space} ${height}` }, ...parts);
  }

  /** A full disc: asked for. A ring: moved all the same. A small dot: at rest. */
  const mark = (kind, cx, cy) => L.svg("circle", { class: `mark ${kind}`, cx, cy, r: kind === "rest" ? 4.5 : 7 });

  const legend = () => {
    const entry = (kind, words) => [
      L.svg("svg", { width: 18, height: 18, "aria-hidden": "true" }, mark(kind, 9, 9)),
      words,
    ];
    return [
      L.html(
        "p",
        { class: "live-legend" },
        ...[["asked", L.say("asked for")], ["drift", L.say("moved, not asked for")], ["rest", L.say("at rest")]].map(([kind, words]) =>
          L.html("span", {}, ...entry(kind, words)),
        ),
      ),
    ];
  };
})();
