"""Ranges and sweeps on a Ray cluster of one worker and of two, taken in turn beside one process without Ray: the best of each."""

import logging
import os
import time
from typing import Callable, List, Optional

import detente
import detente.ranges

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
import ray
from ray.cluster_utils import Cluster

import detente.ray

TURNS, WORLDS, RANGE = 3, 8192, 256
case = detente.Case.open("cases/first-case")
program: Optional[str] = None if detente.ranges.in_process() else os.environ.get("DETENTE", "target/release/detente")
ranges = detente.ranges.Ranges(case, WORLDS, range_size=RANGE, program=program)
QUANTITY = "settlement.agreed[mediators_terms]"
GRID = {"contest.edge": [0.05 + 0.005 * step for step in range(32)]}


def took(does: Callable[[], object]) -> float:
    began = time.perf_counter()
    does()
    return time.perf_counter() - began


def ranges_here() -> object:
    return [ranges.table(*one) for one in ranges]


def ranges_there() -> object:
    return detente.ray.run(case, WORLDS, range_size=RANGE, program=program, progress=False)


def sweep_here() -> object:
    return detente.sweep(case, QUANTITY, settings=GRID, worlds=1024, threads=1, progress=False)


def sweep_there() -> object:
    return detente.ray.sweep(case, QUANTITY, settings=GRID, worlds=1024, progress=False)


def on(workers: int, does: Callable[[], object]) -> List[float]:
    how = {"num_cpus": 1, "object_store_memory": 256 << 20}
    cluster = Cluster(initialize_head=True, head_node_args={**how, "include_dashboard": False})
    for _ in range(workers - 1):
        cluster.add_node(**how)
    ray.init(address=cluster.address, log_to_driver=False, logging_level=logging.ERROR)
    try:
        does()  # Workers start, and the case is checked there.
        return [took(does) for _ in range(TURNS)]
    finally:
        ray.shutdown()
        cluster.shutdown()


for what, here, there, count in (
    (f"{len(ranges)} ranges of {RANGE} worlds, {'by the command line' if program else 'in process'}", ranges_here, ranges_there, len(ranges)),
    (f"a sweep of {len(GRID['contest.edge'])} runs of 1024 worlds", sweep_here, sweep_there, len(GRID["contest.edge"])),
):
    here()
    alone = min(took(here) for _ in range(TURNS))
    one, two = min(on(1, there)), min(on(2, there))
    print(f"{what}: {alone:.2f} s without Ray; one worker {one:.2f} s, two {two:.2f} s: {one / two:.2f} times")
    print(f"  beside the work itself {1000 * (one - alone) / count:.1f} ms each on one worker, of {1000 * alone / count:.0f} ms")
