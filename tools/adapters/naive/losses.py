"""The losses as two articles print them, and what tutorials add to them: nothing is rewritten to be stable.
README.md says where each stands."""

from functools import partial

from arrays import Array, scalar_products
from arrays import arccos, clip, cos, cosh, exp, largest, log, maximum, sqrt, where
from rounding import constant

SMALL = 1e-7
ALL = ["none", "mean", "sum"]
LOSSES = {}  # name -> variant, None where there is one formula only -> Loss


class Loss:
    """A function of inputs and parameters, and how it is called: what it takes before its inputs is nothing
    where they are `of` "elements", their number where they are "rows", the first input's "shape" where places
    matter. `whole`: its result has the first input's shape, and not one number for each row."""

    def __init__(self, function, inputs, of, whole, offer):
        self.function, self.inputs, self.of, self.whole, self.offer = function, inputs, of, whole, offer


def offers(name, inputs, gradient=True, variant=None, of="elements", whole=False, reductions=ALL, knows=None):
    """Registers a function as a loss. `knows`: of these parameters only these values."""

    def register(function):
        offer = {
            "dtypes": ["f32", "f64"],
            "reductions": reductions,
            "gradient": gradient,
            "inputs": [],  # none of the optional ones
            "parameters": knows or {},
        }
        LOSSES.setdefault(name, {})[variant] = Loss(function, inputs, of, whole or of == "elements", offer)
        return function

    return register


def of_rows(name, inputs, gradient=True, variant=None, **more):
    return offers(name, inputs, gradient, variant, of="rows", **more)


class AsPrinted:
    """What stands before and in the logarithm."""

    probability = staticmethod(lambda p: p)
    log = staticmethod(log)


class Eps(AsPrinted):
    log = staticmethod(lambda p: log(p + SMALL))


class Clip(AsPrinted):
    probability = staticmethod(lambda p: clip(p, SMALL, 1 - SMALL))


GUARDS = {"as-printed": AsPrinted, "eps": Eps, "clip": Clip}


def guarded(name, inputs, gradient=True, **more):
    """Registers a function whose first argument is a guard, with each guard as a variant."""

    def register(function):
        for variant, guard in GUARDS.items():
            offers(name, inputs, gradient, variant, **more)(partial(function, guard))
        return function

    return register


# Of one number, element by element.


@offers("sigmoid", ["x"], ["x"])
def sigmoid(x):
    return 1 / (1 + exp(-x))


@offers("softplus", ["x"], ["x"])
def softplus(x):
    return log(1 + exp(x))


@offers("mse", ["prediction", "target"])
def mse(x, t):
    return (x - t) ** 2


@offers("mae", ["prediction", "target"])
def mae(x, t):
    return abs(x - t)


@offers("huber", ["prediction", "target"], variant="usual")
def huber(x, t, delta):
    a = x - t
    inside = [size <= delta for size in abs(a).values]
    return where(inside, a**2 / 2, delta * (abs(a) - delta / 2))


@offers("huber", ["prediction", "target"], variant="as-printed", reductions=["mean", "sum"])
def huber_as_printed(x, t, delta):
    """The loop adds up what lies inside, by the formula that is meant for the outside."""
    a = abs(x - t)
    inside = [size <= delta for size in a.values]
    return where(inside, delta * a - delta**2 / 2, Array([0.0] * len(inside)))


@offers("log_cosh", ["prediction", "target"])
def log_cosh(x, t):
    return log(cosh(x - t))


@offers("exponential", ["score", "target"], ["score"])
def exponential(f, y):
    return exp(-(y * f))


@offers("hinge", ["score", "target"], ["score"], "usual")
def hinge(y, t):
    return maximum(0.0, 1 - t * y)


@offers("hinge", ["score", "target"], ["score"], "as-printed", reductions=["mean"])
def hinge_as_printed(f, y):
    """One maximum over everything: what comes of it is one number."""
    return maximum(0.0, largest(1 - y * f))


@offers("margin_ranking", ["x1", "x2", "target"], ["x1", "x2"])
def margin_ranking(x1, x2, y, margin):
    return maximum(0.0, -y * (x1 - x2) + margin)


