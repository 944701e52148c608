// TensorFlow.js as a testee. Two variants: `core`, the functions of tf.losses and the like, and `layers`, the losses
// that a model is compiled with. README.md gives the reasons.
import { createRequire } from "node:module";
import { Testee } from "../kit/javascript/assay-testee.mjs";
import { snippet } from "./snippet.mjs";

// CommonJS, since that alone looks where NODE_PATH says: the packages lie in the adapter's environment, not above this file.
const require = createRequire(import.meta.url);
const tf = require("@tensorflow/tfjs-core");
require("@tensorflow/tfjs-backend-cpu");
const layers = require("@tensorflow/tfjs-layers");
const { version } = require("@tensorflow/tfjs-core/package.json");

// What tfjs does with the terms of each of its losses, and its users with what has no `reduction`.
const reduced = (terms, reduction) => tf.losses.computeWeightedLoss(terms, undefined, reduction);

// The function that a model compiled with a loss of this name calls with the targets and predictions of a batch.
const compiled = (name) => {
  const inputs = layers.input({ shape: [1] });
  const model = layers.model({ inputs, outputs: layers.layers.activation({ activation: "linear" }).apply(inputs) });
  model.compile({ loss: name, optimizer: "sgd" });
  return model.lossFunctions[0];
};
const known = {};
const lossOf = (name) => (known[name] ??= compiled(name));

// A loss of tfjs-layers averages over the last axis itself; term by term it is that of a model with one output.
const shaped = (x, reduction) => (reduction === tf.Reduction.MEAN && x.rank > 0 ? x : tf.expandDims(x, -1));

const testee = new Testee("tensorflow.js", version, { dtypes: ["f32"], package: "tfjs" });

// Answers are written for tf.Reduction; `written` is what a snippet shows.
const offering = (variant) => (name, gradient, written, offer = {}) => {
  const answer = (inputs, parameters, reduction) => written(inputs, parameters, tf.Reduction[reduction.toUpperCase()]);
  testee.loss(name, { variant, gradient, ...offer }, Object.assign(answer, { written }));
};
const core = offering("core");
const layer = offering("layers");

core("sigmoid", ["x"], ({ x }, {}, reduction) => reduced(tf.sigmoid(x), reduction));
core("log_sigmoid", ["x"], ({ x }, {}, reduction) => reduced(tf.logSigmoid(x), reduction));
core("softplus", ["x"], ({ x }, {}, reduction) => reduced(tf.softplus(x), reduction));
core("log_sum_exp", ["x"], ({ x }, {}, reduction) => reduced(tf.logSumExp(x, -1), reduction));
core("softmax", ["x"], ({ x }, {}, reduction) => reduced(tf.softmax(x), reduction));
core("log_softmax", ["x"], ({ x }, {}, reduction) => reduced(tf.logSoftmax(x), reduction));
core("mse", ["prediction", "target"], ({ prediction, target }, {}, reduction) =>
  tf.losses.meanSquaredError(target, prediction, undefined, reduction));
core("mae", ["prediction", "target"], ({ prediction, target }, {}, reduction) =>
  tf.losses.absoluteDifference(target, prediction, undefined, reduction));
core("huber", ["prediction", "target"], ({ prediction, target }, { delta = 1 }, reduction) =>
  tf.losses.huberLoss(target, prediction, undefined, delta, reduction));
core("binary_cross_entropy", ["probability", "target"], ({ probability, target }, {}, reduction) =>
  tf.losses.logLoss(target, probability, undefined, 1e-7, reduction), { conventions: ["logarithms-of-p-plus-1e-7"] });
core("binary_cross_entropy_with_logits", ["logits", "target"], ({ logits, target }, {}, reduction) =>
  tf.losses.sigmoidCrossEntropy(target, logits, undefined, 0, reduction), { inputs: [] });
core("categorical_cross_entropy_with_logits", ["logits", "target"], ({ logits, target }, { label_smoothing = 0 }, reduction) =>
  tf.losses.softmaxCrossEntropy(target, logits, undefined, label_smoothing, reduction), { conventions: ["targets-sum-to-one"] });
// Wants labels 0 and 1, of which it makes -1 and 1 again.
core("hinge", ["score"], ({ score, target }, {}, reduction) =>
  tf.losses.hingeLoss(tf.relu(target), score, undefined, reduction));
core("cosine_distance", ["x1", "x2"], ({ x1, x2 }, {}, reduction) =>
  reduced(tf.squeeze(tf.losses.cosineDistance(x2, x1, -1, undefined, tf.Reduction.NONE), [x1.rank - 1]), reduction),
{ conventions: ["rows-of-length-one"] });

