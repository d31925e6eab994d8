// How many elements took the focus, and which of them show no mark of it that stands out 3 : 1.
() => {
  const channel = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  const parse = (color) => {
    // Chromium computes some colours as "color(srgb 0.1 0.2 0.3)", the others as "rgb(26, 51, 77)".
    const [r, g, b, alpha = 1] = color.match(/[\d.]+/g).map(Number);
    const scale = color.startsWith("color(") ? 1 : 255;
    return { light: [r, g, b].map((c) => channel(c / scale)), alpha };
  };
  const luminance = ({ light: [r, g, b] }) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const ground = (element) => {
    for (let box = element.parentElement; box; box = box.parentElement) {
      const color = parse(getComputedStyle(box).backgroundColor);
      if (color.alpha === 1) return color;
    }
    return parse("rgb(255, 255, 255)");
  };
  // An outline or a ring drawn as a shadow, "rgb(…) 0px 0px 0px 3px": of the element, of what it
  // spreads over its card, or of the icon that is all one sees of it.
  const marks = (element) => {
    const icon = element.querySelector(":scope > .toctree-toggle");
    const styles = [getComputedStyle(element), getComputedStyle(element, "::after")];
    if (icon) styles.push(getComputedStyle(icon));
    return styles.flatMap((style) => {
      const ring = style.boxShadow.match(/^(\S+?\(.*?\)) 0px 0px 0px ([1-9][\d.]*)px/);
      const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
      return [...(outline ? [style.outlineColor] : []), ...(ring ? [ring[1]] : [])];
    });
  };
  const all = "a[href], button, input, summary, select, textarea, [tabindex='0']";
  const still = document.head.appendChild(document.createElement("style"));
  still.textContent = "* { transition: none !important; }";
  const unmarked = [];
  let checked = 0;
  for (const element of document.querySelectorAll(all)) {
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    element.focus({ preventScroll: true });
    if (document.activeElement !== element) continue;
    checked += 1;
    const behind = ground(element);
    if (!marks(element).some((color) => contrast(parse(color), behind) >= 3))
      unmarked.push(element.outerHTML.slice(0, 200));
  }
  document.activeElement.blur();
  still.remove();
  return [checked, unmarked];
}
