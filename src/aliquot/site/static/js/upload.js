// @ts-check
// Every form[data-upload] takes files that are dropped on it, and sends each by itself with a bar of its progress.
// Without it, the form sends all that were chosen at once.

for (const form of document.querySelectorAll("form[data-upload]")) {
  const input = form.querySelector("input[type=file]");
  const list = form.querySelector("ul");
  if (!(form instanceof HTMLFormElement) || !(input instanceof HTMLInputElement) || !list) continue;
  const words = form.dataset;

  const row = (/** @type {File} */ file) => {
    const item = list.appendChild(document.createElement("li"));
    item.appendChild(document.createElement("span")).textContent = file.name;
    const bar = item.appendChild(document.createElement("progress"));
    const said = item.appendChild(document.createElement("span"));
    bar.value = 0;
    bar.ariaLabel = file.name;
    said.className = "upload__said";
    said.textContent = words.waits ?? "";
    said.setAttribute("role", "status");
    return { file, item, bar, said };
  };

  const send = (/** @type {ReturnType<typeof row>} */ { file, item, bar, said }) => new Promise((done) => {
    const asked = new XMLHttpRequest();
    const end = (/** @type {boolean} */ kept, /** @type {string} */ text) => {
      bar.value = kept ? 1 : 0;
      item.classList.toggle("is-wrong", !kept);
      said.textContent = text;
      done(kept);
    };
    asked.upload.addEventListener("progress", (event) => { bar.value = event.loaded / event.total; });
    asked.upload.addEventListener("load", () => { said.textContent = words.checked ?? ""; });
    asked.addEventListener("load", () => end(asked.status === 201, asked.response?.said ?? words.broken ?? ""));
    asked.addEventListener("error", () => end(false, words.broken ?? ""));
    const body = new FormData(form);
    body.set("files", file);
    asked.open("POST", form.action);
    asked.responseType = "json";
    asked.setRequestHeader("Accept", "application/json");
    asked.send(body);
  });

  const sendAll = async (/** @type {FileList | null} */ files) => {
    list.replaceChildren();
    form.querySelector("a")?.remove();
    let all = true;
    for (const one of [...(files ?? [])].map(row)) all = (await send(one)) && all;
    if (all) location.reload();
    else list.insertAdjacentElement("afterend", Object.assign(document.createElement("a"), { href: location.href, textContent: words.done }));
  };

  form.addEventListener("submit", (event) => { event.preventDefault(); sendAll(input.files); });
  for (const kind of ["dragover", "dragleave", "drop"]) {
    form.addEventListener(kind, (event) => { event.preventDefault(); form.classList.toggle("is-over", kind === "dragover"); });
  }
  form.addEventListener("drop", (event) => sendAll(/** @type {DragEvent} */ (event).dataTransfer?.files ?? null));
}
