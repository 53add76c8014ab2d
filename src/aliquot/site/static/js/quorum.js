// @ts-check
/* Counts who may vote and is there while boxes are ticked, and says whether that is a quorum. The server counts again. */
for (const box of document.querySelectorAll("[data-quorum]")) {
  const needed = Number(box.getAttribute("data-needed"));
  const said = box.querySelector("[data-met]");
  const tell = () => {
    const there = box.querySelectorAll("input[data-votes]:checked").length;
    const met = there >= needed && there > 0;
    const show = (/** @type {string} */ name, /** @type {boolean} */ on) => said?.querySelector(name)?.toggleAttribute("hidden", !on);
    const count = said?.querySelector("[data-there]");
    if (count) count.textContent = String(there);
    said?.setAttribute("data-met", met ? "yes" : "no");
    show("[data-yes]", met);
    show("[data-no]", !met);
  };
  box.addEventListener("change", tell);
  tell();
}
