// [data-focus] takes the focus: the summary of errors when a page opens, and the heart of what htmx has just put in.
const take = (within) => within.querySelector("[data-focus]")?.focus();

take(document);
document.addEventListener("htmx:afterSettle", (event) => {
  const within = event.detail.elt ?? event.target;
  if (within.matches?.("[data-focus]")) within.focus();
  else take(within);
});
