// Which elements show no mark of the focus that stands out 3 : 1; of those that look alike, on this
// page or on those before with the same style sheets, one at each width of the window takes it. And
// how those look that did.
(before) => {
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
  const behind = (element) => {
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
  const { place } = looks();
  const sheets = [...document.styleSheets].map(({ href, ownerNode }) => href ?? ownerNode.textContent);
  const names = sheets.map((sheet) => sheet.replace(/^.*(?=\/_static\/)/, "")).sort();
  const seen = new Set(before);
  const unmarked = [];
  for (const element of document.querySelectorAll(all)) {
    const attributes = [...element.attributes].map(({ name }) => name);
    const icon = element.querySelector(":scope > .toctree-toggle");
    const own = place(element, innerWidth, names, attributes, element.type, Boolean(icon));
    if (seen.has(own) || !element.checkVisibility({ visibilityProperty: true })) continue;
    element.focus({ preventScroll: true });
    if (document.activeElement !== element) continue;
    seen.add(own);
    const ground = behind(element);
    if (!marks(element).some((color) => contrast(parse(color), ground) >= 3))
      unmarked.push(element.outerHTML.slice(0, 200));
  }
  document.activeElement.blur();
  return [[...seen].slice(before.length), unmarked];
}
