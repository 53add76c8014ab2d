// @ts-check
// Lets a large picture be made larger and smaller, and dragged. Without this script it is scrolled as it is.

for (const view of document.querySelectorAll("[data-zoom]")) {
  const picture = view.querySelector("svg");
  const bar = view instanceof HTMLElement && document.getElementById(view.dataset.zoom ?? "");
  if (!(view instanceof HTMLElement) || !picture || !bar) continue;
  const width = picture.viewBox.baseVal.width;
  const height = picture.viewBox.baseVal.height;
  let scale = 1;

  const show = (/** @type {number} */ wanted) => {
    const before = scale;
    scale = Math.min(3, Math.max(0.25, wanted));
    const x = (view.scrollLeft + view.clientWidth / 2) / before;
    const y = (view.scrollTop + view.clientHeight / 2) / before;
    picture.setAttribute("width", width * scale);
    picture.setAttribute("height", height * scale);
    view.scrollLeft = x * scale - view.clientWidth / 2;
    view.scrollTop = y * scale - view.clientHeight / 2;
  };

  bar.hidden = false;
  bar.addEventListener("click", (event) => {
    const step = event.target instanceof Element && event.target.closest("button")?.value;
    if (step === "fit") show(Math.min(view.clientWidth / width, 1));
    else if (step) show(scale * Number(step));
  });

  /** @type {{ x: number, y: number } | null} */
  let from = null;
  view.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.target instanceof Element && !event.target.closest("a")) {
      from = { x: event.clientX + view.scrollLeft, y: event.clientY + view.scrollTop };
      view.setPointerCapture(event.pointerId);
    }
  });
  view.addEventListener("pointermove", (event) => {
    if (!from) return;
    view.scrollLeft = from.x - event.clientX;
    view.scrollTop = from.y - event.clientY;
  });
  view.addEventListener("pointerup", () => { from = null; });
  const current = view.querySelector(".d-box-current");
  if (current instanceof SVGRectElement) {
    view.scrollLeft = current.x.baseVal.value - view.clientWidth / 3;
    view.scrollTop = current.y.baseVal.value - view.clientHeight / 2;
  }
}
