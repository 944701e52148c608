"""Measures one row of bench/compare: every contestant on the same numbers, in interleaved rounds."""

import statistics

import comparisons
from contestants import Failure

LONG = 0.05  # seconds; a call that takes longer needs no warm-up


class Lane:
    """One contestant's part in a row: how often it is called a round, and what the rounds took."""

    def __init__(self, contestant, verb, gradient):
        self.contestant, self.verb, self.gradient = contestant, verb, gradient
        self.calls, self.warm = 1, False
        self.seconds = {}  # by loop for the roofline, else by ""; a call's, round by round
        self.numbers, self.expression = {}, None

    def ask(self):
        """Seconds by loop or by "", of all calls together; None where there is no such thing."""
        answer = self.contestant.ask(
            {"do": self.verb, "gradient": self.gradient, "calls": self.calls, "warm": self.warm}
        )
        if answer is None:
            return None
        self.numbers = answer["numbers"]
        self.expression = answer.get("texts", {}).get("expression")
        return self.numbers if self.verb == "roofline" else {"": self.numbers["seconds"]}

    def calibrate(self, target):
        """Finds how many calls take about `target` seconds; false where there is nothing to call."""
        while True:
            seconds = self.ask()
            if seconds is None:
                return False
            spent = sum(seconds.values())
            if spent >= target / 3:
                break
            wanted = round(self.calls * target / max(spent, 1e-9))
            self.calls = min(self.calls * 20, max(self.calls + 1, wanted))
        self.warm = spent / len(seconds) / self.calls < LONG
        call = spent / self.calls
        self.calls = max(1, round(target / call))
        self.expected = self.calls * call  # seconds a round
        return True

    def round(self):
        for name, seconds in self.ask().items():
            self.seconds.setdefault(name, []).append(seconds / self.calls)


def agree(row, lanes):
    """A driver that compares different computations would be worth nothing."""
    ours = lanes[0]
    tolerance = 1e-3 if row.dtype == "f32" else 1e-6
    for lane in lanes[1:]:
        for what in ("value", "slope") if lane.gradient else ("value",):
            a, b = ours.numbers[what], lane.numbers[what]
            # A slope may be a difference of nearly equal numbers.
            if a is None or b is None or abs(a - b) > tolerance * max(abs(a), abs(b)) + tolerance * 1e-3:
                raise Failure(
                    f"{comparisons.row_name(row)}: {what} is {a} by {ours.contestant.name}, {b} by"
                    f" {lane.contestant.name}; they do not compute the same"
                )


def measure(row, assay, peers, folder, rounds, target, limit):
    """Yields, for the value and for the value with its gradient, what goes into the file of figures: seconds a
    call by contestant, round by round. A row in which a round takes long has fewer of them, so that all take about
    `limit` seconds, but has one at least."""
    request = {"do": "load", "loss": row.loss, "dtype": row.dtype, "shape": row.shape, "folder": folder}
    loaded = assay.ask(request)
    tensors = {"tensors": loaded["tensors"]}
    present = [assay] + [peer for peer in peers if peer.ask({**request, **tensors}) is not None]
    for gradient in (False, True):
        lanes = [Lane(each, "time", gradient) for each in present]
        lanes = [lane for lane in lanes if lane.calibrate(target)]
        agree(row, lanes)
        numbers = loaded["numbers"]
        if numbers["elements"] > 100:  # a call costs more than so few numbers do
            roofline = Lane(assay, "roofline", gradient)
            roofline.calibrate(target)
            lanes.append(roofline)
        expected = sum(lane.expected for lane in lanes)
        for i in range(max(1, min(rounds, round(limit / expected)))):
            turn = i % len(lanes)
            for lane in lanes[turn:] + lanes[:turn]:
                lane.round()
        result = {
            "loss": row.loss,
            "dtype": row.dtype,
            "shape": list(row.shape),
            "gradient": gradient,
            "elements": int(numbers["elements"]),
            "bytes": int(numbers["bytes_with_gradient" if gradient else "bytes"]),
            "seconds": {},
        }
        for lane in lanes:
            if lane.verb == "roofline":
                result["loop"] = min(lane.seconds, key=lambda name: statistics.median(lane.seconds[name]))
                result["seconds"]["roofline"] = rounded(lane.seconds[result["loop"]])
            else:
                result["seconds"][lane.contestant.name] = rounded(lane.seconds[""])
            if lane.expression:
                result["expression"] = lane.expression
        yield result


def rounded(seconds):
    return [float(f"{each:.4g}") for each in seconds]
