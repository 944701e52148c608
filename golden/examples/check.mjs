// node check.mjs golden/v1/huber.f32.json ... tells how losses.mjs does; exit code 1 where a case fails.
import { readFileSync } from "node:fs";
import { answer, CONVENTIONS, LOSSES } from "./losses.mjs";

const FORMATS = { f32: ["Float", 24, -149, 128], f64: ["Double", 53, -1074, 1024] };
const rounded = (x, dtype) => (dtype === "f32" ? Math.fround(x) : Number(x)); // both read "NaN" and "-Infinity" too

function numbers(tensor, dtype) {
  if ("data" in tensor) return tensor.data.map((x) => rounded(x, dtype));
  const hex = tensor.bits?.replaceAll(" ", ""), order = hex === undefined ? "LE" : "BE";
  const raw = Buffer.from(hex ?? tensor.base64, order === "LE" ? "base64" : "hex"), bytes = dtype === "f32" ? 4 : 8;
  return Array.from({ length: raw.length / bytes }, (_, i) => raw[`read${FORMATS[dtype][0]}${order}`](i * bytes));
}

// A number or a decimal, times 2^1200: a whole number, with which nothing is rounded any more.
function exactly(x) {
  const [digits, exponent = "0"] = (typeof x === "number" ? x.toExponential(100) : x).split("e");
  const [whole, part = ""] = digits.split(".");
  const ten = Math.max(-999, Math.min(Number(exponent) - part.length, 999));
  return ((BigInt(whole + part) << 1200n) * 10n ** BigInt(Math.max(ten, 0))) / 10n ** BigInt(Math.max(-ten, 0));
}

function error(g, v, want, i, dtype) { // how far g is off, where 1 is the most that a stable answer may be
  const [low, high] = ["lower", "upper"].map((end) => (end in want ? Number(want[end][i]) : v));
  if (g === v || (low <= g && g <= high) || (Number.isNaN(v) && (Number.isNaN(g) || low < high))) return 0;
  const [, precision, least, top] = FORMATS[dtype], sensitivity = Number(want.sensitivity[i]); // null is 0
  const exact = low < high ? (g < low ? low : high) : "digits" in want ? want.digits[i] : v;
  if (Number.isNaN(g) || !/\d/.test(exact)) return Infinity; // an infinity or a NaN, and the other is not
  let truth = exactly(exact);
  const ulp = 1n << BigInt(1200 + Math.max(truth.toString(2).replace("-", "").length - 1200 - precision, least));
  if ("offset" in want && low === high) truth += (BigInt(Math.round(want.offset[i] * 1e4)) * ulp) / 10000n;
  const got = Math.abs(g) === Infinity ? BigInt(Math.sign(g)) << BigInt(1200 + top) : exactly(g);
  const conditioned = exactly(Math.min(sensitivity, Number.MAX_VALUE)) >> BigInt(precision);
  const units = ((got - truth) << 20n) / (conditioned > ulp ? conditioned : ulp);
  const n = Array.isArray(want.reach) ? want.reach[i] : want.reach;
  return Math.abs(Number(units)) / 2 ** 20 / (8 + 2 * Math.ceil(Math.log2(n)));
}

// The number of the case that is farthest off: how far, where it is, what it is and what it should be.
function worst({ dtype, expected, inputs, ...rest }) {
  const numbersOf = Object.fromEntries(Object.entries(inputs).map(([name, t]) => [name, numbers(t, dtype)]));
  const found = [[0, "every number is exact"]];
  let got;
  try { got = answer({ inputs, ...rest }, numbersOf); }
  catch (refusal) { return [expected.error ? 0 : Infinity, `refused: ${refusal.message}`]; }
  const declared = (expected.conventions ?? []).filter(({ name }) => CONVENTIONS.includes(name));
  for (const [name, want] of expected.error ? [] : Object.entries({ value: expected.value, ...expected.gradient })) {
    const exact = numbers({ bits: want.bits }, dtype), given = (got[name] ?? []).map((x) => rounded(x, dtype));
    if (given.length !== exact.length)
      found.push([Infinity, `${name} has ${given.length} numbers, should have ${exact.length}`]);
    const instead = declared.map(({ value, gradient }) => ({ value, ...gradient })[name]).filter((tensor) => tensor);
    const others = instead.map((tensor) => numbers(tensor, dtype));
    const loose = { sensitivity: want.sensitivity, reach: want.reach }; // a convention's numbers have no digits
    exact.forEach((v, i) => {
      const shares = [error(given[i], v, want, i, dtype), ...others.map((o) => error(given[i], o[i], loose, i, dtype))];
      found.push([Math.min(...shares), `${name}[${i}] is ${given[i]}, should be ${v}`]);
    });
  }
  return found.sort((a, b) => b[0] - a[0])[0];
}

let wrong = 0, judged = 0;
for (const path of process.argv.slice(2)) {
  const cases = JSON.parse(readFileSync(path)).cases.filter(({ loss }) => loss in LOSSES);
  if (cases.length === 0) {
    console.log(`${path}: not offered`);
    continue;
  }
  const found = cases.map((each) => [...worst(each), each]), failed = found.filter(([share]) => share > 1);
  const [share, where, { id }] = found.sort((a, b) => b[0] - a[0])[0];
  const good = `${cases.length - failed.length} of ${cases.length} conform`;
  console.log(`${path}: ${good}; worst ${share.toPrecision(2)} of the bound, ${id}, ${where}`);
  for (const [share, where, { id, slug }] of failed)
    console.log(`  ${id} ${slug}: ${where} (${share.toPrecision(2)} times the bound)`);
  [wrong, judged] = [wrong + failed.length, judged + cases.length];
}
if (judged === 0) console.error("check.mjs: nothing to judge; name golden files, such as golden/v1/huber.f32.json");
process.exitCode = judged === 0 ? 2 : wrong > 0 ? 1 : 0;
