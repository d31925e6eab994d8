// Of the pieces of a text that look alike, leave one: of the same class, in boxes of the same classes.
// What is so coloured has the same contrast wherever it stands, and such a span means nothing else
// (but in a formula, whose spans are its layout).
// A page with code has thousands of them, for which axe takes most of its time.
() => {
  const seen = new Set();
  const looks = (box) =>
    box.localName === "article" ? "" : `${box.localName}.${box.className}.${box.style?.cssText} ${looks(box.parentElement)}`;
  for (const span of document.querySelectorAll("article span:not(.math, .math *)")) {
    if (span.getAttributeNames().some((name) => name !== "class")) continue;
    const look = looks(span);
    if (seen.has(look)) span.replaceWith(...span.childNodes);
    else seen.add(look);
  }
}
