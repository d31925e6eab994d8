// Ranks what a search found: first the pages to be read, best first, then what else Sphinx found.
// Sphinx puts this file where a page of the search reads it, after its own script and before it
// searches; the counts are those of chapters_first.py.
{
  const PAGES_SHOWN = 10;
  const isChapter = (page) => /^book\/\d/.test(page);

  // Korean words are looked for in pairs of syllables, as korean_search.py counts them.
  const pieces = (word) =>
    /^[가-힣]{3,}$/.test(word) ? [word, ...[...word].slice(1).map((one, n) => word[n] + one)] : [word];

  // How well a page answers, by the usual measure (Okapi's BM25): a word says more where fewer pages
  // have it, and the tenth time it says less than the first.
  const worth = (page, words) => {
    const { length, said } = SAID;
    const mean = length.reduce((sum, one) => sum + one) / length.length;
    const full = 1.2 * (0.25 + (0.75 * length[page]) / mean);
    const sum = words
      .filter((word) => said[word]?.[page])
      .map((word) => {
        const rare = Math.log(1 + length.length / Object.keys(said[word]).length);
        return (rare * said[word][page]) / (said[word][page] + full);
      })
      .reduce((all, one) => all + one, 0);
    return isChapter(SAID.pages[page]) ? sum : sum / 2;
  };

  // A result is [page, title, anchor, description, score, file]; the last of them is shown first.
  const chaptersFirst = (results, words) => {
    const answers = SAID.pages
      .map((page, n) => [page, SAID.titles[n], "", null, worth(n, words), `${page}.html`])
      .filter((answer) => answer[4] > 0)
      .sort((one, other) => one[4] - other[4])
      .slice(-PAGES_SHOWN);
    const shown = new Set(answers.map(([page]) => page));
    return [...results.filter(([page, , anchor]) => anchor || !shown.has(page)), ...answers];
  };

  const search = Search._performSearch;
  Search._performSearch = (query, words, ...more) =>
    chaptersFirst(search(query, words, ...more), [...words].flatMap(pieces));
}
