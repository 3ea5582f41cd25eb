"""Worlds a second from Python and from the command line, taken in turn: the best of each, and by how much Python is slower."""

import json
import os
import subprocess
import sys
import time
from typing import List

import detente

WORLDS, SEARCHES, TURNS = 2048, 256, 7
name = sys.argv[1] if len(sys.argv) > 1 else "cases/first-case"
case = detente.Case.open(name)
program = os.environ.get("DETENTE", "target/release/detente")


def python() -> float:
    # What a measurement of the command line does: worlds before what is on record, no table.
    session = case.session(worlds=WORLDS, searches=SEARCHES, prior=True, progress=False)
    began = time.perf_counter()
    session.table("settlement.zone")
    return WORLDS / (time.perf_counter() - began)


def line() -> float:
    words: List[str] = [program, "bench", name, "--worlds", str(WORLDS), "--searches", str(SEARCHES), "--json"]
    return float(json.loads(subprocess.run(words, capture_output=True, check=True).stdout)["worlds_per_second"])


python()
pairs = [(python(), line()) for _ in range(TURNS)]
best = max(ours for ours, _ in pairs), max(theirs for _, theirs in pairs)
print(f"{name}: {best[0]:.0f} worlds/s from Python, {best[1]:.0f} from the command line ({100 * (best[0] / best[1] - 1):+.1f} %)")
