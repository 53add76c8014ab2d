// @ts-check
// The article follows its claims: the sentence of the claim that is read, pointed at or focused is shown in the text.
for (const article of document.querySelectorAll(".article")) {
  const text = article.querySelector(".article__text");
  if (!(text instanceof HTMLElement)) continue;

  /** @param {Element | null | undefined} saying @param {boolean} moves */
  const show = (saying, moves) => {
    const said = document.getElementById(saying?.getAttribute("data-said") ?? "");
    if (!said) return;
    for (const one of text.querySelectorAll(".is-beside")) one.classList.remove("is-beside");
    said.classList.add("is-beside");
    if (moves && text.scrollHeight > text.clientHeight) text.scrollTop = said.offsetTop - text.clientHeight / 3;
  };
  const read = new IntersectionObserver(
    (seen) => show(seen.find((one) => one.isIntersecting)?.target, true),
    { rootMargin: "-25% 0px -65% 0px" },
  );
  for (const saying of article.querySelectorAll(".saying")) {
    read.observe(saying);
    saying.addEventListener("pointerenter", () => show(saying, false));
    saying.addEventListener("focusin", () => show(saying, true));
  }
}
