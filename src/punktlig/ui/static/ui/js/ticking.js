// <form data-ticking> with <input data-tick data-ore="3466500" data-can> in its rows: one box ticks them all, shift ticks a
// range, and the bar at the foot says how many, for how much, and how many of them can go.
let last = null;

const boxes = (form) => [...form.querySelectorAll("[data-tick]")];

function kronor(ore, language) {
  const [group, point] = language === "en" ? [",", "."] : ["\u00a0", ","];
  const whole = String(Math.trunc(ore / 100)).replace(/\B(?=(\d{3})+$)/g, group);
  const amount = `${whole}${point}${String(ore % 100).padStart(2, "0")}`;
  return language === "en" ? `SEK\u00a0${amount}` : `${amount}\u00a0kr`;
}

// data-none, data-one and data-many carry the words, data-one-rest and data-many-rest those for when some are left; {n} and
// {rest} are filled in.
function say(element, count, rest) {
  const { none, oneRest, manyRest } = element.dataset;
  const one = (rest > 0 && oneRest) || element.dataset.one;
  const many = (rest > 0 && manyRest) || element.dataset.many;
  const words = count === 0 ? none ?? many : count === 1 ? one ?? many : many;
  if (words !== undefined) element.textContent = words.replaceAll("{n}", count).replaceAll("{rest}", rest);
}

function count(form) {
  const all = boxes(form);
  const ticked = all.filter((box) => box.checked);
  const able = ticked.filter((box) => "can" in box.dataset);
  for (const box of form.querySelectorAll("[data-tick-all]")) {
    box.checked = all.length > 0 && ticked.length === all.length;
    box.indeterminate = ticked.length > 0 && ticked.length < all.length;
  }
  for (const element of form.querySelectorAll("[data-tick-sum]")) {
    element.textContent = kronor(ticked.reduce((sum, box) => sum + Number(box.dataset.ore ?? 0), 0), document.documentElement.lang);
  }
  for (const element of form.querySelectorAll("[data-tick-count]")) say(element, ticked.length, all.length - ticked.length);
  for (const element of form.querySelectorAll("[data-tick-can]")) say(element, able.length, ticked.length - able.length);
  for (const button of form.querySelectorAll("[data-tick-act]")) {
    say(button, able.length, ticked.length - able.length);
    // With words of its own for none, the button leads to what is missing.
    button.disabled = able.length === 0 && !("none" in button.dataset);
  }
  for (const element of form.querySelectorAll("[data-tick-rest]")) element.hidden = ticked.length < all.length || all.length === 0;
}

document.addEventListener("click", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || !box.matches("[data-tick]")) return;
  const all = boxes(box.form);
  if (event.shiftKey && last && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    for (const other of all.slice(from, to + 1)) other.checked = box.checked;
  }
  last = box;
});

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form?.matches("[data-ticking]")) return;
  if (event.target.matches("[data-tick-all]")) for (const box of boxes(form)) box.checked = event.target.checked;
  count(form);
});

document.addEventListener("reset", (event) => {
  if (!event.target.matches("[data-ticking]")) return;
  // A reset would bring back the ticks that the page came with; the button says that none stay.
  setTimeout(() => {
    for (const box of boxes(event.target)) box.checked = false;
    count(event.target);
  });
});

const countAll = () => document.querySelectorAll("form[data-ticking]").forEach(count);
countAll();
addEventListener("pageshow", countAll);
document.addEventListener("htmx:afterSettle", countAll);
