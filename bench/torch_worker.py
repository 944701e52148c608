"""PyTorch, as bench/compare measures it; conversation.hpp says how it asks.

Where torch has the loss, that is what is called. Where it has not, the obvious expressions stand here, and the
one that turns out fastest on the numbers at hand is measured.
"""

import gc
import json
import math
import os
import sys
import time

import torch
import torch.nn.functional as F

DTYPES = {"f32": torch.float32, "f64": torch.float64}


def info_nce(query, positive, negative):
    query, positive, negative = (F.normalize(each, dim=-1) for each in (query, positive, negative))
    scores = torch.cat([(query * positive).sum(-1, keepdim=True), query @ negative.T], dim=-1)
    return F.cross_entropy(scores / 0.1, torch.zeros(len(query), dtype=torch.int64))


def js_divergence(p, q):
    m = (p + q) / 2
    return (torch.xlogy(p, p / m) + torch.xlogy(q, q / m)).sum(-1).mean() / 2


def kl_js_divergence(p, q):
    log_m = ((p + q) / 2).log()
    return (F.kl_div(log_m, p, reduction="batchmean") + F.kl_div(log_m, q, reduction="batchmean")) / 2


def softplus_log_cosh(prediction, target):
    a = prediction - target
    return (a + F.softplus(-2 * a) - math.log(2)).mean()


# Inputs come in the catalogue's order, without the cotangent.
LOSSES = {
    "sigmoid": {"torch.sigmoid": torch.sigmoid},
    "softmax": {"torch.softmax": lambda x: torch.softmax(x, -1)},
    "log_softmax": {"torch.log_softmax": lambda x: torch.log_softmax(x, -1)},
    "log_sum_exp": {"torch.logsumexp": lambda x: torch.logsumexp(x, -1).mean()},
    "mse": {"mse_loss": F.mse_loss},
    "mae": {"l1_loss": F.l1_loss},
    "huber": {"huber_loss": F.huber_loss},
    "smooth_l1": {"smooth_l1_loss": F.smooth_l1_loss},
    "log_cosh": {
        "log(cosh(a))": lambda x, t: torch.log(torch.cosh(x - t)).mean(),  # infinite from |a| = 90 on
        "a + softplus(-2a) - log 2": softplus_log_cosh,
        "logaddexp(a, -a) - log 2": lambda x, t: (torch.logaddexp(x - t, t - x) - math.log(2)).mean(),
    },
    # The eps is one that raises no variance.
    "gaussian_nll": {"gaussian_nll_loss": lambda x, t, v: F.gaussian_nll_loss(x, t, v, eps=1e-30)},
    "binary_cross_entropy": {"the same": F.binary_cross_entropy},
    "binary_cross_entropy_with_logits": {"the same": F.binary_cross_entropy_with_logits},
    "exponential": {
        "exp(-t x)": lambda x, t: torch.exp(-t * x).mean(),
        "exp(neg(t x))": lambda x, t: torch.exp((t * x).neg_()).mean(),
    },
    "hinge": {
        "relu(1 - t x)": lambda x, t: torch.relu(1 - t * x).mean(),
        "clamp(1 - t x)": lambda x, t: (1 - t * x).clamp(min=0).mean(),
        "margin_ranking_loss": lambda x, t: F.margin_ranking_loss(x, x.new_zeros(1), t, margin=1.0),
    },
    "soft_margin": {"soft_margin_loss": F.soft_margin_loss},
    "entropy": {"special.entr": lambda p: torch.special.entr(p).sum(-1).mean()},
    "categorical_cross_entropy": {
        "-(t log p)": lambda p, t: -(t * torch.log(p)).sum(-1).mean(),
        "-xlogy(t, p)": lambda p, t: -torch.xlogy(t, p).sum(-1).mean(),
    },
    # The logarithm is part of it: the loss takes probabilities.
    "kl_divergence": {"kl_div(log q)": lambda t, q: F.kl_div(q.log(), t, reduction="batchmean")},
    "js_divergence": {"xlogy(p, p/m)": js_divergence, "kl_div(log m)": kl_js_divergence},
    "multilabel_soft_margin": {"multilabel_soft_margin_loss": F.multilabel_soft_margin_loss},
    "categorical_cross_entropy_with_logits": {"cross_entropy": F.cross_entropy},
    "sparse_categorical_cross_entropy_with_logits": {"cross_entropy": F.cross_entropy},
    "triplet_margin": {"triplet_margin_loss": lambda a, p, n: F.triplet_margin_loss(a, p, n, eps=0.0)},
    "cosine_embedding": {"cosine_embedding_loss": F.cosine_embedding_loss},
    "info_nce": {"cross_entropy of normalised products": info_nce},
}


