// @ts-check
// Beside a moment: what the reader's own clock shows then, and how long there is until then. The server's clock decides.
(() => {
  const language = document.documentElement.lang || "en";
  const now = document.querySelector("[data-now]")?.getAttribute("data-now");
  const ahead = now ? Date.parse(now) - Date.now() : 0;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

  for (const moment of document.querySelectorAll("time[data-moment]")) {
    const zone = moment.querySelector(".when__zone")?.textContent || "";
    if (zone.startsWith(`${here} `)) continue;
    const shown = document.createElement("span");
    shown.className = "when__here";
    const style = /** @type {Intl.DateTimeFormatOptions} */ ({ dateStyle: "medium", timeStyle: "short" });
    const at = new Date(moment.getAttribute("datetime") || "");
    shown.textContent = `${new Intl.DateTimeFormat(language, style).format(at)}, ${here}`;
    moment.append(" ", shown);
  }

  /** @param {number} count @param {string} unit */
  const counted = (count, unit) =>
    new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(count);

  /** @param {number} seconds */
  const said = (seconds) => {
    const parts = /** @type {[number, string][]} */ ([
      [Math.floor(seconds / 86400), "day"],
      [Math.floor(seconds / 3600) % 24, "hour"],
      [Math.floor(seconds / 60) % 60, "minute"],
      [Math.floor(seconds) % 60, "second"],
    ]);
    const first = Math.max(parts.findIndex(([count]) => count > 0), 0);
    return parts.slice(first, first + 2).map(([count, unit]) => counted(count, unit)).join(" ");
  };

  const counters = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-until]"));
  const tick = () => {
    for (const one of counters) {
      const left = (Date.parse(one.dataset.until || "") - Date.now() - ahead) / 1000;
      one.textContent = left > 0 ? (one.dataset.left || "").replace("{time}", said(left)) : one.dataset.over || "";
      one.hidden = false;
    }
  };
  if (counters.length) {
    tick();
    setInterval(tick, 1000);
  }
})();
