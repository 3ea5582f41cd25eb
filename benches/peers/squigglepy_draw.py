"""The same with squigglepy, on one thread. It has no logit-normal: those seven are normals put through the logistic function,
and its PERT is `sq.pert`. Reads the inputs of numpy_draw.py.
"""

import time
import warnings

import numpy as np
import squigglepy as sq
from importlib.metadata import version

from numpy_draw import INPUTS, WITHOUT_PERT

warnings.filterwarnings("ignore")


def distribution(kind, x, bounds):
    if kind == "uniform":
        return sq.uniform(*x), None
    if kind == "pert":
        return sq.pert(*x), None
    if kind == "normal":
        return sq.norm(*x), None
    if kind == "log":
        return sq.lognorm(*x), None
    forward = [float(np.log((v - bounds[0]) / (bounds[1] - v))) for v in x]
    return sq.norm(*forward), bounds


def rate(inputs, worlds, rounds=15):
    sq.set_seed(1)
    made = [distribution(*entry) for entry in inputs]
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        for made_of, bounds in made:
            y = sq.sample(made_of, n=worlds, lclip=None, rclip=None)
            if bounds:
                low, high = bounds
                low + (high - low) / (1.0 + np.exp(-np.asarray(y)))
        best = min(best, time.perf_counter() - start)
    return worlds * len(inputs) / best / 1e6


if __name__ == "__main__":
    print(f"squigglepy {version('squigglepy')}, millions of numbers a second on one thread")
    for worlds in (1_000, 10_000, 100_000):
        print(f"{worlds:>7} worlds: twenty {rate(INPUTS, worlds):6.2f}, without PERT {rate(WITHOUT_PERT, worlds):6.2f}")
