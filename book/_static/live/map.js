/* The map of words: where trained words lie, and who is near whom in all their numbers. */
"use strict";

(() => {
  const L = window.LookupTable;
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  /** Unpack rows of 16-bit numbers from base64, the low byte of each number first. */
  L.unpack = (text, count) => {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    const width = bytes.length / 2 / count;
    return Array.from({ length: count }, (_, row) =>
      Array.from({ length: width }, (_, d) => view.getInt16(2 * (row * width + d), true)),
    );
  };

  /** Find the k rows with the smallest angle to one row: [{id, cosine}], the nearest first. */
  L.nearest = (rows, id, k) => {
    const lengths = rows.map((row) => Math.hypot(...row));
    return rows
      .map((row, other) => ({
        id: other,
        cosine: row.reduce((sum, number, d) => sum + number * rows[id][d], 0) / (lengths[other] * lengths[id]),
      }))
      .filter((one) => one.id !== id)
      .sort((a, b) => b.cosine - a.cosine)
      .slice(0, k);
  };

  /** Find the places of the words that begin so; the whole word goes first. */
  L.beginningWith = (words, start) => {
    const begun = start.trim().toLowerCase();
    const found = words.map((_, id) => id).filter((id) => begun && words[id].startsWith(begun));
    return found.sort((a, b) => Number(words[b] === begun) - Number(words[a] === begun));
  };

  /** Find the nearest place that lies in a direction, give or take 45 degrees; or stay. */
  L.inDirection = (places, from, [dx, dy]) => {
    let best = from, least = Infinity;
    places.forEach(([x, y], id) => {
      const [ax, ay] = [x - places[from][0], y - places[from][1]];
      const along = ax * dx + ay * dy, across = Math.abs(ax * dy - ay * dx);
      if (along > 0 && across <= along && Math.hypot(ax, ay) < least) [best, least] = [id, Math.hypot(ax, ay)];
    });
    return best;
  };

  L.figures.map = (stage, data) => {
    const { words, maps } = data;
    const objectives = Object.keys(maps);
    const vectors = Object.fromEntries(objectives.map((name) => [name, L.unpack(data.vectors[name], words.length)]));
    const kinds = words.map((_, id) => Object.values(data.groups).findIndex((ids) => ids.includes(id)));
    const state = { objective: objectives[0], chosen: data.asked, hovered: null, found: [] };

    const search = L.html("input", {
      type: "search", autocomplete: "off", spellcheck: "false",
      oninput: () => {
        state.found = L.beginningWith(words, search.value);
        if (words[state.found[0]] === search.value.trim().toLowerCase()) choose(state.found[0]);
        else draw();
      },
      onkeydown: (event) => {
        if (event.key === "Enter" && state.found.length) choose(state.found[0]);
      },
    });
    const result = L.html("p", { class: "live-note", "aria-live": "polite" });
    const lines = L.svg("g");
    const labels = L.svg("g");
    const marks = words.map((word, id) =>
      L.svg("g", { role: "option", id: `live-map-${id}`, "aria-label": word, class: "live-point" }, shape(kinds[id])),
    );
    const drawing = L.svg("svg", { role: "none" }, lines, ...marks, labels);
    const map = L.html(
      "div",
      {
        class: "live-map", role: "listbox", tabindex: 0, 
        "aria-label": L.say("Map of {n} words: arrow keys lead to the next word that way, page up and page down through all", { n: words.length }),
        onkeydown: (event) => {
          const next = reached(event.key);
          if (next === null) return;
          event.preventDefault();
          choose(next);
        },
        onpointermove: (event) => { if (event.pointerType === "mouse") hover(under(event)); },
        onpointerleave: () => hover(null),
        onclick: (event) => { const id = under(event); if (id !== null) choose(id); },
      },
      drawing,
    );
    const near = L.html("div", { class: "live-near" });
    const said = L.html("p", { class: "visually-hidden", "aria-live": "polite" });
    stage.append(
      L.choice(L.say("Trained for"), "live-map-objective", objectives.map((name) => [name, L.say(name)]), state.objective, (name) => {
        state.objective = name;
        drawing.classList.add("is-moving"); // from here on: nobody asked for the first places
        draw();
      }),
      L.html("div", { class: "live-controls" }, L.html("label", {}, L.html("span", {}, L.say("Search these {n} words", { n: words.length })), search)),
      result,
      L.html("div", { class: "live-beside map" }, L.html("div", {}, map, legend(Object.keys(data.groups))), near),
      said,
    );

    /** Where the words are on the page, in a map so wide. */
    function on(width) {
      const edge = 14;
      return maps[state.objective].map(([x, y]) => [edge + ((1 + x) / 2) * (width - 2 * edge), edge + ((1 - y) / 2) * (width - 2 * edge)]);
    }

    /** The word that a key leads to. Arrows may pass a word by; page up and down meet them all. */
    function reached(key) {
      if (key in ARROWS) return L.inDirection(on(map.clientWidth), state.chosen, ARROWS[key]);
      const step = { PageDown: 1, PageUp: -1 }[key];
      return step ? (state.chosen + step + words.length) % words.length : null;
    }

    /** The word that the pointer means: the nearest one, if it is near. */
    function under(event) {
      const frame = drawing.getBoundingClientRect();
      const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
      let best = null, least = 24;
      on(map.clientWidth).forEach(([px, py], id) => {
        if (Math.hypot(px - x, py - y) < least) [best, least] = [id, Math.hypot(px - x, py - y)];
      });
      return best;
    }

    function choose(id) {
      state.chosen = id;
      state.hovered = null;
      draw();
    }

    function hover(id) {
      if (id === state.hovered) return;
      state.hovered = id;
      draw();
    }

    function draw() {
      const shown = state.hovered ?? state.chosen;
      const found = L.nearest(vectors[state.objective], shown, data.neighbours);
      const places = on(map.clientWidth);
      drawing.setAttribute("width", map.clientWidth);
      drawing.setAttribute("height", map.clientWidth);
      marks.forEach((mark, id) => {
        mark.style.transform = `translate(${places[id][0]}px, ${places[id][1]}px)`;
        mark.setAttribute("aria-selected", String(id === state.chosen));
        mark.classList.toggle("is-shown", id === shown);
        mark.classList.toggle("is-near", found.some((one) => one.id === id));
        mark.classList.toggle("is-found", state.found.includes(id));
      });
      map.setAttribute("aria-activedescendant", `live-map-${state.chosen}`);
      const [x, y] = places[shown];
      lines.replaceChildren(
        ...found.map(({ id }) => L.svg("line", { class: "thread", x1: x, y1: y, x2: places[id][0], y2: places[id][1] })),
        L.svg("circle", { class: "here", cx: x, cy: y, r: 9 }),
      );
      const named = [shown, ...found.map((one) => one.id), ...state.found];
      labels.replaceChildren(...name([...new Set(named)], words, places, shown, map.clientWidth));
      const focused = [...near.querySelectorAll("button")].indexOf(document.activeElement);
      near.replaceChildren(list(shown, found));
      near.querySelectorAll("button")[focused]?.focus();
      if (state.hovered === null) {
        said.textContent = L.say("Nearest to “{word}”, trained for {objective}: {near}.", {
          word: words[shown], objective: L.say(state.objective), near: found.map(({ id }) => words[id]).join(", "),
        });
      }
      result.textContent = tellSearch();
    }

    function tellSearch() {
      const wanted = search.value.trim();
      if (!wanted || words[state.chosen] === wanted.toLowerCase()) return "";
      if (!state.found.length) return L.say("None of these words begins with “{wanted}”.", { wanted });
      return L.say("{words}: press Enter for the first.", { words: state.found.map((id) => words[id]).join(", ") });
    }

    function list(shown, found) {
      const go = ({ id, cosine }) =>
        L.html(
          "li",
          {},
          L.html("button", { type: "button", onclick: () => choose(id) }, words[id]),
          L.html("span", { class: "live-cosine" }, L.fixed(cosine, 2)),
        );
      return L.html(
        "div",
        {},
        L.html("p", { class: "live-title" }, L.say("Nearest to"), " ", L.html("strong", { class: "live-word" }, words[shown])),
        L.html("ol", {}, ...found.map(go)),
        L.html("p", { class: "live-small" }, L.say("The number is the cosine of the angle.")),
      );
    }

    L.whenSized(map, draw);
  };

  /** Write names beside their points where there is room: the first ones first. */
  function name(ids, words, places, shown, width) {
    const taken = [];
    return ids.flatMap((id) => {
      const [x, y] = places[id];
      const wide = words[id].length * 7.6 + 4, tall = 16;
      const spots = [[x + 9, y - 8], [x - 9 - wide, y - 8], [x - wide / 2, y - 26], [x - wide / 2, y + 10]];
      const free = spots.find(([left, top]) =>
        left >= 0 && left + wide <= width && top >= 0 && top + tall <= width &&
        !taken.some((box) => left < box[0] + box[2] && box[0] < left + wide && top < box[1] + tall && box[1] < top + tall));
      if (!free) return [];
      taken.push([...free, wide]);
      return [
        L.svg("text", { x: free[0] + wide / 2, y: free[1] + tall / 2, "text-anchor": "middle", "dominant-baseline": "central", class: id === shown ? "halo here" : "halo" }, words[id]),
      ];
    });
  }

  /* A shape and a colour for each group; a small dot for the words that are in none. */
  const SHAPES = ["M0 -5.5A5.5 5.5 0 1 0 .01 -5.5Z", "M-5 -5L5 5M5 -5L-5 5", "M0 -6L5.5 4.5H-5.5Z", "M-4.5 -4.5H4.5V4.5H-4.5Z", "M0 -6.5L6.5 0L0 6.5L-6.5 0Z", "M0 -6V6M-6 0H6"];

  const shape = (kind) =>
    kind < 0 ? L.svg("circle", { r: 2.5, class: "other" }) : L.svg("path", { d: SHAPES[kind], class: `group-${kind}` });

  const legend = (groups) =>
    L.html(
      "p",
      { class: "live-legend" },
      ...[...groups.map((group) => L.say(group)), L.say("other words")].map((group, kind) =>
        L.html(
          "span",
          {},
          L.svg("svg", { width: 16, height: 16, viewBox: "-8 -8 16 16", "aria-hidden": "true" }, shape(kind < groups.length ? kind : -1)),
          group,
        ),
      ),
    );
})();
