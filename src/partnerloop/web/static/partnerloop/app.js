// Progressive touches only; every page works without this file.
document.addEventListener("click", (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy && navigator.clipboard) {
    navigator.clipboard.writeText(copy.dataset.copy).then(() => {
      copy.textContent = copy.dataset.copied || "✓";
    });
  }
  if (event.target.closest("[data-dismiss]")) event.target.closest(".toast")?.remove();
});

// What needs this file stays out of sight until the file is there.
for (const hidden of document.querySelectorAll("[data-needs-script]")) hidden.hidden = false;
