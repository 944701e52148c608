"""Assay's protocol, version 1, on standard input and output: an adapter is a table of functions over this."""

import json
import os
import sys

from .tensors import read, through_numpy, written


class Skipped(Exception):
    """Raised by a loss for a case that it does not answer; the message says why."""


class Testee:
    """`dtypes` are the types that the framework computes in, a mapping from the suite's names (f32, f64, f16, bf16) to
    numpy's types or the framework's own, or a list of names; every loss has them all unless it says otherwise."""

    def __init__(self, name, version, dtypes=("f32", "f64"), language="python", package=None, **declared):
        self.name, self.version, self.language, self.dtypes = name, str(version), language, dtypes
        self.package = package or name  # as --version calls it
        self.declared = declared  # further fields of the handshake, such as deterministic=False
        self.losses, self.offers = {}, {}  # by the loss and its variant

    def loss(self, name, gradient=(), *, variant=None, analytic=False, dtypes=None, reductions=None, **offer):
        """Registers a function of (inputs, parameters, reduction) as the loss of that name. `offer` may hold
        parameters, conventions, inputs, ranks, answers: a handshake's fields. An analytic loss is a function of
        (inputs, parameters, reduction, wrt, cotangent), and its answer the value and a dict of gradients."""

        def register(function):
            self.losses[name, variant] = function, analytic
            self.offers[name, variant] = {
                "dtypes": list(dtypes or self.dtypes),
                "reductions": list(reductions or ("none", "mean", "sum")),
                "gradient": gradient if isinstance(gradient, bool) else list(gradient),
                "conventions": [],
                **{key: each for key, each in offer.items() if each is not None},
            }
            return function

        return register

    def handshake(self):
        losses = {}
        for (name, variant), offer in self.offers.items():
            if variant is None:
                losses[name] = offer
            else:
                losses.setdefault(name, {"variants": {}})["variants"][variant] = offer
        who = {"name": self.name, "version": self.version, "language": self.language}
        told = {"assay": 1, "implementation": who, "losses": losses, "encoding": "base64", **self.declared}
        return {**told, "snippets": True} if self.snippet else told

    def uses(self, decode, encode, gradient=None, snippet=None, numpy=True):
        """serve(), but for the conversation."""
        self.decode, self.encode = decode, lambda tensor, dtype: encode(tensor)
        if numpy:
            self.decode, self.encode = through_numpy(decode, encode, self.dtypes)
        self.gradient, self.snippet = gradient, snippet

    def inputs(self, case):
        return {name: self.decode(read(tensor, case["dtype"])) for name, tensor in case["inputs"].items()}

    def evaluate(self, case):
        key = case["loss"], case.get("variant")
        if key not in self.losses:
            raise Skipped(f"{self.package} has no {' as '.join(filter(None, key))}")
        function, analytic = self.losses[key]
        inputs, wrt, dtype = self.inputs(case), case.get("wrt", []), case["dtype"]
        cotangent = inputs.pop("cotangent", None)
        asked = case.get("parameters", {}), case.get("reduction", "mean")
        slopes = {}
        if analytic:
            value, slopes = function(inputs, *asked, wrt, cotangent)
        elif wrt:
            value, slopes = self.gradient(lambda given: function(given, *asked), inputs, wrt, cotangent)
        else:
            value = function(inputs, *asked)
        answer = {"value": written(self.encode(value, dtype), dtype)}
        if wrt:
            answer["gradient"] = {name: written(self.encode(slopes[name], dtype), dtype) for name in wrt}
        return answer

    def answer(self, request):
        if "assay" in request:
            return self.handshake()
        name = {"id": request.get("id")}
        try:
            if "snippet" in request:
                case = request["snippet"]
                function, _ = self.losses[case["loss"], case.get("variant")]
                return {**name, "snippet": self.snippet(function, case, self.inputs(case))}
            if "echo" in request:
                # Multiplied by one: arithmetic that flushes subnormals shows here.
                tensor, dtype = self.decode(read(request["echo"], request["dtype"])), request["dtype"]
                return {**name, "echo": written(self.encode(tensor * 1, dtype), dtype)}
            return {**name, **self.evaluate(request)}
        except Skipped as reason:
            return {**name, "skipped": str(reason)}
        except MemoryError:
            return {**name, "skipped": "out of memory"}
        except Exception as error:  # whatever the framework raises is its answer to this case
            what = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
            return {**name, "error": f"{type(error).__name__}: {what}"}

    def serve(self, decode, encode, gradient=None, snippet=None, numpy=True):
        """Answers until it is told goodbye. decode(numpy array) gives the framework's tensor, encode(tensor) an array
        (both of Buffers with numpy=False); gradient(function, inputs, wrt, cotangent) gives function(inputs) and a dict
        of its gradients by name, cotangent None being all ones; snippet(function, case, inputs) a program's text."""
        if sys.argv[1:] == ["--version"]:
            print(self.package, self.version)
            return
        self.uses(decode, encode, gradient, snippet, numpy)
        # Standard output belongs to the protocol: whatever else is printed there goes to standard error.
        output = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)
        for line in sys.stdin.buffer:
            request = json.loads(line)
            if "bye" in request:
                return
            output.write(json.dumps(self.answer(request)) + "\n")
            output.flush()
