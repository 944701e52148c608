// A case as the program that a user of TensorFlow.js would write, made of the adapter's own function: what is shown is
// what was asked.

const NAMES = ["NONE", "MEAN", "SUM"];

// A function of the table: its inputs, its parameters with their defaults, and the call.
const WRITTEN = /^\(\{([^}]*)\}, \{([^}]*)\}, reduction\) =>\s*([^]*)$/;

// Decimals of binary64 hold every f32; JSON has no word for the other three.
const number = (x) => (Object.is(x, -0) ? "-0" : String(x));

function tensorLine(name, tensor) {
  const numbers = Array.from(tensor.dataSync(), number).join(", ");
  return `const ${name} = tf.tensor([${numbers}], [${tensor.shape.join(", ")}], "${tensor.dtype}");`;
}

// "delta = 1" and the case's parameters: the line that defines delta.
function parameterLines(pattern, parameters) {
  const defaults = pattern.split(",").map((each) => each.split("=").map((part) => part.trim()));
  return defaults.filter(([name]) => name).map(([name, value]) => `const ${name} = ${parameters[name] ?? value};`);
}

// Text of a program that prints the value, and the gradients, of the case that `written` answers. `inputs` are its
// tensors by name, `helpers` the functions that `written` may call beside those of tfjs.
export function snippet(written, request, inputs, helpers) {
  const [, , pattern, call] = String(written).match(WRITTEN);
  const { wrt = [], reduction = "mean", parameters = {} } = request;
  const used = Object.keys(helpers).filter((name) => call.includes(`${name}(`));
  const packages = ["core", "backend-cpu", "layers"].map((each) => `@tensorflow/tfjs-${each}`);
  const lines = [
    `// npm install ${packages.join(" ")}`,
    `const tf = require("${packages[0]}");`,
    `require("${packages[1]}");`,
    `const layers = require("${packages[2]}"); // brings the gradients too`,
    ...used.map((name) => `const ${name} = ${helpers[name]};`),
    `const reduction = tf.Reduction.${NAMES.find((name) => name === reduction.toUpperCase())};`,
    ...parameterLines(pattern, parameters),
    ...Object.keys(inputs).filter((name) => name !== "cotangent" || wrt.length).map((name) => tensorLine(name, inputs[name])),
    `const loss = (${wrt.join(", ")}) => ${call};`,
  ];
  if (wrt.length) {
    const cotangent = "cotangent" in inputs ? ", cotangent" : "";
    lines.push(`const { value, grads } = tf.valueAndGrads(loss)([${wrt.join(", ")}]${cotangent});`);
  } else {
    lines.push("const value = loss();");
  }
  lines.push('console.log("value", value.arraySync());');
  wrt.forEach((name, i) => lines.push(`console.log("gradient.${name}", grads[${i}].arraySync());`));
  return `${lines.join("\n")}\n`;
}
