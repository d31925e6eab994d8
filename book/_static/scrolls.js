// What is wider than its place scrolls by itself. This lets the keyboard reach it, and says to
// custom.css on which side there is more to see.
{
  const WIDE = "pre, .pst-scrollable-table-container, .text_html, .wide, .katex-display";
  const look = (box) => {
    const more = box.scrollWidth - box.clientWidth;
    if (more > 0) box.tabIndex = 0;
    box.toggleAttribute("data-more-left", more > 1 && box.scrollLeft > 1);
    box.toggleAttribute("data-more-right", more > 1 && box.scrollLeft < more - 1);
  };
  const sizes = new ResizeObserver((changes) => changes.forEach((change) => look(change.target)));
  const boxes = document.querySelectorAll(`.bd-article :is(${WIDE})`);
  boxes.forEach((box) => {
    sizes.observe(box);
    box.addEventListener("scroll", () => look(box), { passive: true });
  });
  // A letter of another width changes what is in a box, and not the box.
  document.fonts.addEventListener("loadingdone", () => boxes.forEach(look));
  // What is far from the screen waits until now, and has no size before: see custom.css. Who comes
  // to a place further down, or back to one, is led there by sizes, and waits for all of them.
  const whole = () => document.documentElement.toggleAttribute("data-whole", true);
  const visit = performance.getEntriesByType("navigation")[0];
  if (location.hash || visit?.type !== "navigate") whole();
  else (window.requestIdleCallback ?? setTimeout)(whole);
}
