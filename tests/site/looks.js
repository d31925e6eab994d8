// How boxes look, written down: their own colours, and what lies behind them. Of two boxes, of one
// page or of two, that are written down the same, one stands out as the other does. As a function
// that makes functions: what they have worked out holds until the colours or the width change.
window.looks = () => {
  // Short enough to be handed from page to page.
  const short = new Map();
  const shorten = (text) => {
    if (!short.has(text)) {
      let number = 7;
      for (let i = 0; i < text.length; i++) number = (number * 131 + text.charCodeAt(i)) % (2 ** 45 - 55);
      short.set(text, number.toString(36));
    }
    return short.get(text);
  };
  const styles = new Map();
  const style = (box) => {
    if (!styles.has(box)) {
      const { backgroundColor, backgroundImage, opacity, position } = getComputedStyle(box);
      const own = [box.localName, box.getAttribute("class"), backgroundColor, backgroundImage, opacity, position];
      const plain = backgroundColor === "rgba(0, 0, 0, 0)" && backgroundImage === "none" && opacity === "1";
      styles.set(box, { own: own.join(), plain: plain && /static|relative/.test(position) });
    }
    return styles.get(box);
  };
  // All that a box stands in, or of that only what is painted or placed.
  const walk = (grounds, skips) => {
    const ground = (box) => {
      if (!grounds.has(box)) {
        const { own, plain } = style(box);
        const below = ground(box.parentElement);
        grounds.set(box, skips && plain ? below : shorten(`${below} ${own}`));
      }
      return grounds.get(box);
    };
    return (box, ...more) => shorten(`${ground(box.parentElement)} ${style(box).own} ${more}`);
  };
  return { place: walk(new Map([[null, ""]]), false), look: walk(new Map([[null, ""]]), true) };
};
// What fades would be measured on its way.
document.head.appendChild(document.createElement("style")).textContent = "* { transition: none !important; }";