layer("mse", ["prediction", "target"], ({ prediction, target }, {}, reduction) =>
  reduced(lossOf("meanSquaredError")(shaped(target, reduction), shaped(prediction, reduction)), reduction));
layer("mae", ["prediction", "target"], ({ prediction, target }, {}, reduction) =>
  reduced(lossOf("meanAbsoluteError")(shaped(target, reduction), shaped(prediction, reduction)), reduction));
layer("mape", ["prediction", "target"], ({ prediction, target }, {}, reduction) =>
  reduced(lossOf("meanAbsolutePercentageError")(shaped(target, reduction), shaped(prediction, reduction)), reduction),
{ conventions: ["target-floored-1e-7"] });
layer("msle", ["prediction", "target"], ({ prediction, target }, {}, reduction) =>
  reduced(lossOf("meanSquaredLogarithmicError")(shaped(target, reduction), shaped(prediction, reduction)), reduction),
{ conventions: ["inputs-floored-1e-7"] });
layer("log_cosh", ["prediction", "target"], ({ prediction, target }, {}, reduction) =>
  reduced(lossOf("logcosh")(shaped(target, reduction), shaped(prediction, reduction)), reduction));
layer("hinge", ["score"], ({ score, target }, {}, reduction) =>
  reduced(lossOf("hinge")(shaped(target, reduction), shaped(score, reduction)), reduction));
layer("squared_hinge", ["score"], ({ score, target }, {}, reduction) =>
  reduced(lossOf("squaredHinge")(shaped(target, reduction), shaped(score, reduction)), reduction));
layer("binary_cross_entropy", ["probability", "target"], ({ probability, target }, {}, reduction) =>
  reduced(lossOf("binaryCrossentropy")(shaped(target, reduction), shaped(probability, reduction)), reduction),
{ conventions: ["probabilities-clipped-1e-7"] });
layer("categorical_hinge", ["score"], ({ score, target }, {}, reduction) =>
  reduced(lossOf("categoricalHinge")(target, score), reduction), { conventions: ["zero-in-maximum"] });
layer("categorical_cross_entropy", ["probability", "target"], ({ probability, target }, {}, reduction) =>
  reduced(lossOf("categoricalCrossentropy")(target, probability), reduction),
{ conventions: ["normalized-then-clipped-1e-7"] });
layer("sparse_categorical_cross_entropy", ["probability"], ({ probability, labels }, {}, reduction) =>
  reduced(lossOf("sparseCategoricalCrossentropy")(tf.cast(labels, "float32"), probability), reduction),
{ conventions: ["clipped-1e-7-normalized-clipped-1e-7"], parameters: { ignore_index: [-100] } });
layer("kl_divergence", ["target", "probability"], ({ target, probability }, {}, reduction) =>
  reduced(lossOf("kullbackLeiblerDivergence")(target, probability), reduction),
{ conventions: ["logarithms-of-clipped-1e-7"] });
layer("poisson_nll", ["prediction", "target"], ({ prediction, target }, {}, reduction) =>
  reduced(lossOf("poisson")(shaped(target, reduction), shaped(prediction, reduction)), reduction),
{ conventions: ["rate-plus-1e-7"], parameters: { log_input: [false], full: [false], eps: [0] } });
layer("cosine_distance", ["x1", "x2"], ({ x1, x2 }, {}, reduction) => reduced(lossOf("cosineProximity")(x1, x2), reduction),
  { conventions: ["negated-cosine-squares-floored-1e-7"] });

tf.engine().startScope();
testee.serve({
  decode: ({ shape, dtype, data }) => tf.tensor(data, shape, dtype === "i64" ? "int32" : "float32"),
  // Multiplied by one: arithmetic that flushes subnormals shows in an echo.
  encode: (tensor) => ({ shape: tensor.shape, data: tf.mul(tensor, 1).dataSync() }),
  gradient: (f, inputs, wrt, cotangent) => {
    const given = (tensors) => ({ ...inputs, ...Object.fromEntries(wrt.map((name, i) => [name, tensors[i]])) });
    const { value, grads } = tf.valueAndGrads((...tensors) => f(given(tensors)))(wrt.map((name) => inputs[name]), cotangent);
    return [value, Object.fromEntries(wrt.map((name, i) => [name, grads[i]]))];
  },
  snippet: (answer, request, inputs) => snippet(answer.written, request, inputs, { reduced, lossOf: compiled, shaped }),
  // The engine keeps every tensor of a scope until it ends.
  afterwards: () => {
    tf.engine().endScope();
    tf.engine().startScope();
  },
});
