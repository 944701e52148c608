// What the report holds, and which part of it is looked at: a loss, a dtype, a regime. Everything else follows.
"use strict";

const Report = (() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const filter = { row: null, dtype: null, regime: null };
  const listeners = [];

  const rowOf = (loss, variant) =>
    data.rows.findIndex((each) => each.loss === loss && each.variant === (variant || ""));
  const title = (row) => data.rows[row].loss + (data.rows[row].variant ? ` (${data.rows[row].variant})` : "");

  // The address keeps the filter, so that it can be passed on; the names of sections have no "=".
  function remember() {
    const kept = new URLSearchParams();
    if (filter.row !== null) {
      kept.set("loss", data.rows[filter.row].loss);
      if (data.rows[filter.row].variant) kept.set("variant", data.rows[filter.row].variant);
    }
    if (filter.dtype !== null) kept.set("dtype", data.dtypes[filter.dtype]);
    if (filter.regime !== null) kept.set("regime", data.regimes[filter.regime]);
    const hash = kept.toString();
    if (hash || location.hash.includes("=")) history.replaceState(null, "", "#" + hash);
  }

  function recall() {
    if (!location.hash.includes("=")) return;
    const kept = new URLSearchParams(location.hash.slice(1));
    const place = (index) => (index < 0 ? null : index);
    Object.assign(filter, {
      row: place(rowOf(kept.get("loss"), kept.get("variant"))),
      dtype: place(data.dtypes.indexOf(kept.get("dtype"))),
      regime: place(data.regimes.indexOf(kept.get("regime"))),
    });
  }

  const tell = () => listeners.forEach((each) => each(filter));

  return {
    data,
    filter,
    title,
    rowOf,
    onChange(listener) {
      listeners.push(listener);
    },
    start() {
      recall();
      addEventListener("hashchange", () => {
        recall();
        tell();
      });
      tell();
    },
    set(wanted) {
      Object.assign(filter, wanted);
      remember();
      tell();
    },
    /// The filter becomes what is wanted; nothing, where it is that already.
    toggle(wanted) {
      const same = Object.keys(filter).every((key) => filter[key] === wanted[key]);
      this.set(same ? { row: null, dtype: null, regime: null } : wanted);
    },
    admits: (row, dtype, regime) =>
      (filter.row === null || filter.row === row) &&
      (filter.dtype === null || filter.dtype === dtype) &&
      (filter.regime === null || filter.regime === regime),
  };
})();
