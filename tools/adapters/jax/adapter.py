"""JAX with Optax as a testee: what is offered of each loss, and through which call, the functions below say; README.md
gives the reasons. Gradients are jax.vjp's, and 64-bit numbers are enabled by `run`."""

import functools
import json

import jax
import jax.numpy as jnp
import numpy
import optax
from assay_testee import Testee
from jax.scipy import special
from optax import losses

testee = Testee("jax", f"{jax.__version__} with optax {optax.__version__}", dtypes=["f32", "f64"])


@functools.lru_cache(maxsize=256)
def program(function, parameters, reduction, wrt):
    """Value and gradients as one function of the inputs: compiled as a whole, as training code is, and kept, since
    compiling takes a hundred times as long as running and many questions are about one shape."""

    def of(inputs, cotangent):
        def differentiated(given):
            return function({**inputs, **given}, json.loads(parameters), reduction)

        value, pull_back = jax.vjp(differentiated, {name: inputs[name] for name in wrt})
        return value, pull_back(jnp.ones_like(value) if cotangent is None else cotangent)[0]

    return jax.jit(of)


def offers(name, gradient, compiled=True, **offer):
    """Registers a function of (inputs, parameters, reduction) as the loss of that name."""

    def register(function):
        @testee.loss(name, gradient, analytic=True, **offer)
        def answer(inputs, parameters, reduction, wrt, cotangent):
            of = program(function, json.dumps(parameters), reduction, tuple(wrt))
            return (of if compiled else of.__wrapped__)(inputs, cotangent)

        return function

    return register


def reduced(value, reduction):
    """What Optax tells its users to write: its losses have no reduction of their own."""
    return value if reduction == "none" else getattr(value, reduction)()


@offers("sigmoid", ["x"])
def sigmoid(inputs, parameters, reduction):
    return reduced(jax.nn.sigmoid(inputs["x"]), reduction)


@offers("log_sigmoid", ["x"])
def log_sigmoid(inputs, parameters, reduction):
    return reduced(jax.nn.log_sigmoid(inputs["x"]), reduction)


@offers("softplus", ["x"])
def softplus(inputs, parameters, reduction):
    return reduced(jax.nn.softplus(inputs["x"]), reduction)


@offers("softmax", ["x"])
def softmax(inputs, parameters, reduction):
    return reduced(jax.nn.softmax(inputs["x"], axis=-1), reduction)


@offers("log_softmax", ["x"])
def log_softmax(inputs, parameters, reduction):
    return reduced(jax.nn.log_softmax(inputs["x"], axis=-1), reduction)


@offers("log_sum_exp", ["x"])
def log_sum_exp(inputs, parameters, reduction):
    return reduced(jax.nn.logsumexp(inputs["x"], axis=-1), reduction)


@offers("mse", ["prediction", "target"])
def mse(inputs, parameters, reduction):
    return reduced(losses.squared_error(inputs["prediction"], inputs["target"]), reduction)


@offers("huber", ["prediction", "target"])
def huber(inputs, parameters, reduction):
    value = losses.huber_loss(inputs["prediction"], inputs["target"], delta=parameters.get("delta", 1.0))
    return reduced(value, reduction)


@offers("log_cosh", ["prediction", "target"])
def log_cosh(inputs, parameters, reduction):
    return reduced(losses.log_cosh(inputs["prediction"], inputs["target"]), reduction)


@offers("binary_cross_entropy_with_logits", ["logits", "target"], inputs=[])
def binary_cross_entropy_with_logits(inputs, parameters, reduction):
    return reduced(losses.sigmoid_binary_cross_entropy(inputs["logits"], inputs["target"]), reduction)


@offers("binary_focal_with_logits", ["logits", "target"])
def binary_focal_with_logits(inputs, parameters, reduction):
    alpha = parameters.get("alpha", 0.25)
    value = losses.sigmoid_focal_loss(
        inputs["logits"],
        inputs["target"],
        alpha=None if alpha == -1 else alpha,
        gamma=parameters.get("gamma", 2.0),
    )
    return reduced(value, reduction)


@offers("hinge", ["score"])
def hinge(inputs, parameters, reduction):
    return reduced(losses.hinge_loss(inputs["score"], inputs["target"]), reduction)


@offers("categorical_hinge", ["score"])
def categorical_hinge(inputs, parameters, reduction):
    value = losses.multiclass_hinge_loss(inputs["score"], inputs["target"].argmax(-1))
    return reduced(value, reduction)


@offers("entropy", ["p"])
def entropy(inputs, parameters, reduction):
    return reduced(special.entr(inputs["p"]).sum(-1), reduction)


@offers("kl_divergence", ["target", "probability"], variant="rel_entr")
def rel_entr(inputs, parameters, reduction):
    return reduced(special.rel_entr(inputs["target"], inputs["probability"]).sum(-1), reduction)


