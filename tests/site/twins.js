// Leave axe's rule of contrast one of the texts that look alike: in boxes of the same classes and
// colours, in letters of the same kind. Their contrast is the same wherever they stand, and to
// measure it takes axe most of its time. It passes over what is marked here: these twins, and what
// it says nothing of, a text that is hidden or has one letter.
// Of the boxes in a line, thousands on a page, axe has nothing else to say: those of coloured code
// and of signatures, names in a text, what is emphasised. A twin among them is taken out of its
// text, and so are one of a single letter, one that is folded away at every width, and one that
// held nothing but such.
// (But not in a formula, whose boxes are its layout, nor in a table but for spans: it may scroll.)
() => {
  const inline = "article :is(span[class], :is(code, em, strong):not(table *)):not(.math *)";
  const folded = "details:not([open]) > :not(summary), .toggle-hidden > :not(.admonition-title)";
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
  const boxes = []; // of a line, and whether they may be taken out of their text
  for (const box of document.body.querySelectorAll("*:not(input, select, textarea)")) {
    const text = [...box.childNodes].map((node) => (node.nodeType === 3 ? node.data : "")).join("");
    const visible = box.checkVisibility({ visibilityProperty: true });
    const shown = text.trim().length > 1 && visible;
    const { color, fontSize, fontWeight, textShadow } = getComputedStyle(box);
    const look = `${ground(box)} ${[color, fontSize, fontWeight, textShadow]}`;
    const twin = seen.has(look);
    if (shown) seen.add(look);
    box.toggleAttribute("data-twin", twin || !shown);
    const plain = [...box.attributes].every(({ name }) => name === "class" || name === "data-twin");
    if (plain && (twin || !shown) && box.matches(inline) && (visible || box.closest(folded)))
      boxes.push([box, twin || text || !visible]);
  }
  // At the end, and the inner ones first: whoever asks for a style after each would have all of the
  // page worked out anew.
  const taken = new Set();
  for (const [box, said] of boxes.reverse())
    if ((said || box.children.length) && [...box.children].every((part) => taken.has(part))) taken.add(box);
  for (const box of taken) box.replaceWith(...box.childNodes);
}
