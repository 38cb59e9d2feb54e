"use strict";
for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;

for (const button of document.querySelectorAll("button[data-copies]")) {
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copies).textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
}

const search = document.getElementById("search");
if (search) {
  const boxes = [...document.querySelectorAll("input[name=show]")];
  const cards = [...document.querySelectorAll("details.finding")];
  const count = document.getElementById("shown");
  const narrow = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let shown = 0;
    for (const card of cards) {
      const text = card.textContent.toLowerCase();
      const fits = wanted.has(card.dataset.shows) && words.every((word) => text.includes(word));
      card.hidden = !fits;
      shown += fits;
    }
    for (const group of document.querySelectorAll("section.group")) {
      group.hidden = !group.querySelector("details.finding:not([hidden])");
    }
    count.textContent = `${shown} of ${cards.length} shown`;
  };
  search.addEventListener("input", narrow);
  for (const box of boxes) box.addEventListener("change", narrow);
  narrow();
}

const reveal = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.tagName === "DETAILS") {
    target.open = true;
    target.querySelector("summary").focus();
  }
};
addEventListener("hashchange", reveal);
reveal();
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
});
