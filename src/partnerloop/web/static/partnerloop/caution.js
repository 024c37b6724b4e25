// Warns a writer while typing, when their words hold what would point at them. Nothing is sent.
(() => {
  "use strict";
  const patterns = [
    /[\w.+-]+@[\w-]+\.[\w.-]+/,
    /(?:^|\W)\+?\d[\d\s()/.-]{6,}\d(?!\w)/,
    /\b[A-Z]{1,5}[-_/]?\d{3,}|\b\d{5,}\b/,
  ];
  for (const note of document.querySelectorAll("[data-caution-for]")) {
    const words = document.getElementById(note.dataset.cautionFor);
    const names = note.dataset.watched.toLowerCase().split("|").filter((name) => name.length > 2);
    const named = () => document.querySelector('input[name="mode"]:checked')?.value === "named";
    const look = () => {
      const text = words.value;
      const tokens = ` ${text.toLowerCase().replace(/[^\p{L}\p{N}&]+/gu, " ")} `;
      const points =
        patterns.some((one) => one.test(text)) ||
        names.some((name) => tokens.includes(` ${name.replace(/[^\p{L}\p{N}&]+/gu, " ")} `));
      note.hidden = named() || !points;
    };
    words?.addEventListener("input", look);
    words?.form?.addEventListener("change", look);
  }
})();
