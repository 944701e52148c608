// The error over the size of the input, and the cases by grade.
"use strict";

(() => {
  const { data, filter, admits, rowOf, title } = Report;
  const zero = -2000; // stands for inputs that are all 0
  const least = 0.1; // ulp: less is drawn there
  const beyond = 1e17; // no digit of a binary64 is right long before: more is drawn with what is not comparable
  const symbols = ["circle", "circle", "circle", "circle", "triangle", "triangle", "times"];
  const hyphen = {
    draw(context) {
      context.moveTo(-4, 0);
      context.lineTo(4, 0);
    },
  };

  const points = (data.binades || []).flatMap((series) => {
    const place = {
      row: rowOf(series.loss, series.variant),
      dtype: data.dtypes.indexOf(series.dtype),
      regime: data.regimes.indexOf(series.regime),
      output: series.output,
    };
    return series.points.map(([exponent, ulps, grade, condition, allowed]) => ({
      ...place, exponent, ulps, grade, condition, allowed,
    }));
  });
  // NaN and infinities among the inputs make a NaN due whatever the size of the others: on demand only.
  const special = data.regimes.indexOf("special");
  const shown = () =>
    points.filter((p) => admits(p.row, p.dtype, p.regime) && (p.regime !== special || filter.regime === special));

  const number = (x) =>
    x === null ? "not comparable" : x >= 1e5 || (x > 0 && x < 0.01) ? x.toExponential(1) : String(+x.toPrecision(3));
  const raised = (n) => String(n).replace(/[-0-9]/g, (c) => (c === "-" ? "\u207b" : "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"[c]));
  const power = (exponent) => (exponent === zero ? "0" : exponent === 0 ? "1" : "2" + raised(exponent));
  const describe = (p) =>
    [
      `${title(p.row)} ${data.dtypes[p.dtype]} ${p.output}`,
      `${data.regimes[p.regime]}, inputs up to ${power(p.exponent)}`,
      p.ulps === null ? "not comparable" : `${number(p.ulps)} ulp`,
      data.grades[p.grade],
      p.allowed === null ? "" : `allowed ${number(p.allowed)} ulp`,
      p.condition === null ? "" : `condition ${number(p.condition)}`,
    ]
      .filter(Boolean)
      .join("\n");

  // The scale of exponents is wide in the middle, where ordinary numbers are.
  function scales(some) {
    const exponents = some.map((p) => p.exponent).filter((e) => e !== zero);
    const low = Math.min(-4, ...exponents), high = Math.max(4, ...exponents);
    const left = some.some((p) => p.exponent === zero) ? low * 1.35 - 3 : low - 0.5;
    const finite = some.map((p) => p.ulps).filter((u) => u !== null && u <= beyond);
    const most = 10 ** Math.ceil(Math.log10(Math.max(1e3, ...finite)));
    const top = most * (most / least) ** 0.1;
    const inside = (u) => Math.min(Math.max(u, least), most);
    return {
      x: (p) => (p.exponent === zero ? left : p.exponent),
      y: (p) => (p.ulps === null || p.ulps > beyond ? top : inside(p.ulps)),
      zero: some.some((p) => p.exponent === zero),
      inside, left, low, high, most, top,
    };
  }

  /// Those of some exponents that have room for their labels; 0 stands left of all.
  function ticks(s, width) {
    const bend = (x) => Math.sign(x) * Math.log1p(Math.abs(x) / 8);
    const at = (x) => (width * (bend(x) - bend(s.left))) / (bend(s.high + 0.5) - bend(s.left));
    const out = s.zero ? [s.left] : [];
    for (const each of [0, -30, 30, -100, 100, -300, 300, -1000, 1000, -10, 10, -5, 5, -20, 20, -2, 2])
      if (each >= s.low && each <= s.high && out.every((other) => Math.abs(at(each) - at(other)) > 34)) out.push(each);
    return out;
  }

  function marks(some, s, size, facet) {
    const ordinary = [Math.max(-30, s.low - 0.5), Math.min(20, s.high + 0.5)];
    const allowed = some.filter((p) => p.allowed !== null);
    const ill = some.filter((p) => p.condition !== null && p.condition / 2 > 1);
    return [
      Plot.rect([0], { x1: ordinary[0], x2: ordinary[1], fill: "var(--ordinary)" }),
      Plot.dot(ill, {
        ...facet, x: s.x, y: (p) => s.inside(p.condition / 2), r: size * 0.45, stroke: "var(--allowed)",
        strokeWidth: 0.8, strokeOpacity: 0.8,
      }),
      Plot.dot(allowed, {
        ...facet, x: s.x, y: (p) => s.inside(p.allowed), symbol: hyphen, stroke: "var(--allowed)", strokeWidth: 1.2,
      }),
      ...data.grades.map((name, grade) => {
        const own = some.filter((p) => p.grade === grade);
        const hollow = grade === 4 || grade === 6;
        return Plot.dot(own, {
          ...facet, x: s.x, y: s.y, symbol: symbols[grade], r: grade > 3 ? size * 1.25 : size,
          [hollow ? "stroke" : "fill"]: `var(--m${grade})`, strokeWidth: 1.6,
        });
      }),
    ];
  }

  const axes = (s) => ({
    x: { type: "symlog", constant: 8, domain: [s.left, s.high + 0.5], axis: null },
    y: { type: "log", domain: [least, s.top], axis: null, clamp: true },
  });

  function label(svg, text) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", text);
    return svg;
  }

  /// One loss: a panel for each dtype, in it a row for each output.
  function detailed(some, width) {
    const box = document.createElement("div");
    box.className = "few";
    const dtypes = [...new Set(some.map((p) => p.dtype))].sort((a, b) => a - b);
    const outputs = [...new Set(some.map((p) => p.output))].sort((a, b) => (b === "value") - (a === "value") || (a < b ? -1 : 1));
    const each = dtypes.length > 1 && width > 760 ? (width - 24) / 2 : Math.min(width, 760);
    for (const dtype of dtypes) {
      const own = some.filter((p) => p.dtype === dtype), s = scales(own);
      const decades = [];
      for (let y = least; y <= s.most * 1.01; y *= s.most > 1e9 ? 1e3 : s.most > 1e5 ? 100 : 10) decades.push(y);
      const svg = Plot.plot({
        width: each, height: 40 + 140 * outputs.length, marginLeft: 62, marginRight: 14, marginTop: 26,
        style: { fontSize: "11px", fontFamily: "inherit" },
        ...axes(s),
        fy: { domain: outputs, axis: null, padding: 0.14 },
        marks: [
          Plot.gridY(decades, { stroke: "var(--line)", strokeOpacity: 0.6 }),
          Plot.ruleY([least], { stroke: "var(--soft)" }),
          ...marks(own, s, 2.6, { fy: "output" }),
          Plot.axisY({ ticks: decades, tickSize: 0, tickFormat: (y) => (y >= 1e4 ? y.toExponential(0).replace("+", "") : String(+y.toPrecision(1))), fill: "var(--soft)" }),
          Plot.axisX({ ticks: ticks(s, each - 76), tickSize: 3, tickFormat: (x) => (x === s.left ? "0" : power(x)), fill: "var(--soft)" }),
          Plot.text(["beyond"], { frameAnchor: "top-left", text: (d) => d, dx: -5, textAnchor: "end", lineAnchor: "middle", fill: "var(--soft)" }),
          Plot.text(outputs, { fy: (d) => d, text: (d) => d, frameAnchor: "top-left", dy: -12, fontWeight: 600, fill: "var(--ink)" }),
          Plot.tip(own, Plot.pointer({ x: s.x, y: s.y, fy: "output", title: describe, fill: "var(--paper)", stroke: "var(--line)" })),
        ],
      });
      const figure = document.createElement("figure"), caption = document.createElement("figcaption");
      caption.textContent = `${title(some[0].row)} ${data.dtypes[dtype]}: error in ulp over the largest input`;
      figure.append(caption, label(svg, `Chart: ${caption.textContent}; the table of worst errors says the same.`));
      box.append(figure);
    }
    return box;
  }

  /// All losses: values left, gradients right; each is a button that shows the loss.
  function overview(some) {
    const box = document.createElement("div");
    box.className = "many";
    const s = scales(some);
    const rows = data.rows.map((_, row) => row).filter((row) => some.some((p) => p.row === row));
    const part = (p) => (p.output === "value" ? "value" : "gradient");
    const waiting = new Map();
    const draw = (place) => {
      const row = waiting.get(place);
      if (row === undefined) return;
      waiting.delete(place);
      const own = some.filter((p) => p.row === row);
      const svg = Plot.plot({
        width: 248, height: 76, margin: 2, ...axes(s), fx: { domain: ["value", "gradient"], axis: null, padding: 0.03 },
        marks: [
          ...marks(own, s, 1.5, { fx: part }),
          Plot.ruleY([least], { stroke: "var(--line)" }),
        ],
      });
      place.append(label(svg, `Chart of the errors of ${title(row)}`));
    };
    const observer = new IntersectionObserver(
      (seen) => seen.filter((each) => each.isIntersecting).forEach((each) => draw(each.target)), { rootMargin: "800px" });
    for (const row of rows) {
      const button = document.createElement("button"), name = document.createElement("span"), place = document.createElement("span");
      button.type = "button";
      name.className = "name";
      name.textContent = title(row);
      place.className = "plot";
      button.append(name, place);
      button.addEventListener("click", () => {
        Report.set({ row });
        document.getElementById("errors").scrollIntoView({ block: "center" });
      });
      box.append(button);
      waiting.set(place, row);
      observer.observe(place);
    }
    overview.finish = () => [...waiting.keys()].forEach(draw);
    return box;
  }
  overview.finish = () => {};
  addEventListener("beforeprint", () => overview.finish());

  function bars() {
    const counts = new Map();
    for (const [row, dtype, regime, , , , , grades] of data.cells)
      if (admits(row, dtype, regime))
        grades.forEach((n, grade) => counts.set(`${regime} ${grade}`, (counts.get(`${regime} ${grade}`) || 0) + n));
    const cases = [...counts].map(([key, n]) => {
      const [regime, grade] = key.split(" ").map(Number);
      return { regime: data.regimes[regime], grade, n };
    }).filter((each) => each.n > 0);
    return { cases, svg: cases.length > 0 && label(Plot.plot({
      width: Math.min(document.getElementById("bars").clientWidth || 800, 900),
      height: 30 + 26 * new Set(cases.map((c) => c.regime)).size, marginLeft: 76, marginTop: 4,
      style: { fontSize: "11px", fontFamily: "inherit" },
      x: { axis: "bottom", ticks: 6, tickSize: 3, label: null },
      y: { domain: data.regimes.filter((name) => cases.some((c) => c.regime === name)), label: null, tickSize: 0 },
      marks: data.grades.concat("no grade").map((name, grade) => Plot.barX(cases, {
        x1: (c) => before(cases, c), x2: (c) => before(cases, c) + c.n, y: "regime", filter: (c) => c.grade === grade,
        fill: grade > 6 ? "var(--g8)" : `var(--g${grade})`, stroke: "var(--paper)", insetTop: 1, insetBottom: 1,
        title: (c) => `${c.regime}: ${c.n} ${name}`,
      })).concat(Plot.text(cases.filter((c) => c.n > 0), {
        x: (c) => before(cases, c) + c.n / 2, y: "regime", text: (c) => (wide(cases, c) ? String(c.n) : ""),
        fill: (c) => (c.grade === 6 ? "var(--on6)" : "var(--ink)"), pointerEvents: "none",
      })),
    }), "Chart: cases by regime and grade; the table says the same.") };
  }
  const before = (cases, c) => cases.reduce((sum, other) => sum + (other.regime === c.regime && other.grade < c.grade ? other.n : 0), 0);
  function wide(cases, c) {
    const totals = new Map();
    for (const each of cases) totals.set(each.regime, (totals.get(each.regime) || 0) + each.n);
    return c.n > Math.max(...totals.values()) * 0.025;
  }

  /// The table beside the bars follows the filter too.
  function countTable(cases) {
    for (const line of document.querySelectorAll("#grades tbody tr")) {
      const regime = line.querySelector("th").textContent;
      line.querySelectorAll("td").forEach((cell, grade) => {
        const found = cases.find((c) => c.regime === regime && c.grade === grade);
        cell.textContent = found ? found.n : 0;
      });
    }
  }

  const legend = () => {
    const text = document.createElement("p");
    text.className = "legend";
    text.textContent =
      "Each point is the worst number of its binade: how many ulp it is off (upwards, log scale, the topmost are not " +
      "comparable: NaN or an infinity) over the largest input of its row (log scale, wider in the middle; 2\u207b\u00b3\u2070 to " +
      "2\u00b2\u2070 shaded). Discs are stable or better, hollow triangles absolute, full ones inaccurate, " +
      "crosses wrong. A dash is what is allowed there, a small ring u times the condition in units of 2u. " +
      (filter.regime === special || special < 0 ? "" : "Cases of the regime special are drawn when it is chosen. ") +
      (filter.row === null ? "Values left, gradients right, all on one scale; choose one to see its axes." : "");
    return text;
  };

  function redraw() {
    const errors = document.getElementById("errors"), place = document.getElementById("bars");
    if (errors) {
      const some = shown();
      overview.finish = () => {};
      errors.replaceChildren(legend());
      if (some.length === 0) errors.append("Nothing was measured there.");
      else errors.append(filter.row === null ? overview(some) : detailed(some, errors.clientWidth));
    }
    if (place) {
      const { cases, svg } = bars();
      place.replaceChildren(...(svg ? [svg] : []));
      countTable(cases);
    }
  }
  Report.onChange(redraw);
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== width) redraw();
    width = innerWidth;
  });
})();
