// @ts-check
// Every [data-copy] gets a button that copies its command. Without it, one click selects the command.

for (const box of document.querySelectorAll("[data-copy]")) {
  const code = box.querySelector("code");
  if (!(box instanceof HTMLElement) || !code || !navigator.clipboard) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--quiet code__copy";
  button.textContent = box.dataset.copyLabel ?? "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code.textContent ?? "");
    button.textContent = box.dataset.copiedLabel ?? "Copied";
  });
  box.append(button);
}
