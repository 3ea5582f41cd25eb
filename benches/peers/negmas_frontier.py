"""Frontier and solutions of generated additive domains with NegMAS, on one thread: the domains of
`cargo bench -p detente-lens --bench bargain`.

NegMAS lists every package. Prints seconds, the best of three rounds (one where a round takes above ten seconds), and checks
that frontier, Nash point and largest sum are ours. All of it takes some minutes; `negmas_frontier.py 5x3` is five issues
and three parties alone.
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"

import sys
import time
from importlib.metadata import version

from negmas import LinearAdditiveUtilityFunction, TableFun, make_issue
from negmas.outcomes import make_os
from negmas.preferences.ops import calc_scenario_stats, nash_points, pareto_frontier

# issues, parties: size of the frontier, Nash point, largest sum
KNOWN = {
    (4, 2): None,
    (5, 2): (23, (41634, 43420), 85054),
    (6, 2): (32, (51205, 48465), 99670),
    (5, 3): (187, (42530, 35784, 39804), 118118),
    (6, 3): None,
    (6, 4): (1399, None, None),
}
OPTIONS = 10


def points(i, j, p):
    return 2654435761 * (p + 1) * (i * OPTIONS + j + 1) * (j + 3) * (p + i + 5) % 10007


def domain(issues, parties):
    space = make_os([make_issue(OPTIONS, f"i{i}") for i in range(issues)])
    ufuns = [
        LinearAdditiveUtilityFunction(
            values=[TableFun({j: float(points(i, j, p)) for j in range(OPTIONS)}) for i in range(issues)],
            weights=[1.0] * issues,
            outcome_space=space,
            reserved_value=0.0,
        )
        for p in range(parties)
    ]
    return space, ufuns


def best(work, rounds=3):
    shortest = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        found = work()
        shortest = min(shortest, time.perf_counter() - start)
        if shortest > 10:
            break
    return shortest, found


def frontier(space, ufuns):
    """From the utility functions: NegMAS evaluates them at every package, as ours starts from the table."""
    outcomes = list(space.enumerate_or_sample())
    return pareto_frontier(ufuns, outcomes=outcomes)[0]


if __name__ == "__main__":
    print(f"NegMAS {version('negmas')}, NumPy {version('numpy')}, seconds on one thread")
    for (issues, parties), known in KNOWN.items():
        if sys.argv[1:] not in ([], [f"{issues}x{parties}"]):
            continue
        space, ufuns = domain(issues, parties)
        seconds, found = best(lambda: frontier(space, ufuns))
        line = f"{issues} issues, {parties} parties: frontier {len(set(found))} in {seconds:.3f}"
        if known:
            size, nash, total = known
            assert len(set(found)) == size, (len(set(found)), size)
            if nash:
                # Stated, since NegMAS otherwise replaces a no-deal value below the worst package by that package's.
                ranges = [(0.0, max(u[p] for u in found)) for p in range(parties)]
                points_found = nash_points(ufuns, found, ranges=ranges)
                assert nash in [tuple(map(round, p[0])) for p in points_found], points_found
                assert max(map(sum, found)) == total
        if parties == 2:
            outcomes = list(space.enumerate_or_sample())
            seconds, _ = best(lambda: calc_scenario_stats(tuple(ufuns), outcomes=outcomes))
            line += f"; all its statistics {seconds:.2f}"
        print(line, flush=True)
