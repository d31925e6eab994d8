// Leave axe's rule of contrast one of the texts that look alike: in boxes of the same classes and
// colours, in letters of the same kind. Their contrast is the same wherever they stand, and to
// measure it takes axe most of its time. It passes over what is marked here: these twins, and what
// it says nothing of, a text that is hidden or has one letter.
// The spans of coloured code, thousands on a page, mean nothing else: a twin among them is taken
// out of its text. (But not in a formula, whose spans are its layout.)
() => {
  const grounds = new Map([[null, ""]]);
  const ground = (box) => {
    if (!grounds.has(box)) {
      const { backgroundColor, backgroundImage, opacity } = getComputedStyle(box);
      const own = [box.localName, box.getAttribute("class"), backgroundColor, backgroundImage, opacity];
      grounds.set(box, `${ground(box.parentElement)} ${own}`);
    }
    return grounds.get(box);
  };
  const seen = new Set();
  for (const box of document.body.querySelectorAll("*:not(input, select, textarea)")) {
    const text = [...box.childNodes].map((node) => (node.nodeType === 3 ? node.data : "")).join("");
    const shown = text.trim().length > 1 && box.checkVisibility({ visibilityProperty: true });
    const { color, fontSize, fontWeight, textShadow } = getComputedStyle(box);
    const look = `${ground(box)} ${[color, fontSize, fontWeight, textShadow]}`;
    const twin = seen.has(look);
    if (shown) seen.add(look);
    box.toggleAttribute("data-twin", twin || !shown);
    if (twin && box.matches("article span[class]:not(.math *)") && box.attributes.length === 2)
      box.replaceWith(...box.childNodes);
  }
}
