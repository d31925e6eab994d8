// The link to the other edition leads to what is being read there: both have the same anchors.
{
  const link = document.querySelector(".edition-switch");
  const top = (part) => part.getBoundingClientRect().top;
  // What begins above here is being read: a page that is opened at a place begins a little higher.
  const line = () => (parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0) + 60;
  const place = () => {
    const asked = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (asked && top(asked) > -1 && top(asked) < innerHeight) return asked.id;
    const begun = [...document.querySelectorAll(".bd-article :is(section, dt)[id]")].filter(
      (part) => part.checkVisibility() && top(part) < line(),
    );
    return scrollY > 0 && begun.length ? begun.at(-1).id : "";
  };
  let reading = "", pause;
  const note = () => {
    // Whoever comes by keyboard has had the page scrolled by the browser: it is not what they read.
    if (document.activeElement !== link) reading = place();
  };
  const lead = () => { link.hash = reading; };
  addEventListener("scroll", () => { clearTimeout(pause); pause = setTimeout(note, 100); }, { passive: true });
  link?.addEventListener("pointerdown", () => { note(); lead(); });
  for (const event of ["focus", "click"]) link?.addEventListener(event, lead);
}
