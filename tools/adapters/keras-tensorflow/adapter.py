"""Keras 3 as a testee, on the backend that $KERAS_BACKEND names: what is offered of each loss, and through which call,
the functions below say; README.md gives the reasons. Gradients are the backend's: GradientTape's or jax.vjp's."""

import functools
import json

import keras
import numpy
from assay_testee import Testee
from keras import losses, ops

BACKEND = keras.backend.backend()
if BACKEND == "tensorflow":
    import tensorflow as backend

    backend.config.threading.set_intra_op_parallelism_threads(1)
    backend.config.threading.set_inter_op_parallelism_threads(1)
else:
    import jax as backend

# Keras has no 64 bits on JAX, say its authors: means are rounded to float32 there, and come back as float64.
DTYPES = ["f32"] if BACKEND == "jax" else ["f32", "f64"]
testee = Testee(f"keras-{BACKEND}", f"{keras.__version__} with {BACKEND} {backend.__version__}", dtypes=DTYPES)


def gradient_tensorflow(function, inputs, wrt, cotangent):
    with backend.GradientTape() as tape:
        tape.watch([inputs[name] for name in wrt])
        value = function(inputs)
    slopes = tape.gradient(value, [inputs[name] for name in wrt], cotangent, backend.UnconnectedGradients.ZERO)
    return value, dict(zip(wrt, map(ops.convert_to_tensor, slopes)))


def gradient_jax(function, inputs, wrt, cotangent):
    value, pull_back = backend.vjp(lambda given: function({**inputs, **given}), {name: inputs[name] for name in wrt})
    return value, pull_back(ops.ones_like(value) if cotangent is None else cotangent)[0]


@functools.lru_cache(maxsize=256)
def program(function, parameters, reduction, wrt):
    """Value and gradients as one function of the inputs and the cotangent. On JAX it is compiled, as Keras does."""

    def of(inputs, cotangent):
        asked = lambda given: function(given, json.loads(parameters), reduction)
        if not wrt:
            return asked(inputs), {}
        return (gradient_jax if BACKEND == "jax" else gradient_tensorflow)(asked, inputs, wrt, cotangent)

    return backend.jit(of) if BACKEND == "jax" else of


def offers(name, gradient, **offer):
    """Registers a function of (inputs, parameters, reduction) as the loss of that name."""

    def register(function):
        @testee.loss(name, gradient, analytic=True, **offer)
        def answer(inputs, parameters, reduction, wrt, cotangent):
            return program(function, json.dumps(parameters), reduction, tuple(wrt))(inputs, cotangent)

        return function

    return register


REDUCTIONS = {"none": "none", "sum": "sum", "mean": "sum_over_batch_size"}


def loss(kind, target, prediction, reduction, **options):
    """A loss of Keras's as its users make it. Whatever was decoded has the dtype of the case."""
    dtype = keras.backend.standardize_dtype(prediction.dtype)
    return kind(reduction=REDUCTIONS[reduction], dtype=dtype, **options)(target, prediction)


def elementwise(kind, target, prediction, reduction, **options):
    """Keras takes the mean over the last axis in any case: here that has one element."""
    return loss(kind, target[..., None], prediction[..., None], reduction, **options)


def reduced(value, reduction):
    return value if reduction == "none" else getattr(ops, reduction)(value)


@offers("sigmoid", ["x"])
def sigmoid(inputs, parameters, reduction):
    return reduced(ops.sigmoid(inputs["x"]), reduction)


@offers("log_sigmoid", ["x"])
def log_sigmoid(inputs, parameters, reduction):
    return reduced(ops.log_sigmoid(inputs["x"]), reduction)


@offers("softplus", ["x"])
def softplus(inputs, parameters, reduction):
    return reduced(ops.softplus(inputs["x"]), reduction)


@offers("softmax", ["x"])
def softmax(inputs, parameters, reduction):
    return reduced(ops.softmax(inputs["x"], axis=-1), reduction)


