// The link to the other edition leads to what is being read there: both have the same anchors.
{
  const BELOW_THE_BAR = 120; // pixels: what begins above is being read
  const link = document.querySelector(".edition-switch");
  const top = (place) => place.getBoundingClientRect().top;
  const place = () => {
    const asked = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (asked && top(asked) > -1 && top(asked) < innerHeight) return asked.id;
    const begun = [...document.querySelectorAll(".bd-article :is(section, dt)[id]")].filter(
      (part) => part.checkVisibility() && top(part) < BELOW_THE_BAR,
    );
    return scrollY > 0 && begun.length ? begun.at(-1).id : "";
  };
  for (const event of ["focus", "pointerdown", "click"])
    link?.addEventListener(event, () => { link.hash = place(); });
}
