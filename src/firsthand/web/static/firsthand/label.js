// Labelling from the keyboard. Without it the page is a plain form.
(() => {
  "use strict";
  const form = document.getElementById("labelling"), keys = document.getElementById("keys"), on = document.getElementById("keys-on");
  if (!form || !keys || !on) return;
  try { on.checked = localStorage.getItem("keys") !== "off"; } catch { /* not kept, then */ }
  on.addEventListener("change", () => { try { localStorage.setItem("keys", on.checked ? "on" : "off"); } catch { /* not kept, then */ } });
  const go = (rel) => { const link = form.querySelector(`a[rel="${rel}"]`); if (link) link.click(); };
  document.addEventListener("keydown", (event) => {
    if (!on.checked || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const at = event.target;
    if (at.matches("textarea, select, input:not([type=checkbox]):not([type=radio])")) return;
    const choice = form.querySelector(`[data-key="${CSS.escape(event.key === "−" ? "-" : event.key)}"]`);
    if (choice) { choice.click(); choice.focus(); }
    else if (event.key === "j") go("next");
    else if (event.key === "k") go("prev");
    else if (event.key === "?") keys.open = !keys.open;
    else if (event.key === "Enter" && !event.repeat && !at.closest("a, button, summary")) form.requestSubmit();
    else return;
    event.preventDefault();
  });
})();