@offers("log_softmax", ["x"])
def log_softmax(inputs, parameters, reduction):
    return reduced(ops.log_softmax(inputs["x"], axis=-1), reduction)


@offers("log_sum_exp", ["x"])
def log_sum_exp(inputs, parameters, reduction):
    return reduced(ops.logsumexp(inputs["x"], axis=-1), reduction)


@offers("mse", ["prediction", "target"])
def mse(inputs, parameters, reduction):
    return elementwise(losses.MeanSquaredError, inputs["target"], inputs["prediction"], reduction)


@offers("mae", ["prediction", "target"])
def mae(inputs, parameters, reduction):
    return elementwise(losses.MeanAbsoluteError, inputs["target"], inputs["prediction"], reduction)


@offers("mape", ["prediction", "target"], conventions=["target-floored-1e-7"])
def mape(inputs, parameters, reduction):
    return elementwise(losses.MeanAbsolutePercentageError, inputs["target"], inputs["prediction"], reduction)


@offers("msle", ["prediction", "target"], conventions=["inputs-floored-1e-7"])
def msle(inputs, parameters, reduction):
    return elementwise(losses.MeanSquaredLogarithmicError, inputs["target"], inputs["prediction"], reduction)


@offers("huber", ["prediction", "target"])
def huber(inputs, parameters, reduction):
    delta = parameters.get("delta", 1.0)
    return elementwise(losses.Huber, inputs["target"], inputs["prediction"], reduction, delta=delta)


@offers("log_cosh", ["prediction", "target"])
def log_cosh(inputs, parameters, reduction):
    return elementwise(losses.LogCosh, inputs["target"], inputs["prediction"], reduction)


@offers(
    "poisson_nll",
    ["prediction", "target"],
    parameters={"log_input": [False], "full": [False], "eps": [0]},
    conventions=["rate-plus-1e-7"],
)
def poisson_nll(inputs, parameters, reduction):
    return elementwise(losses.Poisson, inputs["target"], inputs["prediction"], reduction)


@offers("binary_cross_entropy", ["probability", "target"], conventions=["probabilities-clipped-1e-7"])
def binary_cross_entropy(inputs, parameters, reduction):
    return elementwise(losses.BinaryCrossentropy, inputs["target"], inputs["probability"], reduction)


@offers("binary_cross_entropy_with_logits", ["logits", "target"], inputs=[])
def binary_cross_entropy_with_logits(inputs, parameters, reduction):
    return elementwise(losses.BinaryCrossentropy, inputs["target"], inputs["logits"], reduction, from_logits=True)


@offers("binary_focal_with_logits", ["logits", "target"], conventions=["probabilities-clipped-1e-7"])
def binary_focal_with_logits(inputs, parameters, reduction):
    alpha, gamma = parameters.get("alpha", 0.25), parameters.get("gamma", 2.0)
    balanced = {"apply_class_balancing": True, "alpha": alpha} if alpha != -1 else {}
    kind = losses.BinaryFocalCrossentropy
    return elementwise(
        kind, inputs["target"], inputs["logits"], reduction, gamma=gamma, from_logits=True, **balanced
    )


@offers("hinge", ["score"])
def hinge(inputs, parameters, reduction):
    return elementwise(losses.Hinge, inputs["target"], inputs["score"], reduction)


@offers("squared_hinge", ["score"])
def squared_hinge(inputs, parameters, reduction):
    return elementwise(losses.SquaredHinge, inputs["target"], inputs["score"], reduction)


@offers("categorical_hinge", ["score"], conventions=["zero-in-maximum"])
def categorical_hinge(inputs, parameters, reduction):
    return loss(losses.CategoricalHinge, inputs["target"], inputs["score"], reduction)


@offers(
    "categorical_cross_entropy", ["probability", "target"], conventions=["normalized-then-clipped-1e-7"]
)
def categorical_cross_entropy(inputs, parameters, reduction):
    return loss(losses.CategoricalCrossentropy, inputs["target"], inputs["probability"], reduction)


