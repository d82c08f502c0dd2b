// <a class="expand" role="button" data-expand aria-controls="row-1" aria-expanded="false" hx-get="…" href="?open=1">:
// htmx fetches the row under it the first time; a second press folds it away. Without script it is a link.
const rowOf = (button) => document.getElementById(button.getAttribute("aria-controls"));

function show(button, open) {
  button.setAttribute("aria-expanded", String(open));
  button.closest("tr")?.classList.toggle("is-open", open);
  const words = open ? button.dataset.fold : button.dataset.unfold;
  if (words) button.setAttribute("aria-label", words);
}

// Before htmx sees the click.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-expand]");
  const row = button && rowOf(button);
  if (!row) return;
  event.preventDefault();
  event.stopPropagation();
  row.hidden = !row.hidden;
  show(button, !row.hidden);
}, { capture: true });

document.addEventListener("keydown", (event) => {
  if (event.key !== " " || !event.target.matches("[data-expand]")) return;
  event.preventDefault();
  event.target.click();
});

document.addEventListener("htmx:afterSettle", (event) => {
  const button = event.detail.requestConfig?.elt;
  if (button?.matches?.("[data-expand]") && rowOf(button)) show(button, true);
});
