// Buttons: the matrix and the bar that filter, causes that open, texts to copy. All texts are there already. What is
// open is what is printed.
"use strict";

(() => {
  const { data, filter, admits, title, rowOf } = Report;
  const element = (tag, attributes = {}, ...children) => {
    const out = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) out.setAttribute(name, value);
    out.append(...children);
    return out;
  };
  const everything = { row: null, dtype: null, regime: null };

  // The matrix: each cell and each heading becomes a button; one of them is in the order of tabs, and arrow keys go
  // from one to the next.
  const grid = [];
  function press(cell, wanted, says) {
    const button = element("button", { type: "button", tabindex: -1, "aria-pressed": "false" });
    button.append(...cell.childNodes);
    if (says) button.setAttribute("aria-label", says);
    cell.append(button);
    button.addEventListener("click", () => Report.toggle({ ...everything, ...wanted }));
    return { button, cell, wanted: { ...everything, ...wanted } };
  }

  function matrix() {
    const table = document.getElementById("matrix");
    if (!table) return;
    const [first, second] = table.tHead.rows, regimes = data.regimes.length;
    grid.push([null, ...[...first.cells].slice(1).flatMap((cell, dtype) => {
      const made = press(cell, { dtype });
      return Array(regimes).fill(made);
    })]);
    grid.push([null, ...[...second.cells].map((cell, i) => {
      const dtype = Math.floor(i / regimes), regime = i % regimes;
      return press(cell, { dtype, regime }, `${data.dtypes[dtype]}, ${data.regimes[regime]}`);
    })]);
    [...table.tBodies[0].rows].forEach((line, row) => {
      grid.push([...line.cells].map((cell, i) => {
        if (i === 0) return press(cell, { row });
        const dtype = Math.floor((i - 1) / regimes), regime = (i - 1) % regimes;
        return cell.childNodes.length > 0 ? press(cell, { row, dtype, regime }) : null;
      }));
    });
    grid[2][0].button.tabIndex = 0;
    table.addEventListener("keydown", move);
  }

  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -99], End: [0, 99] };
  function move(event) {
    const step = steps[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    const focused = event.target.closest("button");
    let y = grid.findIndex((line) => line.some((each) => each && each.button === focused));
    if (y < 0) return;
    let x = grid[y].findIndex((each) => each && each.button === focused), found = null;
    if (Math.abs(step[1]) > 1) {
      const line = grid[y].filter(Boolean);
      found = step[1] < 0 ? line[0] : line[line.length - 1];
    }
    while (!found) {
      y += step[0];
      x += step[1];
      if (!grid[y] || x < 0 || x >= grid[y].length) break;
      if (grid[y][x] && grid[y][x].button !== focused) found = grid[y][x];
    }
    event.preventDefault();
    if (!found) return;
    focused.tabIndex = -1;
    found.button.tabIndex = 0;
    found.button.focus();
  }

  function showMatrix() {
    for (const line of grid)
      for (const each of line) {
        if (!each) continue;
        const { row, dtype, regime } = each.wanted;
        const pressed = row === filter.row && dtype === filter.dtype && regime === filter.regime;
        each.button.setAttribute("aria-pressed", String(pressed));
        if (row !== null && dtype !== null) each.cell.classList.toggle("off", !admits(row, dtype, regime));
      }
  }

  // The bar: what is shown, and how much that is.
  const bar = element("div", { id: "filters", role: "group", "aria-label": "Show only" });
  const buttons = [];
  const said = element("output", { "aria-live": "polite" });
  const search = element("input", { type: "search", placeholder: "search causes", "aria-label": "Search causes" });
  const losses = element("select", { "aria-label": "Loss" }, element("option", { value: "" }, "all losses"));
  function filters() {
    if (data.rows.length === 0) return;
    const group = (name, key, names) => {
      const box = element("span", { class: "group", role: "group", "aria-label": name });
      names.forEach((text, place) => {
        const button = element("button", { type: "button", "aria-pressed": "false" }, text);
        button.addEventListener("click", () => Report.set({ [key]: filter[key] === place ? null : place }));
        buttons.push({ button, key, place });
        box.append(button);
      });
      return box;
    };
    data.rows
      .map((_, row) => row)
      .sort((a, b) => (title(a) < title(b) ? -1 : 1))
      .forEach((row) => losses.append(element("option", { value: row }, title(row))));
    losses.addEventListener("change", () => Report.set({ row: losses.value === "" ? null : Number(losses.value) }));
    search.addEventListener("input", showCauses);
    const clear = element("button", { type: "button" }, "clear");
    clear.addEventListener("click", () => {
      search.value = "";
      Report.set(everything);
    });
    bar.append(losses, group("Dtype", "dtype", data.dtypes), group("Regime", "regime", data.regimes));
    if (causes.length > 0) bar.append(search);
    bar.append(clear, said);
    document.getElementById("content").prepend(bar);
  }
  function showFilters() {
    losses.value = filter.row === null ? "" : String(filter.row);
    for (const { button, key, place } of buttons) button.setAttribute("aria-pressed", String(filter[key] === place));
  }

  // Causes.
  const causes = [...document.querySelectorAll(".cause")].map((box) => ({
    box,
    details: box.querySelector("details"),
    row: rowOf(box.dataset.loss, box.dataset.variant),
    places: box.dataset.at.split(" ").map((each) => each.split("/"))
      .map(([dtype, regime]) => [data.dtypes.indexOf(dtype), data.regimes.indexOf(regime)]),
    text: box.textContent.toLowerCase(),
  }));
  function showCauses() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const each of causes) {
      const shown = each.places.some(([dtype, regime]) => admits(each.row, dtype, regime)) &&
        words.every((word) => each.text.includes(word));
      each.box.hidden = !shown;
      count += shown;
    }
    let asked = 0, failing = 0;
    for (const [row, dtype, regime, conforming, failed, known, unchecked] of data.cells || [])
      if (admits(row, dtype, regime)) {
        asked += conforming + failed + known + unchecked;
        failing += failed + known;
      }
    said.textContent = `${failing} of ${asked} fail` + (causes.length > 0 ? `; ${count} ${count === 1 ? "cause" : "causes"}` : "");
  }
  function foldCauses() {
    const list = document.getElementById("causes-list");
    if (!list) return;
    causes.forEach((each, i) => (each.details.open = i === 0));
    const all = element("button", { type: "button", class: "small", "aria-pressed": "false" }, "open all");
    all.addEventListener("click", () => {
      const open = all.getAttribute("aria-pressed") === "false";
      all.setAttribute("aria-pressed", String(open));
      causes.forEach((each) => (each.details.open = open));
    });
    list.before(element("p", {}, all));
  }
  // Lines of tables that are about one place.
  const lines = [...document.querySelectorAll("tr[data-loss]")].map((line) => ({
    line,
    row: rowOf(line.dataset.loss, line.dataset.variant),
    dtype: data.dtypes.indexOf(line.dataset.dtype),
    regime: line.dataset.regime ? data.regimes.indexOf(line.dataset.regime) : null,
  }));
  function showLines() {
    for (const { line, row, dtype, regime } of lines)
      line.hidden = !admits(row, dtype, regime === null ? filter.regime : regime);
  }

  // Copying. Where a page may not use the clipboard, the text is selected, for the reader's own keys.
  async function copy(pre, button) {
    try {
      await navigator.clipboard.writeText(pre.textContent);
      button.textContent = "copied";
    } catch {
      getSelection().selectAllChildren(pre);
      button.textContent = "selected";
    }
    setTimeout(() => (button.textContent = "copy"), 1500);
  }
  for (const box of document.querySelectorAll(".copy")) {
    const pre = box.querySelector("pre"), caption = box.querySelector("figcaption").textContent;
    const button = element("button", { type: "button", "aria-label": `copy: ${caption}` }, "copy");
    button.addEventListener("click", () => copy(pre, button));
    box.append(button);
  }

  matrix();
  filters();
  foldCauses();
  Report.onChange(showMatrix);
  Report.onChange(showFilters);
  Report.onChange(showCauses);
  Report.onChange(showLines);
  Report.start();
  document.documentElement.dataset.ready = "true";
})();
