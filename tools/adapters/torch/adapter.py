"""PyTorch as a testee. Gradients are autograd's. What is offered of each loss, and through which call of torch, the
functions below say; README.md gives the reasons."""

import os
import sys

import torch
import torch.nn.functional as F

sys.path.insert(1, os.path.join(os.path.dirname(os.path.realpath(__file__)), "../kit/python"))  # Debian's run sets no path

from assay_testee import Testee
from snippet import snippet
from tensors import TYPES, decode, encode, gradient, serve

# Of a release, +cu132 or +cpu behind the number says which other devices it could use.
testee = Testee("pytorch", torch.__version__.partition("+c")[0], TYPES, package="torch")


def reduced(value, reduction):
    """What one writes after a torch function that has no `reduction` of its own."""
    return value if reduction == "none" else getattr(value, reduction)()


def rows(tensor):
    """Torch's classes are axis 1, the suite's are the last: all other axes become one."""
    return tensor.reshape(tensor.shape[:-1].numel(), tensor.shape[-1])


@testee.loss("sigmoid", ["x"])
def sigmoid(inputs, parameters, reduction):
    return reduced(torch.sigmoid(inputs["x"]), reduction)


@testee.loss("log_sigmoid", ["x"])
def log_sigmoid(inputs, parameters, reduction):
    return reduced(F.logsigmoid(inputs["x"]), reduction)


@testee.loss("softplus", ["x"])
def softplus(inputs, parameters, reduction):
    return reduced(F.softplus(inputs["x"]), reduction)


@testee.loss("softmax", ["x"])
def softmax(inputs, parameters, reduction):
    return reduced(F.softmax(inputs["x"], dim=-1), reduction)


@testee.loss("log_sum_exp", ["x"])
def log_sum_exp(inputs, parameters, reduction):
    return reduced(torch.logsumexp(inputs["x"], dim=-1), reduction)


@testee.loss("mse", ["prediction", "target"])
def mse(inputs, parameters, reduction):
    return F.mse_loss(inputs["prediction"], inputs["target"], reduction=reduction)


@testee.loss("mae", ["prediction", "target"])
def mae(inputs, parameters, reduction):
    return F.l1_loss(inputs["prediction"], inputs["target"], reduction=reduction)


@testee.loss("huber", ["prediction", "target"])
def huber(inputs, parameters, reduction):
    delta = parameters.get("delta", 1.0)
    return F.huber_loss(inputs["prediction"], inputs["target"], delta=delta, reduction=reduction)


@testee.loss("smooth_l1", ["prediction", "target"])
def smooth_l1(inputs, parameters, reduction):
    beta = parameters.get("beta", 1.0)
    return F.smooth_l1_loss(inputs["prediction"], inputs["target"], beta=beta, reduction=reduction)


@testee.loss("poisson_nll", ["prediction", "target"])
def poisson_nll(inputs, parameters, reduction):
    return F.poisson_nll_loss(
        inputs["prediction"],
        inputs["target"],
        log_input=parameters.get("log_input", True),
        full=parameters.get("full", False),
        eps=parameters.get("eps", 0.0),
        reduction=reduction,
    )


@testee.loss("gaussian_nll", ["prediction", "target", "variance"])
def gaussian_nll(inputs, parameters, reduction):
    return F.gaussian_nll_loss(
        inputs["prediction"],
        inputs["target"],
        inputs["variance"],
        full=parameters.get("full", False),
        eps=5e-324,  # the least positive number: raises no variance
        reduction=reduction,
    )


@testee.loss("binary_cross_entropy", ["probability", "target"], conventions=["log-clamped-100"])
def binary_cross_entropy(inputs, parameters, reduction):
    return F.binary_cross_entropy(inputs["probability"], inputs["target"], reduction=reduction)


@testee.loss("binary_cross_entropy_with_logits", ["logits", "target"])
def binary_cross_entropy_with_logits(inputs, parameters, reduction):
    return F.binary_cross_entropy_with_logits(
        inputs["logits"], inputs["target"], pos_weight=inputs.get("pos_weight"), reduction=reduction
    )


@testee.loss("soft_margin", ["score"])
def soft_margin(inputs, parameters, reduction):
    return F.soft_margin_loss(inputs["score"], inputs["target"], reduction=reduction)


@testee.loss("hinge_embedding", ["distance"])
def hinge_embedding(inputs, parameters, reduction):
    margin = parameters.get("margin", 1.0)
    return F.hinge_embedding_loss(inputs["distance"], inputs["target"], margin=margin, reduction=reduction)


@testee.loss("margin_ranking", ["x1", "x2"])
def margin_ranking(inputs, parameters, reduction):
    margin = parameters.get("margin", 0.0)
    return F.margin_ranking_loss(
        inputs["x1"], inputs["x2"], inputs["target"], margin=margin, reduction=reduction
    )


@testee.loss("entropy", ["p"])
def entropy(inputs, parameters, reduction):
    return reduced(torch.special.entr(inputs["p"]).sum(-1), reduction)


