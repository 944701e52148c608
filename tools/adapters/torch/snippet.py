"""A case as the program that a user of torch would write, made from the adapter's own function: what is shown is
what was asked. Of that function only the call is left, for the case's inputs, parameters and reduction."""

import ast
import inspect
import textwrap

WIDTH = 110


class Partial(ast.NodeTransformer):
    """Evaluates what is known of a function of (inputs, parameters, reduction) once a case is: an input becomes a
    name, a parameter its value, and of two branches the one that is taken stays."""

    def __init__(self, case):
        self.inputs, self.parameters = case["inputs"], case.get("parameters", {})
        self.reduction = case.get("reduction", "mean")

    def visit_Name(self, node):
        if node.id == "reduction":
            return ast.Constant(self.reduction)
        # A variable of the function's own: an input of that name stays beside it.
        return ast.Name(node.id + "_", node.ctx) if node.id in self.inputs else node

    def visit_Subscript(self, node):
        node = self.generic_visit(node)
        if isinstance(node.value, ast.Name) and node.value.id == "inputs":
            return ast.Name(node.slice.value, ast.Load())
        return node

    def visit_Call(self, node):
        node = self.generic_visit(node)
        match node:
            case ast.Call(ast.Attribute(ast.Name("inputs"), "get"), [ast.Constant(key)]):
                return ast.Name(key, ast.Load()) if key in self.inputs else ast.Constant(None)
            case ast.Call(ast.Attribute(ast.Name("parameters"), "get"), [ast.Constant(key), initial]):
                return ast.Constant(self.parameters[key]) if key in self.parameters else initial
            case ast.Call(ast.Name("int"), [ast.Constant(number)]):
                return ast.Constant(int(number))
            case ast.Call(ast.Name("reduced"), [value, ast.Constant(reduction)]):
                return value if reduction == "none" else ast.Call(ast.Attribute(value, reduction), [], [])
        return node

    def visit_IfExp(self, node):
        return self.branch(self.generic_visit(node), node.body, node.orelse)

    def visit_If(self, node):
        return self.branch(self.generic_visit(node), node.body, node.orelse)

    def branch(self, node, body, orelse):
        match node.test:
            case ast.Compare(ast.Constant(a), [ast.Eq()], [ast.Constant(b)]):
                return node.body if a == b else node.orelse
            case ast.Compare(ast.Constant(a), [ast.NotEq()], [ast.Constant(b)]):
                return node.body if a != b else node.orelse
        return node


def names(node):
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}


def call_of(function, case):
    """The statements that leave the loss in `value`. What the adapter refuses by itself is not refused there."""
    tree = ast.fix_missing_locations(Partial(case).visit(ast.parse(textwrap.dedent(inspect.getsource(function)))))
    statements = []
    for each in tree.body[0].body:
        if isinstance(each, ast.Return):
            if not (isinstance(each.value, ast.Name) and each.value.id == "value"):
                statements.append(ast.Assign([ast.Name("value", ast.Store())], each.value))
            break
        if isinstance(each, ast.Assign):
            statements.append(each)
    used = set().union({"value"}, *map(names, statements))
    stored = lambda each: {n.id for n in ast.walk(each) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return [ast.fix_missing_locations(each) for each in statements if stored(each) & used]


def wrapped(line):
    if len(line) <= WIDTH:
        return line
    return textwrap.fill(line, WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)


def tensor_line(name, tensor, differentiated):
    """Decimals read back to the same binary64, which holds every number of torch's smaller types exactly."""
    if tensor.numel():
        text = f"torch.tensor({tensor.tolist()}, dtype={tensor.dtype})"
    else:
        text = f"torch.empty({list(tensor.shape)}, dtype={tensor.dtype})"
    return wrapped(f"{name} = {text}{'.requires_grad_()' if differentiated else ''}")


def snippet(function, case, inputs, helpers):
    """Text of a program that prints the value, and the gradients, of the case that `function` answers. `inputs` are
    its tensors by name, `helpers` the functions that `function` may call beside torch's."""
    statements, wrt = call_of(function, case), case.get("wrt", [])
    called = set().union(*map(names, statements))
    body = [tensor_line(name, tensor, name in wrt) for name, tensor in inputs.items()
            if name != "cotangent" or wrt]
    body += [wrapped(ast.unparse(each)) for each in statements] + ['print("value", value.tolist())']
    if wrt:
        cotangent = "cotangent" if "cotangent" in inputs else "torch.ones_like(value)"
        body.append(f"gradient = torch.autograd.grad(value, [{', '.join(wrt)}], {cotangent})")
        body += [f'print("gradient.{name}", gradient[{i}].tolist())' for i, name in enumerate(wrt)]
    head = ["import torch"]
    if "F" in called:
        head.append("import torch.nn.functional as F")
    text = "\n".join(body)
    if constants := [each for each in ("inf", "nan") if each in names(ast.parse(text))]:
        head.append(f"from math import {', '.join(constants)}")
    head += ["", *(f"\n{inspect.getsource(each)}\n" for each in helpers if each.__name__ in called)]
    return "\n".join([*head, "torch.set_num_threads(1)", text, ""])