@offers("kl_divergence", ["target", "probability"], variant="optax")
def kl_divergence(inputs, parameters, reduction):
    return reduced(losses.kl_divergence(jnp.log(inputs["probability"]), inputs["target"]), reduction)


@offers("categorical_cross_entropy_with_logits", ["logits", "target"], variant="softmax_cross_entropy")
def softmax_cross_entropy(inputs, parameters, reduction):
    labels = losses.smooth_labels(inputs["target"], parameters.get("label_smoothing", 0.0))
    return reduced(losses.softmax_cross_entropy(inputs["logits"], labels), reduction)


@offers("categorical_cross_entropy_with_logits", ["logits", "target"], variant="safe_softmax_cross_entropy")
def safe_softmax_cross_entropy(inputs, parameters, reduction):
    labels = losses.smooth_labels(inputs["target"], parameters.get("label_smoothing", 0.0))
    return reduced(losses.safe_softmax_cross_entropy(inputs["logits"], labels), reduction)


@offers(
    "sparse_categorical_cross_entropy_with_logits",
    ["logits"],
    inputs=[],
    parameters={"label_smoothing": [0]},
)
def softmax_cross_entropy_with_integer_labels(inputs, parameters, reduction):
    kept = inputs["labels"] != int(parameters.get("ignore_index", -100))
    value = losses.softmax_cross_entropy_with_integer_labels(inputs["logits"], inputs["labels"], where=kept)
    return value.mean(where=kept) if reduction == "mean" else reduced(value, reduction)


@offers("poly_cross_entropy_with_logits", ["logits"], parameters={"epsilon": [[1], [2], [-1], [-2], [3]], "divide_by_degree": [False]})
def poly_cross_entropy_with_logits(inputs, parameters, reduction):
    labels = jax.nn.one_hot(inputs["labels"], inputs["logits"].shape[-1], dtype=inputs["logits"].dtype)
    (epsilon,) = parameters.get("epsilon", [1.0])
    return reduced(losses.poly_loss_cross_entropy(inputs["logits"], labels, epsilon=epsilon), reduction)


def overlap(inputs, reduction, **options):
    """dice_loss wants distributions over the classes: the set and what is not in it, of which the first is the loss's."""
    probability, target = (jnp.stack([inputs[x], 1 - inputs[x]], -1) for x in ("probability", "target"))
    value = losses.dice_loss(probability, target, apply_softmax=False, axis=-2, reduction="none", **options)
    return reduced(value[..., 0], reduction)


@offers("dice", ["probability", "target"], compiled=False, parameters={"squared": [False]})
def dice(inputs, parameters, reduction):
    # Optax's numerator and denominator are half of the usual ones.
    return overlap(inputs, reduction, smooth=parameters.get("smooth", 0.0) / 2)


@offers("jaccard", ["probability", "target"], compiled=False)
def jaccard(inputs, parameters, reduction):
    return overlap(inputs, reduction, alpha=1.0, beta=1.0, smooth=parameters.get("smooth", 0.0))


@offers("tversky", ["probability", "target"], compiled=False)
def tversky(inputs, parameters, reduction):
    options = {"alpha": 0.5, "beta": 0.5, "smooth": 0.0, **parameters}
    return overlap(inputs, reduction, **options)


@offers("cosine_distance", ["x1", "x2"])
def cosine_distance(inputs, parameters, reduction):
    return reduced(losses.cosine_distance(inputs["x1"], inputs["x2"]), reduction)


@offers(
    "triplet_margin",
    ["anchor", "positive", "negative"],
    parameters={"squared": [False], "swap": [False]},
    conventions=["sums-plus-1e-6"],
)
def triplet_margin(inputs, parameters, reduction):
    value = losses.triplet_margin_loss(
        inputs["anchor"],
        inputs["positive"],
        inputs["negative"],
        norm_degree=parameters.get("p", 2),
        margin=parameters.get("margin", 1.0),
    )
    return reduced(value, reduction)


@offers("nt_xent", ["z"], reductions=["mean"])
def nt_xent(inputs, parameters, reduction):
    pairs = jnp.tile(jnp.arange(inputs["z"].shape[0] // 2), 2)
    return losses.ntxent(inputs["z"], pairs, temperature=parameters.get("temperature", 0.5))


@offers(
    "ctc",
    ["log_probability"],
    reductions=["none", "sum"],
    parameters={"zero_infinity": [False]},
    conventions=["logits-normalized-first"],
)
def ctc(inputs, parameters, reduction):
    logits = inputs["log_probability"].transpose(1, 0, 2)

    def paddings(lengths, longest):
        return (jnp.arange(longest) >= lengths[:, None]).astype(logits.dtype)

    value = losses.ctc_loss(
        logits,
        paddings(inputs["input_lengths"], logits.shape[1]),
        inputs["labels"],
        paddings(inputs["target_lengths"], inputs["labels"].shape[1]),
        blank_id=int(parameters.get("blank", 0)),
    )
    return reduced(value, reduction)


testee.serve(decode=jnp.asarray, encode=numpy.asarray)
