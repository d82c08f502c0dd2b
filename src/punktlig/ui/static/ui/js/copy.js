// <button data-copy="123" data-copied="Kopierat">: puts the text on the clipboard, and says so for two seconds.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const says = button.querySelector("[data-copy-says]") ?? button;
  says.dataset.before ??= says.textContent;
  says.textContent = button.dataset.copied;
  setTimeout(() => { says.textContent = says.dataset.before; }, 2000);
});
