"""PyTorch as a testee: Assay's protocol, version 1, on standard input and output.

Numbers travel as base64 of their bytes, so that none is rounded on the way; gradients are autograd's. What is
offered of each loss, and through which call of torch, the functions below say; README.md gives the reasons.
"""

import base64
import ctypes
import json
import os
import sys

import torch
import torch.nn.functional as F

from snippet import snippet

REAL = {"f32": torch.float32, "f64": torch.float64}
LOSSES = {}


def offers(name, gradient, parameters=None, conventions=()):
    """Registers a function of (inputs, parameters, reduction) as the loss of that name."""

    def register(function):
        declaration = {"dtypes": list(REAL), "reductions": ["none", "mean", "sum"], "gradient": gradient}
        if parameters:
            declaration["parameters"] = parameters
        declaration["conventions"] = list(conventions)
        LOSSES[name] = (function, declaration)
        return function

    return register


def reduced(value, reduction):
    """What one writes after a torch function that has no `reduction` of its own."""
    return value if reduction == "none" else getattr(value, reduction)()


def rows(tensor):
    """Torch's classes are axis 1, the suite's are the last: all other axes become one."""
    return tensor.reshape(tensor.shape[:-1].numel(), tensor.shape[-1])


@offers("sigmoid", ["x"])
def sigmoid(inputs, parameters, reduction):
    return reduced(torch.sigmoid(inputs["x"]), reduction)


@offers("log_sigmoid", ["x"])
def log_sigmoid(inputs, parameters, reduction):
    return reduced(F.logsigmoid(inputs["x"]), reduction)


@offers("softplus", ["x"])
def softplus(inputs, parameters, reduction):
    return reduced(F.softplus(inputs["x"]), reduction)


@offers("softmax", ["x"])
def softmax(inputs, parameters, reduction):
    return reduced(F.softmax(inputs["x"], dim=-1), reduction)


@offers("log_sum_exp", ["x"])
def log_sum_exp(inputs, parameters, reduction):
    return reduced(torch.logsumexp(inputs["x"], dim=-1), reduction)


@offers("mse", ["prediction", "target"])
def mse(inputs, parameters, reduction):
    return F.mse_loss(inputs["prediction"], inputs["target"], reduction=reduction)


@offers("mae", ["prediction", "target"])
def mae(inputs, parameters, reduction):
    return F.l1_loss(inputs["prediction"], inputs["target"], reduction=reduction)


@offers("huber", ["prediction", "target"])
def huber(inputs, parameters, reduction):
    delta = parameters.get("delta", 1.0)
    return F.huber_loss(inputs["prediction"], inputs["target"], delta=delta, reduction=reduction)


@offers("smooth_l1", ["prediction", "target"])
def smooth_l1(inputs, parameters, reduction):
    beta = parameters.get("beta", 1.0)
    return F.smooth_l1_loss(inputs["prediction"], inputs["target"], beta=beta, reduction=reduction)


@offers("poisson_nll", ["prediction", "target"])
def poisson_nll(inputs, parameters, reduction):
    return F.poisson_nll_loss(
        inputs["prediction"],
        inputs["target"],
        log_input=parameters.get("log_input", True),
        full=parameters.get("full", False),
        eps=parameters.get("eps", 0.0),
        reduction=reduction,
    )


@offers("gaussian_nll", ["prediction", "target", "variance"])
def gaussian_nll(inputs, parameters, reduction):
    return F.gaussian_nll_loss(
        inputs["prediction"],
        inputs["target"],
        inputs["variance"],
        full=parameters.get("full", False),
        eps=5e-324,  # the least positive number: raises no variance
        reduction=reduction,
    )


@offers("binary_cross_entropy", ["probability", "target"], conventions=["log-clamped-100"])
def binary_cross_entropy(inputs, parameters, reduction):
    return F.binary_cross_entropy(inputs["probability"], inputs["target"], reduction=reduction)


@offers("binary_cross_entropy_with_logits", ["logits", "target"])
def binary_cross_entropy_with_logits(inputs, parameters, reduction):
    return F.binary_cross_entropy_with_logits(
        inputs["logits"], inputs["target"], pos_weight=inputs.get("pos_weight"), reduction=reduction
    )


@offers("soft_margin", ["score"])
def soft_margin(inputs, parameters, reduction):
    return F.soft_margin_loss(inputs["score"], inputs["target"], reduction=reduction)


@offers("hinge_embedding", ["distance"])
def hinge_embedding(inputs, parameters, reduction):
    margin = parameters.get("margin", 1.0)
    return F.hinge_embedding_loss(inputs["distance"], inputs["target"], margin=margin, reduction=reduction)


@offers("margin_ranking", ["x1", "x2"])
def margin_ranking(inputs, parameters, reduction):
    margin = parameters.get("margin", 0.0)
    return F.margin_ranking_loss(
        inputs["x1"], inputs["x2"], inputs["target"], margin=margin, reduction=reduction
    )


@offers("entropy", ["p"])
def entropy(inputs, parameters, reduction):
    return reduced(torch.special.entr(inputs["p"]).sum(-1), reduction)


@offers("kl_divergence", ["target", "probability"])
def kl_divergence(inputs, parameters, reduction):
    log_probability, target = rows(inputs["probability"].log()), rows(inputs["target"])
    if reduction == "none":
        value = F.kl_div(log_probability, target, reduction="none").sum(-1)
        return value.reshape(inputs["target"].shape[:-1])
    return F.kl_div(log_probability, target, reduction="batchmean" if reduction == "mean" else "sum")