@offers("categorical_cross_entropy_with_logits", ["logits", "target"])
def categorical_cross_entropy_with_logits(inputs, parameters, reduction):
    smoothing = parameters.get("label_smoothing", 0.0)
    kind = losses.CategoricalCrossentropy
    return loss(
        kind, inputs["target"], inputs["logits"], reduction, from_logits=True, label_smoothing=smoothing
    )


@offers(
    "sparse_categorical_cross_entropy",
    ["probability"],
    conventions=["clipped-1e-7-then-normalized" if BACKEND == "tensorflow" else "normalized-then-clipped-1e-7"],
)
def sparse_categorical_cross_entropy(inputs, parameters, reduction):
    ignored = int(parameters.get("ignore_index", -100))
    kind = losses.SparseCategoricalCrossentropy
    return loss(kind, inputs["labels"], inputs["probability"], reduction, ignore_class=ignored)


@offers(
    "sparse_categorical_cross_entropy_with_logits",
    ["logits"],
    inputs=[],
    parameters={"label_smoothing": [0]},
)
def sparse_categorical_cross_entropy_with_logits(inputs, parameters, reduction):
    ignored = int(parameters.get("ignore_index", -100))
    kind = losses.SparseCategoricalCrossentropy
    return loss(kind, inputs["labels"], inputs["logits"], reduction, ignore_class=ignored, from_logits=True)


@offers("focal_with_logits", ["logits"], inputs=[], conventions=["probabilities-clipped-1e-7"])
def focal_with_logits(inputs, parameters, reduction):
    logits, gamma = inputs["logits"], parameters.get("gamma", 2.0)
    target = ops.one_hot(inputs["labels"], logits.shape[-1], dtype=logits.dtype)
    kind = losses.CategoricalFocalCrossentropy
    return loss(kind, target, logits, reduction, alpha=1.0, gamma=gamma, from_logits=True)


@offers("kl_divergence", ["target", "probability"], conventions=["inputs-clipped-1e-7"])
def kl_divergence(inputs, parameters, reduction):
    return loss(losses.KLDivergence, inputs["target"], inputs["probability"], reduction)


@offers("multilabel_soft_margin", ["logits", "target"], inputs=[])
def multilabel_soft_margin(inputs, parameters, reduction):
    return loss(losses.BinaryCrossentropy, inputs["target"], inputs["logits"], reduction, from_logits=True)


@offers(
    "dice",
    ["probability", "target"],
    parameters={"squared": [False], "smooth": [0]},
    conventions=["denominator-plus-1e-7"],
)
def dice(inputs, parameters, reduction):
    return loss(losses.Dice, inputs["target"], inputs["probability"], reduction, axis=-1)


@offers(
    "tversky",
    ["probability", "target"],
    parameters={"smooth": [0]},
    conventions=["denominator-plus-1e-7"],
)
def tversky(inputs, parameters, reduction):
    weights = {"alpha": parameters.get("alpha", 0.5), "beta": parameters.get("beta", 0.5)}
    return loss(losses.Tversky, inputs["target"], inputs["probability"], reduction, axis=-1, **weights)


@offers("cosine_distance", ["x1", "x2"], conventions=["negated-cosine"])
def cosine_distance(inputs, parameters, reduction):
    return loss(losses.CosineSimilarity, inputs["x2"], inputs["x1"], reduction)


@offers(
    "ctc",
    ["log_probability"],
    reductions=["none", "sum"],
    parameters={"zero_infinity": [False]},
    conventions=["logits-normalized-first"],
)
def ctc(inputs, parameters, reduction):
    value = ops.ctc_loss(
        inputs["labels"],
        ops.transpose(inputs["log_probability"], (1, 0, 2)),
        inputs["target_lengths"],
        inputs["input_lengths"],
        mask_index=int(parameters.get("blank", 0)),
    )
    return reduced(value, reduction)


testee.serve(decode=ops.convert_to_tensor, encode=ops.convert_to_numpy)
