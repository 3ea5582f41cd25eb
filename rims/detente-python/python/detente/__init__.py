"""A workbench for negotiations that happen in the shadow of an alternative.

>>> import detente
>>> case = detente.Case.open("cases/first-case")
>>> session = case.session(worlds=256, progress=False)
>>> session.ask("settlement.agreed[mediators_terms]").n
256

The guide is docs/python.md.
"""

from __future__ import annotations

import json
from typing import Any, Dict, List

from . import _detente
from ._case import Case, Input, Named
from ._errors import BadCall, CaseError, Defect, DetenteError, Fault, GameError, Label, Unsound
from ._games import Certificate, Equilibrium, Game, InfoSet, Solution
from ._means import Mean, Means
from ._report import Claim, Claims, Comparison, Package, Packages, Piece, Report
from ._session import Session
from ._sweep import sweep
from ._table import Table

__version__: str = _detente.__version__

__all__ = [
    "BadCall",
    "Case",
    "CaseError",
    "Certificate",
    "Claim",
    "Claims",
    "Comparison",
    "Defect",
    "DetenteError",
    "Equilibrium",
    "Fault",
    "Game",
    "GameError",
    "InfoSet",
    "Input",
    "Label",
    "Mean",
    "Means",
    "Named",
    "Package",
    "Packages",
    "Piece",
    "Report",
    "Session",
    "Solution",
    "Table",
    "Unsound",
    "codes",
    "explain",
    "new_case",
    "quantities",
    "sweep",
]


def explain(topic: str) -> str:
    """The page of a diagnostic code (``D0302``), a lens (``settlement``), a quantity or a key of the language."""
    return _detente.explain(topic)


def quantities() -> List[Dict[str, Any]]:
    """What lenses report: id, unit, meaning, what each is stated per."""
    found: List[Dict[str, Any]] = json.loads(_detente.quantities())
    return found


def codes() -> List[Dict[str, str]]:
    """The diagnostic codes: code, title, severity."""
    found: List[Dict[str, str]] = json.loads(_detente.codes())
    return found


def new_case(name: str, like: str = "blank") -> str:
    """The text of a case to start from: ``blank``, ``contest``, ``process``, …"""
    return _detente.new_case(like, name)