def read(folder, tensor, dtype):
    """The numbers in memory of torch's own."""
    size = math.prod(tensor["shape"])
    kind = torch.int64 if tensor["integer"] else DTYPES[dtype]
    path = os.path.join(folder, tensor["name"])
    return torch.from_file(path, size=size, dtype=kind).clone().reshape(tensor["shape"])


class Loaded:
    def __init__(self, request):
        folder, dtype = request["folder"], request["dtype"]
        tensors = {each["name"]: read(folder, each, dtype) for each in request["tensors"]}
        self.cotangent = tensors.pop("cotangent", None)
        self.inputs = list(tensors.values())
        self.model = [tensors[each["name"]] for each in request["tensors"] if each["model"]]
        self.result = self.slopes = None
        self.expressions = LOSSES[request["loss"]]
        self.chosen = {gradient: self.choose(gradient) for gradient in (False, True)}

    def prepare(self, gradient):
        for each in self.model:
            each.requires_grad_(gradient)

    def run(self, function, calls, gradient):
        """Seconds of the processor that the calls take."""
        inputs, model, cotangent = self.inputs, self.model, self.cotangent
        if gradient:
            start = time.process_time()
            for _ in range(calls):
                result = function(*inputs)
                slopes = torch.autograd.grad(result, model, cotangent)
            seconds = time.process_time() - start
            self.slopes = slopes
        else:
            with torch.inference_mode():
                start = time.process_time()
                for _ in range(calls):
                    result = function(*inputs)
                seconds = time.process_time() - start
        self.result = result
        return seconds

    def choose(self, gradient):
        """The name of the fastest expression."""
        if len(self.expressions) == 1:
            return next(iter(self.expressions))
        self.prepare(gradient)
        seconds = {
            name: min(self.run(function, 1, gradient) for _ in range(3))
            for name, function in self.expressions.items()
        }
        return min(seconds, key=seconds.get)

    def time(self, request):
        gradient = request["gradient"]
        function = self.expressions[self.chosen[gradient]]
        self.prepare(gradient)
        if request.get("warm", True):
            self.run(function, 1, gradient)
        seconds = self.run(function, request["calls"], gradient)
        numbers = {"seconds": seconds, "value": float(self.result.detach().flatten()[0])}
        if gradient:
            numbers["slope"] = float(self.slopes[0].flatten()[0])
        self.result = self.slopes = None
        return {"numbers": numbers, "texts": {"expression": self.chosen[gradient]}}


def instruction_set():
    for line in torch.__config__.show().splitlines():
        if "CPU capability usage:" in line:
            return line.split(":")[1].strip()
    return "unknown"


def main():
    torch.set_num_threads(1)
    gc.disable()
    # Standard output belongs to the conversation: whatever else is printed there goes to standard error.
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    # Memory that temporaries then find paged in: PyTorch at its best, as it is after some hundred calls.
    torch.ones(1 << 30, dtype=torch.uint8)
    loaded = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if request["do"] == "introduce":
                facts = {"name": "PyTorch", "version": torch.__version__}
                answer = {"texts": {**facts, "instruction_set": instruction_set()}}
            elif request["do"] == "load" and request["loss"] not in LOSSES:
                loaded, answer = None, {"skipped": f"nothing here says what {request['loss']} is in torch"}
            elif request["do"] == "load":
                loaded = None  # first: two of the largest need not fit
                gc.collect()
                loaded, answer = Loaded(request), {}
            else:
                answer = loaded.time(request)
        except Exception as error:  # whatever torch raises, the driver reports
            answer = {"error": f"{type(error).__name__}: {next(iter(str(error).splitlines()), '')}"}
        output.write(json.dumps(answer) + "\n")
        output.flush()


if __name__ == "__main__":
    main()
