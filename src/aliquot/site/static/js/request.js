// @ts-check
// A form[data-saves] is sent while it is typed: to be saved, or only to be looked at. What stands beside it is put anew, and so is
// what somebody else wrote meanwhile. Without it the form has a button that saves.

for (const form of document.querySelectorAll("form[data-saves]")) {
  const side = document.getElementById("checks");
  const line = document.getElementById("saving");
  if (!(form instanceof HTMLFormElement) || !side || !line) continue;
  const words = form.dataset;
  let timer = 0;
  let isChanged = false;
  /** @type {Promise<void> | null} */
  let sending = null;

  const tell = (/** @type {string} */ text, isWrong = false) => {
    line.textContent = text;
    line.classList.toggle("is-wrong", isWrong);
  };
  const wait = (/** @type {number} */ ms) => { clearTimeout(timer); timer = window.setTimeout(send, ms); };

  const take = (/** @type {any} */ told) => {
    const base = form.elements.namedItem("base");
    if (told.version && base instanceof HTMLInputElement) base.value = told.version;
    for (const [id, html] of Object.entries(told.sections ?? {})) {
      const old = document.getElementById(id);
      if (old) old.outerHTML = html;
    }
    const open = [...side.querySelectorAll("details[open]")].map((each) => each.id);
    side.innerHTML = told.checks;
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  };

  const once = async () => {
    isChanged = false;
    const body = new FormData(form);
    body.set("act", words.saves ?? "save");
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (told.clash && !isChanged) location.assign(told.clash);
      else if (answer.ok && told.checks) { take(told); tell(words.kept ?? ""); }
      else { isChanged = true; tell(told.said ?? words.broken ?? "", true); }
    } catch {
      isChanged = true;
      tell(words.broken ?? "", true);
      wait(15000);
    }
  };
  const send = () => { sending ??= once().finally(() => { sending = null; if (isChanged && !line.classList.contains("is-wrong")) wait(2000); }); };

  form.addEventListener("input", () => { isChanged = true; wait(2000); });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    isChanged = false;
    if (!sending) return;
    event.preventDefault();
    sending.then(() => form.requestSubmit(event.submitter));
  });
  addEventListener("beforeunload", (event) => { if (isChanged && words.saves === "save") event.preventDefault(); });
}
