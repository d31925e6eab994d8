/* What the live figures share. A cell of a notebook writes a figure's data and its text
   (embedding_core/lessons/figures/live); on the page, each figure's own file draws it and answers.

   window.LookupTable holds what the figures compute, as functions without side effects:
   tests/site/test_live_figures.py compares them with embedding_core. */
"use strict";

window.LookupTable = { figures: {} };

(() => {
  const L = window.LookupTable;
  const SVG = "http://www.w3.org/2000/svg";

  function filled(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== null && value !== false) element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }

  /** Make an HTML element; an attribute "onclick" is a listener, one that is null is left out. */
  L.html = (name, attributes = {}, ...children) =>
    filled(document.createElement(name), attributes, children);

  /** Make an SVG element. */
  L.svg = (name, attributes = {}, ...children) =>
    filled(document.createElementNS(SVG, name), attributes, children);

  /** Say a sentence in the language of the page; `values` stand where it has their {names}. The
      words of another language come from locale/, by book/_ext/live_words.py. */
  L.say = (english, values = {}) =>
    (window.LookupTableWords?.[english] ?? english).replace(/\{(\w+)\}/g, (_, name) => values[name]);

  /** Write a count with its thousands apart: 2,621,440. */
  L.count = (number) => number.toLocaleString("en-US");

  /** Write a number with that many digits behind the point, and a minus that looks like one. */
  L.fixed = (number, digits) => number.toFixed(digits).replace(/^-(0(\.0*)?)$/, "$1").replace("-", "−");

  /** Write bytes in the unit that fits: 0.66 GB. */
  L.bytes = (number) => {
    const units = [L.say("bytes"), "kB", "MB", "GB", "TB"];
    const step = Math.min(4, Math.max(0, Math.floor(Math.log10(Math.max(1, number)) / 3)));
    return step === 0 ? `${number} ${units[0]}` : `${Number((number / 1000 ** step).toPrecision(3))} ${units[step]}`;
  };

  /** Make a set of radio buttons; `onchange` gets the value that is chosen. */
  L.choice = (legend, name, options, chosen, onchange) =>
    L.html(
      "fieldset",
      { class: "live-choice" },
      L.html("legend", {}, legend),
      ...options.map(([value, text]) =>
        L.html(
          "label",
          {},
          L.html("input", {
            type: "radio", name, value, checked: value === chosen ? "" : null,
            onchange: () => onchange(value),
          }),
          L.html("span", {}, text),
        ),
      ),
    );

  /** Make a table from rows of cells; the first cell of a row is its header. */
  L.table = (caption, head, rows) =>
    L.html(
      "table",
      { class: "live-table" },
      L.html("caption", {}, caption),
      L.html("thead", {}, L.html("tr", {}, L.html("td"), ...head.slice(1).map((text) => L.html("th", { scope: "col" }, text)))),
      L.html(
        "tbody",
        {},
        ...rows.map(([first, ...others]) =>
          L.html("tr", {}, L.html("th", { scope: "row" }, first), ...others.map((cell) => L.html("td", {}, cell))),
        ),
      ),
    );

  /** Draw once there is a width to draw in, and again whenever it changes. */
  L.whenSized = (element, draw) => {
    let before = 0;
    new ResizeObserver(() => {
      const now = element.clientWidth;
      if (now !== before && now > 0) draw();
      before = now;
    }).observe(element);
  };

  function begin(place) {
    const data = JSON.parse(place.querySelector("script").textContent);
    const stage = L.html("div", { class: "live-stage", role: "group", "aria-label": L.say(data.label) });
    const words = place.querySelector("details");
    place.insertBefore(stage, words);
    L.figures[place.dataset.live](stage, data);
    words.open = false;
  }

  // A figure begins when its reader is a screen away. Until then its words stand there, and who
  // came for the first lines of the page does not wait for it.
  document.addEventListener("DOMContentLoaded", () => {
    const coming = new IntersectionObserver(
      (places) => {
        for (const { isIntersecting, target } of places) {
          if (!isIntersecting) continue;
          coming.unobserve(target);
          begin(target);
        }
      },
      { rootMargin: "100% 0px" },
    );
    document.querySelectorAll(".live[data-live]").forEach((place) => coming.observe(place));
  });
})();
