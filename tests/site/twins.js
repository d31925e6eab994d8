// Leave axe's rules of colours one of the texts that look alike: in boxes of the same classes and
// colours, in letters of the same kind. Their contrast is the same wherever they stand, on this
// page or on one of those before, and to measure it takes axe most of its time. It passes over what
// is marked here: these twins, and what it says nothing of, a text that is hidden or has one letter.
// Of the boxes in a line, thousands on a page, axe has nothing else to say: those of coloured code
// and of signatures, names in a text, what is emphasised. A twin among them is taken out of its
// text, and so are one of a single letter, one that is folded away at every width, and one that
// held nothing but such.
// (But not in a formula, whose boxes are its layout, nor in a table but for spans: it may scroll.)
([within, before]) => {
  const inline = "article :is(span[class], :is(code, em, strong):not(table *)):not(.math *)";
  const folded = "details:not([open]) > :not(summary), .toggle-hidden > :not(.admonition-title)";
  const { place, look } = looks();
  const own = (box) => [...box.childNodes].map((node) => (node.nodeType === 3 ? node.data : "")).join("");
  const judged = new Set(before);
  const seen = new Set(); // on this page
  // A link must differ from the text around it: from that of its block, if that has any.
  const around = (link) => {
    let [block, said] = [link, ""];
    do {
      block = block.parentElement;
      said += own(block);
    } while (getComputedStyle(block).display === "inline");
    const { color, fontSize, fontWeight } = getComputedStyle(block);
    const { textDecorationLine, fontStyle } = getComputedStyle(link);
    const inner = link.firstElementChild?.className; // axe may not know the colour of what is in it
    const text = [color, fontSize, fontWeight, said.trim() !== ""];
    return look(block, text, textDecorationLine, fontStyle, inner);
  };
  const boxes = []; // of a line, and whether they may be taken out of their text
  for (const box of document.querySelectorAll(`${within} *:not(head *, input, select, textarea)`)) {
    const text = own(box);
    const visible = box.checkVisibility({ visibilityProperty: true });
    const shown = text.trim().length > 1 && visible;
    const { color, fontSize, fontWeight, textShadow } = getComputedStyle(box);
    const letters = [color, fontSize, fontWeight, textShadow];
    const here = place(box, letters);
    const twin = seen.has(here);
    if (shown) seen.add(here);
    const link = box.matches("a[href]") && visible;
    const kind = look(box, letters, link && around(box));
    box.look = kind;
    box.toggleAttribute("data-twin", judged.has(kind) || !(shown || link));
    if (shown || link) judged.add(kind);
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
  // Axe cannot tell how what is scrolled out of the contents stands out.
  const menu = document.querySelectorAll("#pst-primary-sidebar :not([data-twin]):not(input)");
  [...menu].at(-1)?.scrollIntoView({ block: "center" });
  return [...judged].slice(before.length);
}
