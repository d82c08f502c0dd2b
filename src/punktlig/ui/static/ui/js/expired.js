// The session has ended and htmx has followed the way to the log-in: it is no part of this page. The page is loaded anew,
// and leads to the log-in and back.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { responseURL } = event.detail.xhr;
  if (!responseURL || !new URL(responseURL).pathname.startsWith("/accounts/")) return;
  event.detail.shouldSwap = false;
  location.reload();
});
