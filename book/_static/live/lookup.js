/* Lookup or multiply: a sentence's rows, read from the table and multiplied out of it. */
"use strict";

(() => {
  const L = window.LookupTable;
  const NUMBERS_UP_TO = 20; // rows of a table that are tall enough to write numbers into
  const FLOAT = 4, ID = 8; // bytes of a float32 and of an int64

  /** Cut a sentence into words, as TextVectorization does: ASCII only, byte for byte. */
  L.tokens = (sentence) =>
    sentence
      .replace(/[!-/:-@[-`{-~]/g, "")
      .replace(/[A-Z]/g, (letter) => letter.toLowerCase())
      .split(/[\t-\r ]+/)
      .filter((word) => word !== "");

  /** Find the ids of words in the first `size` places of a vocabulary; 1 is for unknown words. */
  L.toIds = (words, vocabulary, size) =>
    words.map((word) => {
      const id = vocabulary.indexOf(word, 2);
      return id === -1 || id >= size ? 1 : id;
    });

  /** Read rows. */
  L.gather = (table, ids) => ids.map((id) => table[id]);

  /** Write ids as rows of zeros with a one. */
  L.oneHot = (ids, size) => ids.map((id) => Array.from({ length: size }, (_, row) => Number(row === id)));

  /** Multiply two matrices, zeros and all. */
  L.multiply = (left, right) =>
    left.map((factors) => right[0].map((_, column) => factors.reduce((sum, factor, row) => sum + factor * right[row][column], 0)));

  /** Count what a way from n ids to n rows costs, as embedding_core.lessons.costs.forward does. */
  L.cost = (way, n, V, D) => {
    const output = n * D * FLOAT;
    if (way === "look-up") {
      return { multiplications: 0, byZero: 0, moved: n * ID + output + output };
    }
    const encoded = n * V * FLOAT; // written, then read
    return {
      multiplications: n * V * D,
      byZero: n * (V - 1) * D,
      moved: n * ID + 2 * encoded + V * D * FLOAT + output,
    };
  };

  L.figures.lookup = (stage, data) => {
    const { vocabulary, table, sizes } = data;
    const width = table[0].length;
    const state = { sentence: data.sentence, size: data.size, chosen: 0 };

    const sentence = L.html("input", {
      type: "text", value: data.sentence, autocomplete: "off", spellcheck: "false",
      oninput: () => { state.sentence = sentence.value; draw(); },
    });
    const slider = L.html("input", {
      type: "range", min: 0, max: sizes.length - 1, step: 1, value: sizes.indexOf(data.size),
      oninput: () => { state.size = sizes[slider.value]; draw(); },
    });
    const size = L.html("span", { class: "live-value", "aria-hidden": "true" });
    const pictures = L.html("div");
    const sum = L.html("div", { class: "live-sum" });
    const counters = L.html("div");
    const note = L.html("p", { class: "live-note" });
    const said = L.html("p", { class: "live-said", "aria-live": "polite" });
    stage.append(
      L.html(
        "div",
        { class: "live-controls" },
        L.html("label", {}, L.html("span", {}, L.say("Your sentence, up to {most} words", { most: data.most_words })), sentence),
        L.html("label", {}, L.html("span", {}, L.say("Rows of the table"), " ", size), slider),
      ),
      note, pictures, sum, counters, said,
    );

    function draw() {
      const words = L.tokens(state.sentence);
      const read = words.slice(0, data.most_words);
      const ids = L.toIds(read, vocabulary, state.size);
      const here = table.slice(0, state.size);
      const found = L.gather(table, ids);
      const product = L.multiply(L.oneHot(ids, here.length), here);
      state.chosen = Math.min(state.chosen, Math.max(0, read.length - 1));
      size.textContent = L.count(state.size);
      slider.setAttribute("aria-valuetext", L.say("{count} rows", { count: L.count(state.size) }));
      note.textContent = remarks(words, ids, state.size, table.length);
      const space = pictures.clientWidth;
      if (read.length === 0) {
        pictures.replaceChildren();
        sum.replaceChildren();
        counters.replaceChildren();
        said.textContent = L.say("Type a word.");
        return;
      }
      const shown = { vocabulary, words: read, ids, table: here, size: state.size, width, chosen: state.chosen };
      pictures.replaceChildren(
        L.html("p", { class: "live-title" }, L.say("Look up: read the row that each id names")),
        lookUp(shown, found, space),
        L.html("p", { class: "live-title" }, L.say("Multiply: a one-hot row for each word, times the whole table")),
        multiplied(shown, product, space),
      );
      const focused = sum.contains(document.activeElement);
      sum.replaceChildren(...writtenOut(shown, product, (chosen) => {
        state.chosen = chosen;
        draw();
      }));
      if (focused) sum.querySelector("input:checked").focus();
      counters.replaceChildren(count(read.length, state.size, width));
      said.textContent = summary(ids, state.size, width, L.gather(table, ids), product);
    }

    L.whenSized(pictures, draw);
  };

  function remarks(words, ids, size, rows) {
    const parts = [];
    const unknown = [...new Set(words.filter((_, place) => ids[place] === 1))];
    if (words.length > ids.length) parts.push(L.say("Only the first {n} words are taken.", { n: ids.length }));
    if (unknown.length) {
      parts.push(L.say("No row of its own among the {count}: {words}. Unknown words share row 1.", {
        count: L.count(size), words: unknown.join(", "),
      }));
    }
    if (size > rows) {
      parts.push(L.say(
        "This page holds the first {count} rows. All others meet only zeros: their multiplications are counted, not made.",
        { count: L.count(rows) },
      ));
    }
    return parts.join(" ");
  }

  function summary(ids, size, width, found, product) {
    const cost = L.cost("dense product", ids.length, size, width);
    const same = found.every((row, n) => row.every((number, d) => number === product[n][d]));
    const costs = L.say(
      "Ids {ids}. The look-up multiplies nothing and moves {little}; the product makes {count} multiplications, {zeros} of them by zero, and moves {much}.",
      {
        ids: ids.join(", "), little: L.bytes(L.cost("look-up", ids.length, size, width).moved),
        count: L.count(cost.multiplications), zeros: L.count(cost.byZero), much: L.bytes(cost.moved),
      },
    );
    const numbers = { n: ids.length * width };
    return `${costs} ${same ? L.say("Both give the same {n} numbers.", numbers) : L.say("They differ in the {n} numbers.", numbers)}`;
  }

  function count(n, size, width) {
    const ways = ["look-up", "dense product"].map((way) => L.cost(way, n, size, width));
    const share = (cost) =>
      cost.multiplications ? `${L.count(cost.byZero)} (${(100 * cost.byZero / cost.multiplications).toPrecision(size > 1000 ? 7 : 4)}\u00a0%)` : "0";
    return L.table(
      L.say("What it costs: {n} words, {rows} rows of {width} numbers", { n, rows: L.count(size), width }),
      ["", L.say("Look-up"), L.say("One-hot product")],
      [
        [L.say("Multiplications"), ...ways.map((cost) => L.count(cost.multiplications))],
        [L.say("of them by zero"), ...ways.map(share)],
        [L.say("Bytes read and written"), ...ways.map((cost) => L.bytes(cost.moved))],
      ],
    );
  }

  /** The sum behind a word's first number, term by term. */
  function writtenOut({ words, ids, table, size, chosen }, product, choose) {
    const radios = L.choice(
      L.say("Multiply out the first number of"), "live-lookup-word",
      words.map((word, place) => [String(place), word]), String(chosen), (place) => choose(Number(place)),
    );
    const every = table.map((row, id) => id);
    const near = [0, 1, ids[chosen] - 1, ids[chosen], ids[chosen] + 1, table.length - 1];
    const written = size <= NUMBERS_UP_TO ? every : every.filter((id) => near.includes(id));
    const line = L.html("p", { class: "live-terms" });
    let before = -1;
    for (const id of written) {
      if (id > 0) line.append(" + ");
      if (id > before + 1) line.append(L.html("span", { class: "is-zero" }, "…"), " + ");
      const one = id === ids[chosen];
      line.append(L.html("span", { class: one ? "is-one" : "is-zero" }, `${Number(one)}·${inSum(table[id][0])}`));
      before = id;
    }
    if (size > table.length) line.append(" + ", L.html("span", { class: "is-zero" }, "…"));
    line.append(" = ", L.html("strong", {}, L.fixed(product[chosen][0], 2)));
    return [radios, line];
  }

  const inSum = (number) => (number < 0 ? `(${L.fixed(number, 2)})` : L.fixed(number, 2));

  /** Where the parts of the pictures lie, for the width there is. */
  function layout(space, { width, words }) {
    const narrow = space < 560;
    const cell = narrow ? 38 : 54;
    return {
      narrow, cell,
      line: 26,
      top: 24,
      word: narrow ? 66 : 104, // room for a word and its id
      column: narrow ? 36 : 54, // of the table
      label: narrow ? 20 : 88, // room for a row's number and word
      height: words.length * 26,
      result: space - width * cell - 1,
    };
  }

  const clip = (word, most) => (word.length > most ? `${word.slice(0, most - 1)}…` : word);
  const text = (x, y, words, attributes = {}) => L.svg("text", { x, y, "dominant-baseline": "central", ...attributes }, words);
  const box = (x, y, width, height, kind) => L.svg("rect", { x, y, width, height, class: kind });

  function wordsAndIds(parts, at, { words, ids, chosen }, from) {
    words.forEach((word, n) => {
      const y = from + (n + 0.5) * at.line;
      const kind = n === chosen ? "strong" : "";
      parts.push(
        text(at.word - 32, y, clip(word, at.narrow ? 5 : 11), { "text-anchor": "end", class: kind }),
        text(at.word - 4, y, ids[n], { "text-anchor": "end", class: `number ${kind}` }),
      );
    });
  }

  function numbers(parts, at, x, from, rows) {
    rows.forEach((row, n) =>
      row.forEach((number, d) => {
        parts.push(
          box(x + d * at.cell, from + n * at.line, at.cell, at.line, "cell one"),
          text(x + (d + 0.5) * at.cell, from + (n + 0.5) * at.line, L.fixed(number, 2), { "text-anchor": "middle", class: "number" }),
        );
      }),
    );
  }

  /** From each id an arrow to its row, and on to the copy of that row. */
  function lookUp(shown, found, space) {
    const { ids, table, size, width, chosen, words } = shown;
    const at = layout(space, shown);
    const tall = 300, rows = tall / size;
    const height = Math.max(tall, at.height);
    const from = at.top + (height - at.height) / 2, top = at.top + (height - tall) / 2;
    const left = at.word + (at.result - at.word - at.label - width * at.column) / 2 + at.label;
    const right = left + width * at.column;
    const parts = [
      text(at.word - 4, 10, "id", { "text-anchor": "end", class: "quiet" }),
      text((left + right) / 2, 10, L.say("table: {count} rows", { count: L.count(size) }), { "text-anchor": "middle", class: "quiet" }),
      text(at.result + (width * at.cell) / 2, 10, L.say("result"), { "text-anchor": "middle", class: "quiet" }),
      box(left, top, right - left, tall, "cell"),
    ];
    wordsAndIds(parts, at, shown, from);
    if (size <= NUMBERS_UP_TO) parts.push(...tableRows(shown, at, left, top, rows));
    else {
      for (const id of new Set(ids)) parts.push(box(left, top + id * rows, right - left, Math.max(2, rows), "stripe"));
    }
    const leaves = left - (size <= NUMBERS_UP_TO ? at.label : 0);
    const order = ids.map((_, n) => n).sort((a, b) => Number(a === chosen) - Number(b === chosen));
    for (const n of order) {
      const y = from + (n + 0.5) * at.line, row = top + (ids[n] + 0.5) * rows;
      const kind = n === chosen ? "wire strong" : "wire";
      parts.push(L.svg("path", { class: kind, d: wire(at.word + 2, y, leaves - 2, row) }));
      parts.push(L.svg("path", { class: kind, d: wire(right + 2, row, at.result - 2, y) }));
    }
    numbers(parts, at, at.result, from, found);
    const reads = words.map((word, n) => L.say("{word} has id {id} and reads row {id}", { word, id: ids[n] }));
    const label = L.say("Look-up: {reads}.", { reads: reads.join("; ") });
    return picture(space, at.top + height + 4, label, parts, at.narrow);
  }

  function tableRows({ ids, table, vocabulary }, at, left, top, rows) {
    return table.flatMap((row, id) => {
      const y = top + (id + 0.5) * rows, picked = ids.includes(id);
      return [
        ...row.map((_, d) => box(left + d * at.column, top + id * rows, at.column, rows, picked ? "cell one" : "cell")),
        ...row.map((number, d) =>
          text(left + (d + 0.5) * at.column, y, L.fixed(number, 2), { "text-anchor": "middle", class: `number small ${picked ? "" : "quiet"}` }),
        ),
        text(left - 6, y, id, { "text-anchor": "end", class: `number small ${picked ? "strong" : "quiet"}` }),
        ...(at.narrow ? [] : [text(left - 26, y, clip(vocabulary[id] || L.say("(padding)"), 9), { "text-anchor": "end", class: `small ${picked ? "strong" : "quiet"}` })]),
      ];
    });
  }

  const wire = (x1, y1, x2, y2) => `M${x1} ${y1}C${(x1 + x2) / 2} ${y1} ${(x1 + x2) / 2} ${y2} ${x2} ${y2}`;

  /** The one-hot matrix with every zero lit, and what the product makes of it. */
  function multiplied(shown, product, space) {
    const { ids, size, width, words } = shown;
    const at = layout(space, shown);
    const sign = at.narrow ? 0 : 74; // on a narrow screen the result stands below the matrix
    const left = at.word + 6, across = (at.narrow ? space - 1 : at.result - sign) - left;
    const result = at.narrow ? at.top + at.height + 30 : at.top;
    const column = across / size;
    const parts = [
      text(left, 10, L.say("one-hot: {n} × {count}", { n: words.length, count: L.count(size) }), { class: "quiet" }),
      text(at.result + (width * at.cell) / 2, result - 14, L.say("result"), { "text-anchor": "middle", class: "quiet" }),
      text(at.result - 8, result + at.height / 2, L.say("· table ="), { "text-anchor": "end" }),
    ];
    wordsAndIds(parts, at, shown, at.top);
    ids.forEach((id, n) => {
      const y = at.top + n * at.line;
      parts.push(box(left, y, across, at.line, "cell zero"));
      if (column >= 8) {
        for (let row = 0; row < size; row++) {
          const one = row === id, x = left + row * column;
          parts.push(box(x, y, column, at.line, `cell ${one ? "one" : "zero"}`));
          parts.push(text(x + column / 2, y + at.line / 2, Number(one), { "text-anchor": "middle", class: `number small ${one ? "strong" : "zero"}` }));
        }
      } else parts.push(box(left + id * column, y, Math.max(2, column), at.line, "stripe"));
    });
    numbers(parts, at, at.result, result, product);
    const label = L.say(
      "Product: a one-hot matrix of {n} rows and {count} columns, one 1 in each row at the word's id and {zeros} zeros, times the table gives the same numbers.",
      { n: words.length, count: L.count(size), zeros: L.count(size - 1) },
    );
    return picture(space, result + at.height + 4, label, parts, at.narrow);
  }

  const picture = (width, height, label, parts, narrow) =>
    L.svg("svg", { role: "img", "aria-label": label, class: narrow ? "narrow" : null, width, height, viewBox: `0 0 ${width} ${height}` }, ...parts);
})();
