// Says what a mark of a figure is, and follows the reader in the contents; on a phone it makes cards of tables. The page
// is whole without it. As a module it runs once the page has been read, and the browser draws in between.
const tip = document.createElement("div");
const ring = document.createElement("div");
tip.className = "tip";
tip.setAttribute("role", "status");
ring.className = "ring";
document.body.append(ring, tip);

let chosen = null;
const hide = () => {
  chosen = null;
  tip.textContent = "";
  ring.hidden = tip.hidden = true;
};
const show = (mark) => {
  const box = mark.element.getBoundingClientRect();
  tip.hidden = ring.hidden = false;
  tip.textContent = mark.text;
  Object.assign(ring.style, {
    left: `${box.left - 4}px`, top: `${box.top - 4}px`, width: `${box.width + 8}px`, height: `${box.height + 8}px`,
  });
  const middle = box.left + box.width / 2 - tip.offsetWidth / 2;
  const above = box.top - tip.offsetHeight - 10;
  tip.style.left = `${Math.max(8, Math.min(middle, document.documentElement.clientWidth - tip.offsetWidth - 8))}px`;
  tip.style.top = `${above > 8 ? above : box.bottom + 10}px`;
};
const distance = (mark, event) => {
  const box = mark.element.getBoundingClientRect();
  const x = Math.max(box.left - event.clientX, 0, event.clientX - box.right);
  const y = Math.max(box.top - event.clientY, 0, event.clientY - box.bottom);
  return Math.hypot(x, y);
};

// on a phone a row is a card, of which each cell says what column it was
const plain = "table:not(.values, .dataframe, .figure-data table, #table-audit, #table-care, #table-consistency)";
for (const table of document.querySelectorAll(`main ${plain}`)) {
  const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
  const rows = [...table.querySelectorAll("tbody tr")];
  if (!heads.length || rows.some((row) => row.cells.length !== heads.length)) continue;
  table.classList.add("cards");
  for (const row of rows) [...row.cells].forEach((cell, i) => { cell.dataset.head = heads[i]; });
}

for (const picture of document.querySelectorAll(".picture")) {
  const marks = [...picture.querySelectorAll("g > title")].map((title) => {
    const mark = { element: title.parentElement, text: title.textContent };
    title.remove(); // the browser would show it a second time
    return mark;
  });
  if (!marks.length) continue;
  let current = 0;
  const point = (event) => {
    const near = marks.map((mark) => distance(mark, event));
    const nearest = near.indexOf(Math.min(...near));
    if (near[nearest] > 20) return hide();
    current = nearest;
    show(marks[current]);
  };
  picture.addEventListener("pointermove", point);
  picture.addEventListener("pointerdown", point);
  picture.addEventListener("pointerleave", hide);
  picture.addEventListener("blur", hide);
  const choose = (to) => {
    current = to;
    show((chosen = marks[current]));
  };
  picture.addEventListener("focus", () => picture.matches(":focus-visible") && choose(current));
  picture.addEventListener("keydown", (event) => {
    const last = marks.length - 1;
    const to = { ArrowLeft: Math.max(0, current - 1), ArrowRight: Math.min(last, current + 1), Home: 0, End: last };
    if (event.key === "Escape") return hide();
    if (!(event.key in to)) return;
    event.preventDefault();
    choose(to[event.key]);
  });
}
hide();
// what the keyboard has chosen moves with the page: to focus a figure scrolls it into sight
addEventListener("scroll", () => (chosen ? show(chosen) : hide()), { passive: true });

const contents = document.querySelector("nav.contents");
if (contents) {
  const links = new Map([...contents.querySelectorAll("ol.sections a")].map((a) => [a.hash.slice(1), a]));
  const watcher = new IntersectionObserver(
    (entries) => {
      const seen = entries.filter((entry) => entry.isIntersecting).pop();
      if (!seen) return;
      for (const a of links.values()) a.removeAttribute("aria-current");
      const link = links.get(seen.target.id);
      link.setAttribute("aria-current", "location");
      contents.scrollTop = link.offsetTop - contents.clientHeight / 2;
    },
    { rootMargin: "-15% 0px -75% 0px" },
  );
  for (const id of links.keys()) watcher.observe(document.getElementById(id));
  contents.addEventListener("click", (event) => {
    const folded = getComputedStyle(contents.querySelector("summary")).display !== "none";
    if (event.target.closest("a") && folded) contents.querySelector("details").open = false;
  });
}
