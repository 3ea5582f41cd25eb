"""Worlds of crates/detente-case/benches/twenty.toml drawn with NumPy, on one thread: whole columns at a time.

Prints millions of numbers a second, the unit of `cargo bench --bench draw`. The best of several rounds is reported.
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import time

import numpy as np

Z = 1.6448536269514722  # standard deviations from the middle to the 95th percentile

SHARE, PATIENCE, CAPACITY = (0.0, 1.0), (0.9, 0.999), (0.4, 1.0)

# kind, numbers, bounds
INPUTS = [
    ("logit", (0.975, 0.992), PATIENCE),
    ("log", (10, 22), None),
    ("uniform", (0.05, 0.2), None),
    ("pert", (30, 40, 60), None),
    ("normal", (0.05, 0.25), None),
    ("log", (40, 60), None),
    ("logit", (0.5, 0.7), SHARE),
    ("logit", (0.975, 0.992), PATIENCE),
    ("log", (16, 30), None),
    ("uniform", (0.1, 0.3), None),
    ("uniform", (40, 60), None),
    ("logit", (0.3, 0.55), SHARE),
    ("normal", (0.1, 0.4), None),
    ("log", (4, 9), None),
    ("log", (2, 5), None),
    ("log", (0.002, 0.006), None),
    ("log", (0.015, 0.035), None),
    ("logit", (0.45, 0.6), SHARE),
    ("logit", (0.4, 0.55), SHARE),
    ("logit", (0.6, 0.85), CAPACITY),
]
WITHOUT_PERT = [("log", (30, 60), None) if kind == "pert" else (kind, x, b) for kind, x, b in INPUTS]


def column(rng, n, kind, x, bounds):
    if kind == "uniform":
        return rng.uniform(*x, n)
    if kind == "pert":
        low, mode, high = x
        at = (mode - low) / (high - low)
        return low + (high - low) * rng.beta(1 + 4 * at, 5 - 4 * at, n)
    if kind == "normal":
        forward = lambda v: v
    elif kind == "log":
        forward = np.log
    else:
        forward = lambda v: np.log((v - bounds[0]) / (bounds[1] - v))
    a, b = forward(x[0]), forward(x[1])
    y = rng.normal((a + b) / 2, (b - a) / (2 * Z), n)
    if kind == "normal":
        return y
    if kind == "log":
        return np.exp(y, out=y)
    np.negative(y, out=y)
    np.exp(y, out=y)
    y += 1.0
    np.divide(bounds[1] - bounds[0], y, out=y)
    y += bounds[0]
    return y


def rate(inputs, worlds, rounds=30):
    rng = np.random.default_rng(1)
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        for kind, x, bounds in inputs:
            column(rng, worlds, kind, x, bounds)
        best = min(best, time.perf_counter() - start)
    return worlds * len(inputs) / best / 1e6


if __name__ == "__main__":
    print(f"NumPy {np.__version__}, millions of numbers a second on one thread")
    for worlds in (1_000, 10_000, 100_000):
        print(f"{worlds:>7} worlds: twenty {rate(INPUTS, worlds):6.2f}, without PERT {rate(WITHOUT_PERT, worlds):6.2f}")
