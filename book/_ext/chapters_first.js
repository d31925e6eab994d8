// Ranks what a search found: the pages to be read, best first, and then what Sphinx found besides.
// Sphinx puts this file at the head of its own script; the counts are those of chapters_first.py.
var Scorer = {
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};

// How well a page answers, by the usual measure (Okapi's BM25): a word says more where fewer pages
// have it, and the tenth time it says less than the first.
const worth = (page, words) => {
  const { pages, length, said } = SAID;
  const mean = length.reduce((a, b) => a + b) / length.length;
  return words.reduce((sum, word) => {
    const times = said[word]?.[page] ?? 0;
    const rare = Math.log(1 + pages.length / Object.keys(said[word] ?? [0]).length);
    const full = times + 1.2 * (0.5 + (0.5 * length[page]) / mean);
    return sum + (rare * times) / full;
  }, 0);
};

// A result is [page, title, anchor, description, score, file]; the last of them is shown first.
const chaptersFirst = (results, words) => {
  const answers = SAID.pages
    .map((page, number) => [page, SAID.titles[number], "", null, worth(number, words), `${page}.html`])
    .filter(answer => answer[4] > 0);
  answers.sort((one, other) => one[4] - other[4]);
  const best = answers.slice(-10);
  const shown = new Set(best.map(([page]) => page));
  return [...results.filter(([page, , anchor]) => anchor || !shown.has(page)), ...best];
};

// Before Sphinx's own listener, which starts the search.
document.addEventListener("DOMContentLoaded", () => {
  const search = Search._performSearch;
  Search._performSearch = (query, words, ...more) =>
    chaptersFirst(search(query, words, ...more), [...words]);
});
