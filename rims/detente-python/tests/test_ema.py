"""A case as a model of the EMA Workbench."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

import detente

pytest.importorskip("ema_workbench", reason="ema_workbench is not installed")
with warnings.catch_warnings():
    # It warns of each package that it could use and does not find.
    warnings.simplefilter("ignore")
    import ema_workbench
    import detente.ema

ASK = "settlement.agreed[mediators_terms]"


@pytest.fixture(scope="module")
def first() -> detente.Case:
    from conftest import ROOT

    return detente.Case.open(ROOT / "cases" / "first-case")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("evaluator", ["SequentialEvaluator", "MultiprocessingEvaluator"])
def test_experiments_are_what_sessions_answer(first: detente.Case, evaluator: str) -> None:
    model = detente.ema.model(
        first,
        uncertainties={"contest.edge": (0.0, 0.4), "party.north.burden": [12, "14 to 20"]},
        levers={"party.south.burden": (8.0, 16.0)},
        readings=[None, "time_is_souths"],
        outcomes=[ASK, "settlement.zone"],
        worlds=16,
        searches=4,
    )
    how: Any = {} if evaluator == "SequentialEvaluator" else {"n_processes": 2}
    with getattr(ema_workbench, evaluator)(model, **how) as running:
        experiments, outcomes = running.perform_experiments(6, 2)
    assert len(experiments) == 12 and experiments["policy"].nunique() == 2
    for place, row in enumerate(experiments.to_dict("records")):
        case = first.set({"contest.edge": row["contest_edge"], "party.north.burden": row["party_north_burden"], "party.south.burden": row["party_south_burden"]})
        case = case.reading(row["reading"]) if row["reading"] else case
        agreed, zone = case.session(worlds=16, searches=4, progress=False).ask(ASK, "settlement.zone")
        assert float(agreed) == outcomes["settlement_agreed_mediators_terms"][place]  # type: ignore[arg-type]
        assert float(zone) == outcomes["settlement_zone"][place]  # type: ignore[arg-type]


def test_what_cannot_be_is_refused_before_anything_is_run(first: detente.Case) -> None:
    edge = {"contest.edge": (0.0, 0.4)}
    with pytest.raises(detente.CaseError, match="did you mean `contest.edge`"):
        detente.ema.model(first, {"contest.egde": (0.0, 0.4)}, ASK)
    with pytest.raises(detente.BadCall, match="did you mean `settlement.agreed`"):
        detente.ema.model(first, edge, "settlement.agred")
    with pytest.raises(detente.BadCall, match="name one"):
        detente.ema.model(first, edge, "settlement.agreed")
    with pytest.raises(detente.BadCall, match="time_is_souths"):
        detente.ema.model(first, edge, ASK, readings=["time_is_south"])
    with pytest.raises(detente.BadCall, match="worlds"):
        detente.ema.model(first, edge, ASK, worlds=1)
    with pytest.raises(detente.BadCall, match="outcomes"):
        detente.ema.model(first, edge)
    for wrong in ((0.4, 0.0), [1], 3):
        with pytest.raises(detente.BadCall):
            detente.ema.model(first, {"contest.edge": wrong}, ASK)  # type: ignore[dict-item]
