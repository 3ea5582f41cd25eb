"""Sweeps beside the EMA Workbench: what a run costs there and here beside the model itself, and the same case driven by both.

The lake model is the Workbench's own example. It cannot be a case and a case cannot be it, so that no time of one model stands beside one of the
other: of each evaluator it is told what it adds to its model, and for a case, which both drive, the whole.
"""

import logging
import random
import time
import warnings
from typing import Any, Callable, Dict, List

import detente

warnings.simplefilter("ignore")
import ema_workbench
from ema_workbench.examples.example_lake_model import lake_problem

import detente.ema

logging.getLogger("EMA").setLevel(logging.ERROR)
RUNS, WORLDS, TURNS = 128, 256, 5
QUANTITY = "settlement.agreed[mediators_terms]"
case = detente.Case.open("cases/first-case")


def lake() -> Any:
    model = ema_workbench.Model("lake", function=lake_problem)
    model.uncertainties = [ema_workbench.RealParameter("b", 0.1, 0.45), ema_workbench.RealParameter("q", 2.0, 4.5)]
    model.constants = [ema_workbench.Constant(str(year), 0.05) for year in range(100)]
    model.outcomes = [ema_workbench.ScalarOutcome(name) for name in ("max_P", "utility", "inertia", "reliability")]
    return model


def ours() -> Any:
    return detente.ema.model(case, {"contest.edge": (0.0, 0.4)}, QUANTITY, worlds=WORLDS)


def evaluated(model: Any, evaluator: str, **how: Any) -> Callable[[], object]:
    def run() -> object:
        with getattr(ema_workbench, evaluator)(model, **how) as running:
            return running.perform_experiments(RUNS)

    return run


DRAWS = random.Random(1)
LAKES: List[Dict[str, float]] = [{"b": DRAWS.uniform(0.1, 0.45), "q": DRAWS.uniform(2.0, 4.5)} for _ in range(RUNS)]
EDGES = [0.4 * run / RUNS for run in range(RUNS)]
YEARS: Dict[str, Any] = {str(year): 0.05 for year in range(100)}

WAYS: Dict[str, Callable[[], object]] = {
    "lake model, called in a loop": lambda: [lake_problem(**YEARS, **values) for values in LAKES],
    "lake model, EMA's SequentialEvaluator": evaluated(lake(), "SequentialEvaluator"),
    "lake model, EMA's MultiprocessingEvaluator(2)": evaluated(lake(), "MultiprocessingEvaluator", n_processes=2),
    "case, asked in a loop, one thread": lambda: [
        case.set({"contest.edge": edge}).session(WORLDS, threads=1, progress=False).ask(QUANTITY) for edge in EDGES
    ],
    "case, detente.sweep, one thread": lambda: detente.sweep(
        case, QUANTITY, settings={"contest.edge": EDGES}, worlds=WORLDS, threads=1, progress=False
    ),
    "case, EMA's SequentialEvaluator": evaluated(ours(), "SequentialEvaluator"),
    "case, detente.sweep, all threads": lambda: detente.sweep(case, QUANTITY, settings={"contest.edge": EDGES}, worlds=WORLDS, progress=False),
    "case, EMA's MultiprocessingEvaluator(2)": evaluated(ours(), "MultiprocessingEvaluator", n_processes=2),
}

best = {way: float("inf") for way in WAYS}
for _ in range(TURNS):
    for way, run in WAYS.items():
        began = time.perf_counter()
        run()
        best[way] = min(best[way], time.perf_counter() - began)
for way, seconds in best.items():
    print(f"{way:48} {1000 * seconds / RUNS:6.2f} ms a run")
