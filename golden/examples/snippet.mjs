// Writes a case down as a program that can be pasted, for a testee in JavaScript.
//
// A testee whose handshake says "snippets": true is asked {"id": ..., "snippet": case} and answers
// {"id": ..., "snippet": snippet(case, ['import { huber } from "./losses.mjs";'], "huber(prediction, target, 0.5)")}.

const ARRAYS = { f32: ["Float32Array", "Float"], f64: ["Float64Array", "Double"] };

// The numbers as JavaScript's own, which hold every one of them exactly.
function numbers(tensor, reader) {
  if ("data" in tensor) return tensor.data.map(Number); // it reads "NaN" and "-Infinity" too
  const hex = tensor.bits?.replaceAll(" ", ""), order = hex === undefined ? "LE" : "BE";
  const raw = Buffer.from(hex ?? tensor.base64, order === "LE" ? "base64" : "hex"), bytes = reader === "Float" ? 4 : 8;
  return Array.from({ length: raw.length / bytes }, (_, i) => raw[`read${reader}${order}`](i * bytes));
}

const literal = (x) => (Object.is(x, -0) ? "-0" : String(x)); // the shortest decimal that reads back to it

// Text of a program: the case's inputs as flat arrays under their own names, and what `call`, an expression in these
// names, gives.
export function snippet(testCase, imports, call) {
  const [array, reader] = ARRAYS[testCase.dtype], integers = ["labels", "input_lengths", "target_lengths"];
  const lines = [...imports, ""];
  for (const [name, tensor] of Object.entries(testCase.inputs)) {
    const list = numbers(tensor, reader).map(literal).join(", ");
    const value = integers.includes(name) ? `[${list}]` : `${array}.of(${list})`;
    lines.push(`const ${name} = ${value}; // shape [${tensor.shape.join(", ")}]`);
  }
  return [...lines, `console.log(${call});`, ""].join("\n");
}
