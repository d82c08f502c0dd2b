// <select data-autosubmit>: choosing is enough. The button that says so for those without script lies in <noscript>.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
});
