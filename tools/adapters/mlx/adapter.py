"""MLX as a testee, on its CPU device: mlx.nn.losses and the functions of mlx.core and mlx.nn beside them. Gradients are
mx.vjp's. README.md gives the reasons."""

from importlib.metadata import version

import mlx.core as mx
import mlx.nn as nn
import numpy as np
from assay_testee import Testee

mx.set_default_device(mx.cpu)  # the only one that has numbers of 64 bits
FLOATS = {np.dtype("f4"): mx.float32, np.dtype("f8"): mx.float64, np.dtype("i8"): mx.int64}
testee = Testee("mlx", version("mlx"))


def reduced(value, reduction):
    return value if reduction == "none" else getattr(mx, reduction)(value)


def plain(name, function):
    """A function of x that has no reduction of its own."""

    @testee.loss(name, ["x"])
    def loss(inputs, parameters, reduction):
        return reduced(function(inputs["x"]), reduction)


plain("sigmoid", mx.sigmoid)
plain("log_sigmoid", nn.log_sigmoid)
plain("softplus", nn.softplus)
plain("softmax", lambda x: mx.softmax(x, axis=-1))
plain("log_softmax", lambda x: nn.log_softmax(x, axis=-1))
plain("log_sum_exp", lambda x: mx.logsumexp(x, axis=-1))


def regression(name, function, **parameters):
    """A function of prediction and target; `parameters` are those that it takes, and their defaults."""

    @testee.loss(name, ["prediction", "target"])
    def loss(inputs, given, reduction):
        options = {key: given.get(key, default) for key, default in parameters.items()}
        return function(inputs["prediction"], inputs["target"], **options, reduction=reduction)


regression("mse", nn.losses.mse_loss)
regression("mae", nn.losses.l1_loss)
regression("huber", nn.losses.huber_loss, delta=1.0)
regression("smooth_l1", nn.losses.smooth_l1_loss, beta=1.0)
regression("log_cosh", nn.losses.log_cosh_loss)


@testee.loss("gaussian_nll", ["prediction", "target", "variance"])
def gaussian_nll(inputs, parameters, reduction):
    return nn.losses.gaussian_nll_loss(
        inputs["prediction"],
        inputs["target"],
        inputs["variance"],
        full=parameters.get("full", False),
        eps=0.0,  # raises no variance; 1e-6 by default
        reduction=reduction,
    )


@testee.loss("binary_cross_entropy", ["probability", "target"], conventions=["log-clamped-100"])
def binary_cross_entropy(inputs, parameters, reduction):
    return nn.losses.binary_cross_entropy(
        inputs["probability"], inputs["target"], with_logits=False, reduction=reduction
    )


@testee.loss("binary_cross_entropy_with_logits", ["logits", "target"], inputs=[])
def binary_cross_entropy_with_logits(inputs, parameters, reduction):
    return nn.losses.binary_cross_entropy(inputs["logits"], inputs["target"], reduction=reduction)


@testee.loss("hinge", ["score"])
def hinge(inputs, parameters, reduction):
    return nn.losses.hinge_loss(inputs["score"], inputs["target"], reduction=reduction)


@testee.loss("margin_ranking", ["x1", "x2"])
def margin_ranking(inputs, parameters, reduction):
    margin = parameters.get("margin", 0.0)
    return nn.losses.margin_ranking_loss(
        inputs["x1"], inputs["x2"], inputs["target"], margin=margin, reduction=reduction
    )


@testee.loss("kl_divergence", ["target", "probability"])
def kl_divergence(inputs, parameters, reduction):
    # Of two logarithms: there is no form that takes probabilities.
    return nn.losses.kl_div_loss(mx.log(inputs["probability"]), mx.log(inputs["target"]), reduction=reduction)


# No gradient of the target: log-sum-exp less the score presumes a target that sums to 1, and has another slope by it.
@testee.loss("categorical_cross_entropy_with_logits", ["logits"], conventions=["targets-sum-to-one"])
def categorical_cross_entropy_with_logits(inputs, parameters, reduction):
    smoothing = parameters.get("label_smoothing", 0.0)
    return nn.losses.cross_entropy(
        inputs["logits"], inputs["target"], label_smoothing=smoothing, reduction=reduction
    )


def refuse_what_is_no_class(labels, classes):
    if labels.size and not mx.all((labels >= 0) & (labels < classes)).item():
        raise ValueError("a label that is no class: mlx would read memory that is not the row's")


@testee.loss(
    "sparse_categorical_cross_entropy_with_logits", ["logits"], inputs=[], parameters={"ignore_index": [-100]}
)
def sparse_categorical_cross_entropy_with_logits(inputs, parameters, reduction):
    refuse_what_is_no_class(inputs["labels"], inputs["logits"].shape[-1])
    smoothing = parameters.get("label_smoothing", 0.0)
    return nn.losses.cross_entropy(
        inputs["logits"], inputs["labels"], label_smoothing=smoothing, reduction=reduction
    )


@testee.loss("nll", ["log_probability"], inputs=[], parameters={"ignore_index": [-100]})
def nll(inputs, parameters, reduction):
    refuse_what_is_no_class(inputs["labels"], inputs["log_probability"].shape[-1])
    return nn.losses.nll_loss(inputs["log_probability"], inputs["labels"], reduction=reduction)


@testee.loss("cosine_distance", ["x1", "x2"], conventions=["cosine"])
def cosine_distance(inputs, parameters, reduction):
    return nn.losses.cosine_similarity_loss(inputs["x1"], inputs["x2"], axis=-1, reduction=reduction)


@testee.loss(
    "triplet_margin",
    ["anchor", "positive", "negative"],
    parameters={"squared": [False], "swap": [False]},
    conventions=["sums-plus-1e-6"],
)
def triplet_margin(inputs, parameters, reduction):
    return nn.losses.triplet_loss(
        inputs["anchor"],
        inputs["positive"],
        inputs["negative"],
        p=parameters.get("p", 2),
        margin=parameters.get("margin", 1.0),
        reduction=reduction,
    )


def gradient(function, inputs, wrt, cotangent):
    def of(*arrays):
        return function(inputs | dict(zip(wrt, arrays)))

    at = [inputs[name] for name in wrt]
    cotangent = mx.ones_like(of(*at)) if cotangent is None else cotangent
    (value,), slopes = mx.vjp(of, at, [cotangent])
    return value, dict(zip(wrt, slopes))


if __name__ == "__main__":
    testee.serve(
        decode=lambda array: mx.array(array, dtype=FLOATS[array.dtype]),
        encode=lambda tensor: np.array(tensor),
        gradient=gradient,
    )
