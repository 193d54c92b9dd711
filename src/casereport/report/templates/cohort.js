"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const body = document.querySelector("#cases tbody");
  const box = document.getElementById("window");
  const said = document.getElementById("found");
  const search = document.getElementById("search");
  const heads = [...document.querySelectorAll("#cases thead th")];
  const keys = data.rows.map((row) => row.join(" ").toLowerCase());
  const compare = new Intl.Collator("en", { numeric: true }).compare;
  let order = data.rows.map((_, i) => i);
  let shown = order;
  let height = 36;

  const line = (row, link) => {
    const tr = document.createElement("tr");
    row.forEach((cell, i) => {
      const td = document.createElement(i ? "td" : "th");
      if (!i) td.scope = "row";
      if (!i && link) {
        const a = document.createElement("a");
        a.href = "reports/" + encodeURIComponent(link) + "/report.html";
        a.textContent = cell;
        td.append(a);
      } else td.textContent = cell === null ? "" : typeof cell === "number" ? String(cell).replace("-", "\u2212") : cell;
      if (typeof cell === "number") td.className = "num";
      else if (i) td.title = cell || "";
      tr.append(td);
    });
    return tr;
  };
  const spacer = (pixels) => {
    const tr = document.createElement("tr");
    tr.setAttribute("aria-hidden", "true");
    const td = document.createElement("td");
    td.colSpan = heads.length;
    td.style.cssText = "padding:0;border:0;height:" + pixels + "px";
    tr.append(td);
    return tr;
  };
  const draw = () => {
    const first = Math.max(0, Math.floor(box.scrollTop / height) - 10);
    const last = Math.min(shown.length, first + Math.ceil(innerHeight / height) + 20);
    const lines = shown.slice(first, last).map((i, n) => {
      const tr = line(data.rows[i], data.links[i]);
      tr.setAttribute("aria-rowindex", first + n + 2);
      return tr;
    });
    body.replaceChildren(spacer(first * height), ...lines, spacer((shown.length - last) * height));
    if (lines.length) height = Math.max(20, lines[lines.length - 1].offsetHeight);
  };
  const find = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = words.length ? order.filter((i) => words.every((w) => keys[i].includes(w))) : order;
    document.getElementById("cases").setAttribute("aria-rowcount", shown.length + 1);
    said.textContent = shown.length + " of " + data.rows.length + " cases";
    box.scrollTop = 0;
    draw();
  };
  const sort = (column, down) => {
    const sign = down ? -1 : 1;
    order = [...order].sort((i, j) => {
      const a = data.rows[i][column], b = data.rows[j][column];
      if (a === null || b === null) return (a === null) - (b === null);
      return sign * (typeof a === "number" && typeof b === "number" ? a - b : compare(String(a), String(b)));
    });
    heads.forEach((th, i) => (i === column ? th.setAttribute("aria-sort", down ? "descending" : "ascending") : th.removeAttribute("aria-sort")));
    find();
  };
  heads.forEach((th, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = th.textContent;
    button.addEventListener("click", () => sort(column, th.getAttribute("aria-sort") === "ascending"));
    th.replaceChildren(button);
  });
  search.addEventListener("input", find);
  box.addEventListener("scroll", () => requestAnimationFrame(draw), { passive: true });
  addEventListener("resize", draw);
  document.body.classList.add("live");
  find();
})();