@guarded("binary_cross_entropy", ["probability", "target"])
def binary_cross_entropy(guard, p, y):
    p = guard.probability(p)
    return -(y * guard.log(p) + (1 - y) * guard.log(1 - p))


@guarded("binary_cross_entropy_with_logits", ["logits", "target"])
def binary_cross_entropy_with_logits(guard, x, y):
    return binary_cross_entropy(guard, sigmoid(x), y)


@offers("log_loss", ["probability", "target"])
def log_loss(p, y, base):
    return binary_cross_entropy(AsPrinted, p, y) / log(Array([constant(base)] * len(p.values)))


@offers("binary_focal_with_logits", ["logits", "target"], knows={"alpha": [-1]})
def binary_focal_with_logits(x, t, alpha, gamma):
    p = sigmoid(x)
    p_t = p * t + (1 - p) * (1 - t)
    return -((1 - p_t) ** gamma * log(p_t))


# Of a row of numbers.


def width(a, rows):
    return len(a.values) // rows if rows else 0


def at_labels(a, rows, labels):
    """The number of each row that its label names, by indexing as Python and numpy do it."""
    classes = width(a, rows)
    for label in labels:
        if not -classes <= label < classes:
            raise IndexError(f"index {label} is out of bounds for {classes} classes")
    return a.take([i * classes + label % classes for i, label in enumerate(labels)])


@of_rows("softmax", ["x"], ["x"], whole=True)
def softmax(rows, x):
    e = exp(x)
    return e / e.sums(rows).each(width(x, rows))


@guarded("log_softmax", ["x"], ["x"], of="rows", whole=True)
def log_softmax(guard, rows, x):
    return guard.log(guard.probability(softmax(rows, x)))


@guarded("entropy", ["p"], ["p"], of="rows")
def entropy(guard, rows, p):
    p = guard.probability(p)
    return -(p * guard.log(p)).sums(rows)


@guarded("kl_divergence", ["target", "probability"], of="rows")
def kl_divergence(guard, rows, p, q):
    """Where something is added inside the logarithm, it is added below, too."""
    p, q = guard.probability(p), guard.probability(q)
    ratio = (p + SMALL) / (q + SMALL) if guard is Eps else p / q
    return (p * log(ratio)).sums(rows)


@guarded("categorical_cross_entropy", ["probability", "target"], of="rows")
def categorical_cross_entropy(guard, rows, p, y):
    return -(y * guard.log(guard.probability(p))).sums(rows)


@guarded(
    "sparse_categorical_cross_entropy",
    ["probability", "labels"],
    ["probability"],
    of="rows",
    knows={"ignore_index": [-100]},
)
def sparse_categorical_cross_entropy(guard, rows, p, labels, ignore_index):
    return -guard.log(guard.probability(at_labels(p, rows, labels)))


@guarded(
    "categorical_cross_entropy_with_logits", ["logits", "target"], of="rows", knows={"label_smoothing": [0]}
)
def categorical_cross_entropy_with_logits(guard, rows, x, y, label_smoothing):
    return categorical_cross_entropy(guard, rows, softmax(rows, x), y)


@guarded(
    "sparse_categorical_cross_entropy_with_logits",
    ["logits", "labels"],
    ["logits"],
    of="rows",
    knows={"label_smoothing": [0], "ignore_index": [-100]},
)
def sparse_categorical_cross_entropy_with_logits(guard, rows, x, labels, label_smoothing, ignore_index):
    return sparse_categorical_cross_entropy(guard, rows, softmax(rows, x), labels, ignore_index)


@of_rows("focal_with_logits", ["logits", "labels"], ["logits"])
def focal_with_logits(rows, x, labels, gamma):
    p = at_labels(softmax(rows, x), rows, labels)
    return -((1 - p) ** gamma * log(p))


@of_rows("poly_cross_entropy_with_logits", ["logits", "labels"], ["logits"])
def poly_cross_entropy_with_logits(rows, x, labels, epsilon, divide_by_degree):
    p = at_labels(softmax(rows, x), rows, labels)
    total = -log(p)
    for i, each in enumerate(epsilon, 1):
        term = each * (1 - p) ** i
        total = total + (term / i if divide_by_degree else term)
    return total


