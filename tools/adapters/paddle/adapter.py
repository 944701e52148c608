"""PaddlePaddle as a testee, on the CPU: paddle.nn.functional, gradients by paddle.grad. README.md gives the reasons."""

import os

for pool in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):  # before numpy is loaded
    os.environ.setdefault(pool, "1")
os.environ.setdefault("GLOG_minloglevel", "2")

import numpy as np
import paddle
import paddle.nn.functional as F
from assay_testee import Testee

LEAST = 5e-324  # for an epsilon that must be positive and shall do nothing

paddle.set_device("cpu")
testee = Testee("paddlepaddle", paddle.__version__, package="paddle")


def reduced(value, reduction):
    """What one writes after a function that has no `reduction` of its own."""
    return value if reduction == "none" else getattr(paddle, reduction)(value)


def rows(tensor):
    """Of some losses, two axes are asked for, the second one of classes: all others become the first."""
    return tensor.reshape([int(np.prod(tensor.shape[:-1])), tensor.shape[-1]])


def in_rows(value, like, reduction):
    return value.reshape(like.shape) if reduction == "none" else value


def refuse_what_is_no_class(labels, classes, ignored=None):
    numbers = labels.numpy()
    if not (((numbers >= 0) & (numbers < classes)) | (numbers == ignored)).all():
        raise ValueError("a label that is no class: paddle would read memory that is not the row's")


def plain(name, function):
    """A function of x that has no reduction of its own."""

    @testee.loss(name, ["x"])
    def loss(inputs, parameters, reduction):
        return reduced(function(inputs["x"]), reduction)


plain("sigmoid", F.sigmoid)
plain("log_sigmoid", F.log_sigmoid)
plain("softplus", F.softplus)
plain("softmax", F.softmax)
plain("log_softmax", F.log_softmax)
plain("log_sum_exp", lambda x: paddle.logsumexp(x, axis=-1))


def element_wise(name, function, inputs, gradient=None, fixed=None, conventions=(), narrowed=None, **renamed):
    """A function of inputs of one shape; `renamed` says which of its arguments is which parameter, and the default."""

    @testee.loss(name, gradient or inputs, conventions=list(conventions), parameters=narrowed)
    def loss(given, parameters, reduction):
        options = {key: parameters.get(key_of, default) for key, (key_of, default) in renamed.items()}
        tensors = [given[each] for each in inputs]
        return function(*tensors, **options, **(fixed or {}), reduction=reduction)


PAIR = ["prediction", "target"]
element_wise("mse", F.mse_loss, PAIR)
element_wise("mae", F.l1_loss, PAIR)
element_wise("huber", F.smooth_l1_loss, PAIR, delta=("delta", 1.0))
element_wise("smooth_l1", F.smooth_l1_loss, PAIR, fixed={"is_huber": False}, delta=("beta", 1.0))
element_wise(
    "gaussian_nll",
    F.gaussian_nll_loss,
    [*PAIR, "variance"],
    fixed={"epsilon": LEAST},  # raises no variance; 1e-6 by default
    full=("full", False),
)
element_wise(
    "binary_cross_entropy",
    F.binary_cross_entropy,
    ["probability", "target"],
    ["probability"],
    conventions=["log-clamped-100"],
)
element_wise(
    "binary_focal_with_logits",
    F.sigmoid_focal_loss,
    ["logits", "target"],
    ["logits"],
    narrowed={"alpha": [0, 0.25, 0.5, 0.75, 1]},  # -1, which takes it away, is the suite's and torchvision's
    alpha=("alpha", 0.25),
    gamma=("gamma", 2.0),
)
element_wise("soft_margin", F.soft_margin_loss, ["score", "target"], ["score"])
element_wise(
    "hinge_embedding", F.hinge_embedding_loss, ["distance", "target"], ["distance"], margin=("margin", 1.0)
)
element_wise(
    "margin_ranking", F.margin_ranking_loss, ["x1", "x2", "target"], ["x1", "x2"], margin=("margin", 0.0)
)


@testee.loss("poisson_nll", PAIR)
def poisson_nll(inputs, parameters, reduction):
    return F.poisson_nll_loss(
        inputs["prediction"],
        inputs["target"],
        log_input=parameters.get("log_input", True),
        full=parameters.get("full", False),
        epsilon=parameters.get("eps", 0.0) or LEAST,  # must be positive; 1e-8 by default
        reduction=reduction,
    )


@testee.loss("binary_cross_entropy_with_logits", ["logits"])
def binary_cross_entropy_with_logits(inputs, parameters, reduction):
    return F.binary_cross_entropy_with_logits(
        inputs["logits"], inputs["target"], pos_weight=inputs.get("pos_weight"), reduction=reduction
    )


@testee.loss("kl_divergence", ["probability"])
def kl_divergence(inputs, parameters, reduction):
    log_probability, target = rows(paddle.log(inputs["probability"])), rows(inputs["target"])
    if reduction == "none":
        return F.kl_div(log_probability, target, reduction="none").sum(-1).reshape(inputs["target"].shape[:-1])
    return F.kl_div(log_probability, target, reduction="batchmean" if reduction == "mean" else "sum")


@testee.loss("categorical_cross_entropy_with_logits", ["logits"])
def categorical_cross_entropy_with_logits(inputs, parameters, reduction):
    value = F.cross_entropy(
        inputs["logits"],
        inputs["target"],
        soft_label=True,
        label_smoothing=parameters.get("label_smoothing", 0.0),
        reduction=reduction,
    )
    return value.squeeze(-1) if reduction == "none" else value


