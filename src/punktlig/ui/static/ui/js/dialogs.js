// <button command="show-modal" commandfor="id"> where the browser does not know it yet, and <dialog data-modal> that htmx
// has fetched: it opens at once, gives the focus back when it closes, and is then taken away.
const knowsCommands = "commandForElement" in HTMLButtonElement.prototype;
let opener = null;

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[commandfor]");
  if (button && !knowsCommands) {
    const dialog = document.getElementById(button.getAttribute("commandfor"));
    if (button.getAttribute("command") === "show-modal") dialog?.showModal();
    if (button.getAttribute("command") === "close") dialog?.close(button.value);
  }
  const closer = event.target.closest("dialog [data-close]");
  if (closer) {
    event.preventDefault();
    closer.closest("dialog").close();
  }
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt instanceof HTMLElement) opener = event.detail.elt;
});

document.addEventListener("htmx:afterSettle", () => {
  for (const dialog of document.querySelectorAll("dialog[data-modal]:not([open])")) {
    const back = opener;
    dialog.removeAttribute("open");
    dialog.showModal();
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (back?.isConnected) back.focus();
    }, { once: true });
  }
});
