// Stands for your own code: the losses that check.mjs asks, and how they are asked.

// Of a row of each input, here one number: the value, and its slopes by each input.
function mae([x], [t]) {
  const a = x - t;
  return [Math.abs(a), [Math.sign(a)], [-Math.sign(a)]];
}

function huber([x], [t], { delta, ...unknown }) {
  if (!(delta > 0) || Math.abs(t) === Infinity || Object.keys(unknown).length > 0)
    throw new RangeError("delta must be positive, target finite, and there is no other parameter");
  const a = x - t;
  if (!(Math.abs(a) > delta)) return [(a / 2) * a, [a], [-a]];
  const slope = Math.sign(a) * delta;
  return [delta * (Math.abs(a) - delta / 2), [slope], [-slope]];
}

function logSumExp(x) {
  const m = Math.max(...x);
  const terms = x.map((each) => (each === m ? 1 : Math.exp(each - m)));
  const noLimit = Math.abs(m) === Infinity && terms.filter((each) => each === 1).length > 1;
  return [m + Math.log(total(terms)), terms.map((each) => (noLimit ? NaN : each / total(terms)))];
}

export const LOSSES = { mae, huber, log_sum_exp: logSumExp };
// Which of the deviations that golden files name yours makes on purpose, such as "log-clamped-100".
export const CONVENTIONS = [];

// Adds in pairs: a running sum loses digits.
function total(v) {
  if (v.length < 2) return v.length === 1 ? v[0] : 0;
  return total(v.slice(0, v.length >> 1)) + total(v.slice(v.length >> 1));
}

// The value, and the gradient by each input, as lists of numbers.
export function answer({ loss, reduction, parameters, inputs: tensors }, { cotangent, ...inputs }) {
  const width = loss === "log_sum_exp" ? tensors.x.shape.at(-1) : 1;
  const names = Object.keys(inputs);
  const n = inputs[names[0]].length / width;
  if (names.some((name) => inputs[name].length !== n * width)) throw new RangeError("the shapes differ");
  if (cotangent && cotangent.length !== (reduction === "none" ? n : 1)) throw new RangeError("the cotangent's shape");
  const rows = Array.from({ length: n }, (_, i) =>
    LOSSES[loss](...names.map((name) => inputs[name].slice(i * width, (i + 1) * width)), parameters),
  );
  const share = reduction === "mean" ? n : 1;
  const value = rows.map((row) => row[0] / share);
  const weight = (i) => (cotangent ? cotangent[reduction === "none" ? i : 0] : 1);
  const times = (w, s) => (w === 0 ? 0 : (w / share) * s);
  const result = { value: reduction === "none" ? value : [n > 0 ? total(value) : 0 / share] };
  names.forEach((name, k) => {
    result[name] = rows.flatMap((row, i) => row[k + 1].map((s) => times(weight(i), s)));
  });
  return result;
}
