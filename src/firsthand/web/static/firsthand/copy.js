// A button beside each text that can be copied.
for (const text of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const words = document.documentElement.lang === "de" ? ["Kopieren", "Kopiert"] : ["Copy", "Copied"];
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = words[0];
  button.setAttribute("aria-label", `${words[0]}: ${text.textContent}`);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = words[1];
  });
  text.after(" ", button);
}
