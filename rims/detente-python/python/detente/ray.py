"""Runs and sweeps on a Ray cluster: ranges and runs as tasks, with the bytes of one process.

Needs ``ray`` and pyarrow (``pip install detente[ray]``), and detente on every node. Without a cluster that was connected to before, or one
that ``RAY_ADDRESS`` names, Ray starts one on this machine.
"""

from __future__ import annotations

import os
import time
from typing import Any, Callable, Dict, Iterable, List, Optional, Sequence, Union

import ray

from ._case import Case
from ._errors import DetenteError
from ._means import Mean
from ._progress import Progress, Told, close, told
from ._session import whole_number
from ._sweep import Readings, Run, Settings, answer, gather, runs
from ._table import Table
from .ranges import Range, Ranges

__all__ = ["run", "sweep"]

# Tasks that are handed out beside those at work, for each of these, so that no worker waits and no queue grows with the number of worlds.
_AHEAD = 2
# Seconds between two looks at how large the cluster is.
_LOOKS = 2.0


def run(
    case: Case,
    worlds: int = 4096,
    seed: int = 1,
    *,
    only: Union[str, Sequence[str], None] = None,
    months: bool = False,
    searches: int = 256,
    sampler: str = "quasi",
    prior: bool = False,
    range_size: Optional[int] = None,
    storage: Union[str, "os.PathLike[str]", None] = None,
    program: Union[str, "os.PathLike[str]", None] = None,
    retries: int = 3,
    remote: Optional[Dict[str, Any]] = None,
    progress: Progress = None,
) -> Any:
    """The table of a session, worked out by a cluster: its bytes, whatever the ranges, the nodes, and whichever worker died meanwhile.

    Without ``storage`` it is a :class:`Table` in this process. With it, a folder that all nodes see, each range is a Parquet file there and a
    ``pyarrow.dataset.Dataset`` of them comes back; the same call goes on with what is there. A range whose worker or node is lost is run
    again, ``retries`` times. ``remote`` are further options of Ray's tasks (``{"num_cpus": 2}`` gives each range two threads,
    ``{"runtime_env": ...}`` brings packages along). The other arguments are those of :class:`detente.ranges.Ranges`.
    """
    ranges = Ranges(
        case, worlds, seed, only=only, months=months, searches=searches, sampler=sampler, prior=prior, range_size=range_size, program=program
    )
    if storage is None:
        tables = _share_out(_table, ranges, list(ranges), _worlds(ranges), "worlds", retries, remote, progress)
        return ranges.join(tables)
    folder = os.path.abspath(storage)
    missing = ranges.prepare(folder)
    _share_out(_kept, (ranges, folder), missing, _worlds(missing), "worlds", retries, remote, progress)
    return ranges.dataset(folder)


def sweep(
    case: Case,
    quantities: Union[str, Sequence[str]],
    *,
    readings: Optional[Readings] = None,
    settings: Optional[Settings] = None,
    seeds: Iterable[int] = (1,),
    retries: int = 3,
    remote: Optional[Dict[str, Any]] = None,
    progress: Progress = None,
    **options: Any,
) -> Table:
    """:func:`detente.sweep` with its runs as tasks: the same table."""
    names = [quantities] if isinstance(quantities, str) else list(quantities)
    all_runs = runs(case, readings, settings, seeds)
    answers = _share_out(_answer, (names, options), all_runs, [1] * len(all_runs), "runs", retries, remote, progress)
    return gather(all_runs, answers)


def _worlds(ranges: Iterable[Range]) -> List[int]:
    return [end - first for first, end in ranges]


def _table(ranges: Ranges, threads: int, one: Range) -> Any:
    return ranges.packed(*one, threads=threads)


def _kept(of: Any, threads: int, one: Range) -> None:
    ranges, folder = of
    ranges.write(folder, *one, threads=threads)


def _answer(of: Any, threads: int, one: Run) -> List[Mean]:
    names, options = of
    return answer(one, names, {"threads": threads, **options})


def _share_out(
    does: Callable[[Any, int, Any], Any],
    of: Any,
    items: Sequence[Any],
    weights: Sequence[int],
    what: str,
    retries: int,
    remote: Optional[Dict[str, Any]],
    progress: Progress,
) -> List[Any]:
    """Does something with each item on the cluster; what comes of them, in order."""
    whole_number("retries", retries, 0, 1_000_000)
    if not ray.is_initialized():
        ray.init()
    how: Dict[str, Any] = {"num_cpus": 1, "max_retries": retries, **(remote or {})}
    threads = max(1, int(how["num_cpus"]))
    task = ray.remote(does).options(**how)
    told_once = ray.put(of)
    results: List[Any] = [None] * len(items)
    done, whole = 0, sum(weights)
    waiting: Dict[Any, int] = {}
    after = iter(range(len(items)))
    telling: Optional[Told] = told(progress)
    at_most, looked = 4, float("-inf")
    try:
        while True:
            # Nodes come and go, and asking for them takes as long as handing out a task.
            if time.monotonic() - looked >= _LOOKS:
                at_most, looked = max(4, _AHEAD * int(ray.cluster_resources().get("CPU", 1))), time.monotonic()
            while len(waiting) < at_most:
                index = next(after, None)
                if index is None:
                    break
                waiting[task.remote(told_once, threads, items[index])] = index
            if not waiting:
                return results
            ready, _ = ray.wait(list(waiting), num_returns=1, timeout=0.5)
            for one in ready:
                index = waiting.pop(one)
                results[index] = _result(one, items[index])
                done += weights[index]
            if telling is not None:
                telling(what, done, whole)
    finally:
        for one in waiting:
            ray.cancel(one)
        close(telling)


def _result(one: Any, item: Any) -> Any:
    try:
        return ray.get(one)
    except ray.exceptions.RayTaskError as error:
        # As it was raised there; Ray's own has the trace of the worker.
        raise error.cause from error
    except ray.exceptions.RayError as error:
        raise DetenteError(f"{item!r} could not be worked out: {error}") from error