@offers("categorical_cross_entropy_with_logits", ["logits", "target"])
def categorical_cross_entropy_with_logits(inputs, parameters, reduction):
    value = F.cross_entropy(
        rows(inputs["logits"]),
        rows(inputs["target"]),
        label_smoothing=parameters.get("label_smoothing", 0.0),
        reduction=reduction,
    )
    return value.reshape(inputs["target"].shape[:-1]) if reduction == "none" else value


@offers("sparse_categorical_cross_entropy_with_logits", ["logits"])
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


@offers("log_softmax", ["x"])
def log_softmax(inputs, parameters, reduction):
    return reduced(F.log_softmax(inputs["x"], dim=-1), reduction)


@offers("nll", ["log_probability"])
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
        raise ValueError("no rows: torch 1.13 would answer with memory that nothing was written to")


@offers("multi_margin", ["score"])
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


@offers("multilabel_margin", ["score"])
def multilabel_margin(inputs, parameters, reduction):
    refuse_no_rows(inputs["score"], reduction)
    value = F.multilabel_margin_loss(rows(inputs["score"]), rows(inputs["labels"]), reduction=reduction)
    return value.reshape(inputs["score"].shape[:-1]) if reduction == "none" else value


@offers("multilabel_soft_margin", ["logits", "target", "weight"])
def multilabel_soft_margin(inputs, parameters, reduction):
    return F.multilabel_soft_margin_loss(
        inputs["logits"], inputs["target"], weight=inputs.get("weight"), reduction=reduction
    )


@offers("cosine_embedding", ["x1", "x2"], conventions=["squares-plus-1e-12"])
def cosine_embedding(inputs, parameters, reduction):
    value = F.cosine_embedding_loss(
        rows(inputs["x1"]),
        rows(inputs["x2"]),
        inputs["target"].reshape(-1),
        margin=parameters.get("margin", 0.0),
        reduction=reduction,
    )
    return value.reshape(inputs["target"].shape) if reduction == "none" else value


@offers("triplet_margin", ["anchor", "positive", "negative"], parameters={"squared": [False]})
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


@offers("ctc", ["log_probability"], conventions=["log-softmax-gradient"])
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


def decode(tensor, dtype):
    """A tensor of the protocol as torch's own; integers are always plain data."""
    if "base64" not in tensor:
        return torch.tensor(tensor["data"], dtype=torch.int64).reshape(tensor["shape"])
    numbers = bytearray(base64.b64decode(tensor["base64"], validate=True))
    if not numbers:
        return torch.empty(tensor["shape"], dtype=REAL[dtype])
    return torch.frombuffer(numbers, dtype=REAL[dtype]).reshape(tensor["shape"])


def encode(tensor):
    tensor = tensor.detach().contiguous()
    if tensor.dtype == torch.int64:
        return {"shape": list(tensor.shape), "data": tensor.flatten().tolist()}
    size = tensor.numel() * tensor.element_size()
    numbers = ctypes.string_at(tensor.data_ptr(), size) if size else b""
    return {"shape": list(tensor.shape), "base64": base64.b64encode(numbers).decode()}


def evaluate(case):
    function, _ = LOSSES[case["loss"]]
    inputs = {name: decode(tensor, case["dtype"]) for name, tensor in case["inputs"].items()}
    cotangent = inputs.pop("cotangent", None)
    wrt = case.get("wrt", [])
    for name in wrt:
        inputs[name].requires_grad_()
    value = function(inputs, case.get("parameters", {}), case.get("reduction", "mean"))
    answer = {"value": encode(value)}
    if wrt:
        cotangent = torch.ones_like(value) if cotangent is None else cotangent
        gradient = torch.autograd.grad(value, [inputs[name] for name in wrt], cotangent)
        answer["gradient"] = {name: encode(part) for name, part in zip(wrt, gradient)}
    return answer


def written(case):
    function, _ = LOSSES[case["loss"]]
    inputs = {name: decode(tensor, case["dtype"]) for name, tensor in case["inputs"].items()}
    return snippet(function, case, inputs, helpers=[rows])


def answer(request):
    if "assay" in request:
        return {
            "assay": 1,
            "implementation": {"name": "pytorch", "version": torch.__version__, "language": "python"},
            "losses": {name: declaration for name, (_, declaration) in LOSSES.items()},
            "encoding": "base64",
            "snippets": True,
        }
    try:
        if "snippet" in request:
            return {"id": request["id"], "snippet": written(request["snippet"])}
        if "echo" in request:
            # Multiplied by one: arithmetic that flushes subnormals shows here.
            return {"id": request["id"], "echo": encode(decode(request["echo"], request["dtype"]) * 1)}
        if request.get("loss") not in LOSSES:
            return {"id": request["id"], "skipped": f"torch has no {request.get('loss')}"}
        return {"id": request["id"], **evaluate(request)}
    except MemoryError:
        return {"id": request["id"], "skipped": "out of memory"}
    except Exception as error:  # whatever torch raises is its answer to this case
        what = next(iter(str(error).splitlines()), "")
        return {"id": request["id"], "error": f"{type(error).__name__}: {what}"}


def main():
    if sys.argv[1:] == ["--version"]:
        print(f"torch {torch.__version__}")
        return
    torch.set_num_threads(1)
    # Standard output belongs to the protocol: whatever else is printed there goes to standard error.
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        if "bye" in request:
            return
        output.write(json.dumps(answer(request)) + "\n")
        output.flush()


if __name__ == "__main__":
    main()
