// A menu folds away when something in it has been chosen; the arrow keys go from choice to choice.
document.addEventListener("click", (event) => {
  const menu = event.target.closest(".menu[popover]");
  if (menu && event.target.closest("a, button")) menu.hidePopover();
});

document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const button = event.target.closest("[popovertarget]");
  const menu = event.target.closest(".menu[popover]") ?? (button && document.getElementById(button.getAttribute("popovertarget")));
  if (!menu?.matches(".menu:popover-open")) return;
  event.preventDefault();
  const choices = [...menu.querySelectorAll("a, button")];
  const at = choices.indexOf(document.activeElement);
  choices.at(at < 0 && step < 0 ? -1 : (at + step) % choices.length)?.focus();
});
