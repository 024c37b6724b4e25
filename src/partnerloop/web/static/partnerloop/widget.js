// In the frame: brings the portal's token in, and tells the listed portals how high the page is.
const opening = document.querySelector("form[data-opening]");
if (opening) {
  const token = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  opening.elements.token.value = token;
  opening.submit();
}

const portals = (document.body.dataset.portals || "").split(" ").filter(Boolean);
if (window.parent !== window) {
  const page = document.querySelector("main");
  const tell = () => {
    const height = Math.ceil(page.getBoundingClientRect().bottom + window.scrollY) + 16;
    // a browser hands it over to that origin only; any other parent hears nothing
    for (const portal of portals) window.parent.postMessage({ partnerloop: "resize", height }, portal);
  };
  new ResizeObserver(tell).observe(page);
  tell();
}