@of_rows("dice", ["probability", "target"], knows={"smooth": [0], "squared": [True]})
def dice(rows, p, g, smooth, squared):
    return 1 - 2 * (p * g).sums(rows) / ((p**2).sums(rows) + (g**2).sums(rows))


# Of rows that are compared.


def norm(rows, x, small=0):
    squares = (x**2).sums(rows)
    return sqrt(squares + small if small else squares)


def unit(rows, x):
    return x / norm(rows, x).each(width(x, rows))


def cosine(rows, x, y, small=0):
    lengths = norm(rows, x) * norm(rows, y)
    return (x * y).sums(rows) / (lengths + small if small else lengths)


@of_rows("cosine_distance", ["x1", "x2"], variant="as-printed")
def cosine_distance(rows, x1, x2):
    return 1 - cosine(rows, x1, x2)


@of_rows("cosine_distance", ["x1", "x2"], variant="eps")
def cosine_distance_eps(rows, x1, x2):
    return 1 - cosine(rows, x1, x2, SMALL)


def contrastive(small, rows, x1, x2, y, margin):
    d = norm(rows, x1 - x2, small)
    return (1 - y) * d**2 / 2 + y * maximum(0.0, margin - d) ** 2 / 2


def triplet_margin(small, rows, anchor, positive, negative, margin, p, squared, swap):
    near, far = norm(rows, anchor - positive, small), norm(rows, anchor - negative, small)
    return maximum(0.0, near - far + margin)


ROOTS = {"as-printed": 0, "eps": SMALL}
for each, small in ROOTS.items():
    of_rows("contrastive", ["x1", "x2", "target"], ["x1", "x2"], each)(partial(contrastive, small))
    known = {"p": [2], "squared": [False], "swap": [False]}
    of_rows("triplet_margin", ["anchor", "positive", "negative"], True, each, knows=known)(
        partial(triplet_margin, small)
    )


@of_rows("info_nce", ["query", "positive", "negative"])
def info_nce(rows, query, positive, negative, temperature, normalize):
    features = query.width
    if normalize:
        others = len(negative.values) // features
        query, positive, negative = unit(rows, query), unit(rows, positive), unit(others, negative)
    match = exp((query * positive).sums(rows) / temperature)
    others = exp(scalar_products(query, negative, features) / temperature)
    return -log(match / (match + others.sums(rows)))


@of_rows("multiple_negatives_ranking", ["anchor", "positive"])
def multiple_negatives_ranking(rows, anchor, positive, scale):
    cosines = scalar_products(unit(rows, anchor), unit(rows, positive), anchor.width)
    return -log(at_labels(softmax(rows, scale * cosines), rows, range(rows)))


@of_rows("arcface", ["embedding", "weight", "labels"])
def arcface(rows, embedding, weight, labels, scale, margin):
    features = embedding.width
    classes = len(weight.values) // features
    cosines = scalar_products(unit(rows, embedding), unit(classes, weight), features)
    match = exp(scale * cos(arccos(at_labels(cosines, rows, labels)) + margin))
    own = [label % classes for label in labels]
    others = [i * classes + j for i in range(rows) for j in range(classes) if j != own[i]]
    rest = exp(scale * cosines.take(others)).sums(rows)
    return -log(match / (match + rest))


@offers("ge2e", ["embedding"], of="shape", knows={"variant": ["softmax"]})
def ge2e(shape, e, w, b, variant):
    speakers, utterances, features = shape
    rows = speakers * utterances

    def centroids(chosen):
        """Of the utterances that each list of `chosen` names, for each speaker."""
        places = [
            (j * utterances + m) * features + d
            for j in range(speakers)
            for some in chosen
            for d in range(features)
            for m in some
        ]
        return e.take(places).sums(speakers * len(chosen) * features) / len(chosen[0])

    everyone = range(utterances)
    of_all = centroids([everyone])
    without_own = centroids([[m for m in everyone if m != i] for i in everyone])
    others = [i * speakers + k for i in range(rows) for k in range(speakers) if k != i // utterances]
    cosines = scalar_products(unit(rows, e), unit(speakers, of_all), features)
    own = w * cosine(rows, e, without_own) + b
    return -own + log(exp(own) + exp(w * cosines.take(others) + b).sums(rows))
