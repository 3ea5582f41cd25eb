"""The table of a case on a Dask cluster, a range of worlds a task: python dask_ranges.py CASE FOLDER --worlds 65536 --scheduler tcp://HOST:8786

FOLDER is on storage that all workers see; each range is a Parquet file there, and the same command goes on with what is there. Needs dask,
distributed, pyarrow and detente on client and workers. Without --scheduler Dask starts workers on this machine.
"""

from __future__ import annotations

import argparse
import os
from typing import Any

from distributed import Client, as_completed

import detente
from detente.ranges import Range, Ranges


def given(ranges: Ranges) -> Ranges:
    """A task, since what a task gives is made again where its worker dies; what is scattered is lost with the last that has it."""
    return ranges


def work(ranges: Ranges, one: Range) -> Any:
    return ranges.packed(*one)


def keep(ranges: Ranges, one: Range, folder: str) -> None:
    ranges.write(folder, *one)


def table(client: Client, ranges: Ranges) -> detente.Table:
    """The table in this process."""
    told_once = client.submit(given, ranges, pure=False)
    # `pure` would take two ranges for one task where their arguments hash alike; a range that is lost is run again.
    futures = [client.submit(work, told_once, one, retries=3, pure=False) for one in ranges]
    return ranges.join(client.gather(futures))


def dataset(client: Client, ranges: Ranges, folder: str) -> Any:
    """The table as a Parquet dataset on shared storage."""
    missing = ranges.prepare(folder)
    told_once = client.submit(given, ranges, pure=False)
    futures = [client.submit(keep, told_once, one, folder, retries=3, pure=False) for one in missing]
    for done, future in enumerate(as_completed(futures), 1):
        future.result()
        print(f"\r{done} of {len(missing)} ranges", end="", flush=True)
    print()
    return ranges.dataset(folder)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case")
    parser.add_argument("folder")
    parser.add_argument("--worlds", type=int, default=4096)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--range-size", type=int)
    parser.add_argument("--scheduler")
    said = parser.parse_args()
    here = {} if said.scheduler else {"threads_per_worker": 1, "dashboard_address": None}
    with Client(said.scheduler, **here) as client:
        ranges = Ranges(detente.Case.open(said.case), said.worlds, said.seed, range_size=said.range_size)
        print(dataset(client, ranges, os.path.abspath(said.folder)).count_rows(), "worlds in", said.folder)
