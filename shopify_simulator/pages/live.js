// Renews the parts of the page that only show the store. A part in which a person works is left alone.
"use strict";
const typed = (box) => box.value !== box.defaultValue;
const busy = (part) =>
  part.contains(document.activeElement) || part.querySelector("details[open]") || [...part.querySelectorAll("input")].some(typed);
async function renew() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-live]")) {
      const other = fresh.querySelector(`[data-live="${CSS.escape(part.dataset.live)}"]`);
      if (other && !busy(part) && other.innerHTML !== part.innerHTML) part.innerHTML = other.innerHTML;
    }
  } catch {
    // The store is stopped or restarting: what is shown stays, and the next turn tries again.
  }
}
if (!document.querySelector(".notice.bad")) setInterval(renew, 4000);