@testee.loss("sparse_categorical_cross_entropy_with_logits", ["logits"])
def sparse_categorical_cross_entropy_with_logits(inputs, parameters, reduction):
    ignored = int(parameters.get("ignore_index", -100))
    refuse_what_is_no_class(inputs["labels"], inputs["logits"].shape[-1], ignored)
    value = F.cross_entropy(
        rows(inputs["logits"]),
        inputs["labels"].reshape([-1]),
        weight=inputs.get("weight"),
        ignore_index=ignored,
        label_smoothing=parameters.get("label_smoothing", 0.0),
        reduction=reduction,
    )
    return in_rows(value, inputs["labels"], reduction)


@testee.loss("nll", ["log_probability"])
def nll(inputs, parameters, reduction):
    ignored = int(parameters.get("ignore_index", -100))
    refuse_what_is_no_class(inputs["labels"], inputs["log_probability"].shape[-1], ignored)
    if reduction != "none" and inputs["log_probability"].dtype == paddle.float64:
        if (inputs["labels"] == ignored).any():
            raise ValueError("ignored rows of doubles, reduced: paddle 3.3.1 would write past an allocation and may die")
    value = F.nll_loss(
        rows(inputs["log_probability"]),
        inputs["labels"].reshape([-1]),
        weight=inputs.get("weight"),
        ignore_index=ignored,
        reduction=reduction,
    )
    return in_rows(value, inputs["labels"], reduction)


@testee.loss("multi_margin", ["score"])
def multi_margin(inputs, parameters, reduction):
    refuse_what_is_no_class(inputs["labels"], inputs["score"].shape[-1])
    value = F.multi_margin_loss(
        rows(inputs["score"]),
        inputs["labels"].reshape([-1]),
        p=int(parameters.get("p", 1)),
        margin=parameters.get("margin", 1.0),
        weight=inputs.get("weight"),
        reduction=reduction,
    )
    return in_rows(value, inputs["labels"], reduction)


@testee.loss("multilabel_margin", ["score"], ranks=[2])
def multilabel_margin(inputs, parameters, reduction):
    return F.multi_label_margin_loss(inputs["score"], inputs["labels"], reduction=reduction)


@testee.loss("multilabel_soft_margin", ["logits", "target"])
def multilabel_soft_margin(inputs, parameters, reduction):
    return F.multi_label_soft_margin_loss(
        inputs["logits"], inputs["target"], weight=inputs.get("weight"), reduction=reduction
    )


@testee.loss("cosine_embedding", ["x1", "x2"])
def cosine_embedding(inputs, parameters, reduction):
    value = F.cosine_embedding_loss(
        rows(inputs["x1"]),
        rows(inputs["x2"]),
        inputs["target"].reshape([-1]),
        margin=parameters.get("margin", 0.0),
        reduction=reduction,
    )
    return in_rows(value, inputs["target"], reduction)


@testee.loss("triplet_margin", ["anchor", "positive", "negative"], parameters={"squared": [False]})
def triplet_margin(inputs, parameters, reduction):
    return F.triplet_margin_loss(
        inputs["anchor"],
        inputs["positive"],
        inputs["negative"],
        margin=parameters.get("margin", 1.0),
        p=parameters.get("p", 2),
        epsilon=0.0,  # added to every difference of components; 1e-6 by default
        swap=parameters.get("swap", False),
        reduction=reduction,
    )


@testee.loss("ctc", ["log_probability"], conventions=["logits-normalized-first"])
def ctc(inputs, parameters, reduction):
    frames, _, classes = inputs["log_probability"].shape
    if classes < 2 or not inputs["target_lengths"].any():
        raise ValueError("one class, or no label at all: paddle 3.3.1 would divide an integer by zero and die")
    if (inputs["input_lengths"] > frames).any() or (inputs["target_lengths"] > inputs["labels"].shape[-1]).any():
        raise ValueError("a length beyond its axis: paddle would read memory that is not its own")
    for labels, length in zip(inputs["labels"].numpy(), inputs["target_lengths"].tolist()):
        refuse_what_is_no_class(paddle.to_tensor(labels[:length]), classes)
    return F.ctc_loss(
        inputs["log_probability"],
        inputs["labels"].astype("int32"),
        inputs["input_lengths"],
        inputs["target_lengths"],
        blank=int(parameters.get("blank", 0)),
        reduction=reduction,
        zero_infinity=parameters.get("zero_infinity", False),
    )


def gradient(function, inputs, wrt, cotangent):
    for name in wrt:
        inputs[name].stop_gradient = False
    value = function(inputs)
    if cotangent is not None and cotangent.shape != value.shape:
        raise ValueError("a cotangent of another shape: paddle would read memory that is not its own")
    asked = [inputs[name] for name in wrt]
    slopes = paddle.grad([value], asked, [cotangent] if cotangent is not None else None, allow_unused=True)
    # No gradient is what `backward` leaves behind as well, and optimisers take it for 0.
    slopes = [paddle.zeros_like(x) if slope is None else slope for x, slope in zip(asked, slopes)]
    return value, dict(zip(wrt, slopes))


if __name__ == "__main__":
    testee.serve(
        decode=paddle.to_tensor, encode=lambda tensor: tensor.numpy(), gradient=gradient
    )