@testee.loss("kl_divergence", ["target", "probability"])
def kl_divergence(inputs, parameters, reduction):
    log_probability, target = rows(inputs["probability"].log()), rows(inputs["target"])
    if reduction == "none":
        value = F.kl_div(log_probability, target, reduction="none").sum(-1)
        return value.reshape(inputs["target"].shape[:-1])
    return F.kl_div(log_probability, target, reduction="batchmean" if reduction == "mean" else "sum")


@testee.loss("categorical_cross_entropy_with_logits", ["logits", "target"])
def categorical_cross_entropy_with_logits(inputs, parameters, reduction):
    value = F.cross_entropy(
        rows(inputs["logits"]),
        rows(inputs["target"]),
        label_smoothing=parameters.get("label_smoothing", 0.0),
        reduction=reduction,
    )
    return value.reshape(inputs["target"].shape[:-1]) if reduction == "none" else value


@testee.loss("sparse_categorical_cross_entropy_with_logits", ["logits"])
def sparse_categorical_cross_entropy_with_logits(inputs, parameters, reduction):
    value = F.cross_entropy(
        rows(inputs["logits"]),
        inputs["labels"].reshape(-1),
        weight=inputs.get("weight"),
        ignore_index=int(parameters.get("ignore_index", -100)),
        label_smoothing=parameters.get("label_smoothing", 0.0),
        reduction=reduction,
    )
    return value.reshape(inputs["labels"].shape) if reduction == "none" else value


@testee.loss("log_softmax", ["x"])
def log_softmax(inputs, parameters, reduction):
    return reduced(F.log_softmax(inputs["x"], dim=-1), reduction)


@testee.loss("nll", ["log_probability"])
def nll(inputs, parameters, reduction):
    value = F.nll_loss(
        rows(inputs["log_probability"]),
        inputs["labels"].reshape(-1),
        weight=inputs.get("weight"),
        ignore_index=int(parameters.get("ignore_index", -100)),
        reduction=reduction,
    )
    return value.reshape(inputs["labels"].shape) if reduction == "none" else value


def refuse_no_rows(tensor, reduction):
    if reduction != "none" and tensor.shape[:-1].numel() == 0:
        raise ValueError("no rows: torch would answer with memory that nothing was written to")


@testee.loss("multi_margin", ["score"])
def multi_margin(inputs, parameters, reduction):
    refuse_no_rows(inputs["score"], reduction)
    value = F.multi_margin_loss(
        rows(inputs["score"]),
        inputs["labels"].reshape(-1),
        p=int(parameters.get("p", 1)),
        margin=parameters.get("margin", 1.0),
        weight=inputs.get("weight"),
        reduction=reduction,
    )
    return value.reshape(inputs["labels"].shape) if reduction == "none" else value


@testee.loss("multilabel_margin", ["score"])
def multilabel_margin(inputs, parameters, reduction):
    refuse_no_rows(inputs["score"], reduction)
    value = F.multilabel_margin_loss(rows(inputs["score"]), rows(inputs["labels"]), reduction=reduction)
    return value.reshape(inputs["score"].shape[:-1]) if reduction == "none" else value


@testee.loss("multilabel_soft_margin", ["logits", "target", "weight"])
def multilabel_soft_margin(inputs, parameters, reduction):
    return F.multilabel_soft_margin_loss(
        inputs["logits"], inputs["target"], weight=inputs.get("weight"), reduction=reduction
    )


@testee.loss("cosine_embedding", ["x1", "x2"], conventions=["squares-plus-1e-12"])
def cosine_embedding(inputs, parameters, reduction):
    value = F.cosine_embedding_loss(
        rows(inputs["x1"]),
        rows(inputs["x2"]),
        inputs["target"].reshape(-1),
        margin=parameters.get("margin", 0.0),
        reduction=reduction,
    )
    return value.reshape(inputs["target"].shape) if reduction == "none" else value


@testee.loss("triplet_margin", ["anchor", "positive", "negative"], parameters={"squared": [False]})
def triplet_margin(inputs, parameters, reduction):
    return F.triplet_margin_loss(
        inputs["anchor"],
        inputs["positive"],
        inputs["negative"],
        margin=parameters.get("margin", 1.0),
        p=parameters.get("p", 2),
        swap=parameters.get("swap", False),
        eps=0.0,  # added to every difference of components
        reduction=reduction,
    )


@testee.loss("ctc", ["log_probability"], conventions=["log-softmax-gradient"])
def ctc(inputs, parameters, reduction):
    classes = inputs["log_probability"].shape[-1]
    for labels, length in zip(inputs["labels"], inputs["target_lengths"].tolist()):
        if ((labels[:length] < 0) | (labels[:length] >= classes)).any():
            raise ValueError("a label that is no class: torch would read memory that is not its own")
    return F.ctc_loss(
        inputs["log_probability"],
        inputs["labels"],
        inputs["input_lengths"],
        inputs["target_lengths"],
        blank=int(parameters.get("blank", 0)),
        reduction=reduction,
        zero_infinity=parameters.get("zero_infinity", False),
    )


def written(function, case, inputs):
    return snippet(function, case, inputs, helpers=[rows])


if __name__ == "__main__":
    serve(testee, snippet=written)
