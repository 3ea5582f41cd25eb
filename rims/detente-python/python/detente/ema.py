"""A case as a model of the EMA Workbench, for its samplers, evaluators and analyses.

>>> import detente, detente.ema
>>> case = detente.Case.open("cases/first-case")
>>> model = detente.ema.model(
...     case, uncertainties={"contest.edge": (0.0, 0.4)}, outcomes=["settlement.agreed[mediators_terms]"], readings=[None, "time_is_souths"], worlds=32)
>>> [parameter.name for parameter in model.uncertainties], [outcome.name for outcome in model.outcomes]
(['contest_edge', 'reading'], ['settlement_agreed_mediators_terms'])

Needs ``ema_workbench``. A grid of values alone needs none of this: that is :func:`detente.sweep`.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union

import ema_workbench

from ._case import Case, Number
from ._errors import BadCall
from ._means import Means
from ._sweep import Readings

Values = Mapping[str, Union[Tuple[float, float], Sequence[Number]]]
"""By path: ``(low, high)`` is a range, a list the values that there are."""

_READING = "reading"


def model(
    case: Case,
    uncertainties: Optional[Values] = None,
    outcomes: Union[str, Sequence[str]] = (),
    *,
    levers: Optional[Values] = None,
    readings: Optional[Readings] = None,
    name: str = "detente",
    **options: Any,
) -> Any:
    """An ``ema_workbench.Model`` of a case: numbers are set, quantities are asked, each outcome is a mean over worlds.

    ``uncertainties`` and ``levers`` say what the workbench varies, as scenarios and as policies, ``readings`` what it reads the case under.
    ``outcomes`` are quantities with their entries, as :meth:`Session.ask` has them. EMA's names are Python's identifiers: ``contest.edge`` is
    ``contest_edge`` there. The other options are those of :meth:`Case.session`; each experiment takes one thread unless they say so, since
    evaluators run many. All experiments are on the same draws.
    """
    asked = [outcomes] if isinstance(outcomes, str) else list(outcomes)
    if not asked:
        raise BadCall("`outcomes` names what is asked: settlement.agreed[…], settlement.zone, …")
    paths: Dict[str, str] = {}
    varied = [[_parameter(_named(path, paths), values) for path, values in (of or {}).items()] for of in (uncertainties, levers)]
    for path, values in {**(uncertainties or {}), **(levers or {})}.items():
        case.set({path: values[0]})
    if readings is not None:
        read = [() if names is None else (names,) if isinstance(names, str) else tuple(names) for names in readings]
        for one in read:
            case.reading(*one)
        if _READING in paths:
            raise BadCall("a number is called `reading`")
        varied[0].append(ema_workbench.CategoricalParameter(_READING, [",".join(one) for one in read]))
    told: Dict[str, str] = {}
    names = [_named(quantity, told) for quantity in asked]
    asks = _Asks(case, paths, asked, names, {"threads": 1, "progress": False, **options})
    asks.refuse()
    made = ema_workbench.Model(name, function=asks)
    made.uncertainties, made.levers = varied
    made.outcomes = [ema_workbench.ScalarOutcome(one) for one in names]
    return made


class _Asks:
    """What an experiment is: goes to the workers of an evaluator."""

    def __init__(self, case: Case, paths: Mapping[str, str], asked: List[str], names: List[str], options: Mapping[str, Any]) -> None:
        self._case, self._paths, self._asked, self._names, self._options = case, paths, asked, names, options
        self.__name__ = "detente"

    def refuse(self) -> None:
        """Refuses, before anything is run, what cannot be asked."""
        for quantity, mean in zip(self._asked, self._means(self._case, {**self._options, "worlds": 2, "searches": 0})):
            if isinstance(mean, Means):
                raise BadCall(f"`{quantity}` has an entry for each of {', '.join(one.name for one in mean.values())}: name one")
        self._case.session(**self._options)

    def _means(self, case: Case, options: Mapping[str, Any]) -> List[Any]:
        first, *others = self._asked
        means = case.session(**options).ask(first, *others)
        return means if others and isinstance(means, list) else [means]

    def __call__(self, **values: Any) -> Dict[str, float]:
        case = self._case.reading(*filter(None, values.pop(_READING, "").split(",")))
        put = {self._paths[name]: value if isinstance(value, str) else float(value) for name, value in values.items()}
        means = self._means(case.set(put) if put else case, self._options)
        return {name: mean.value for name, mean in zip(self._names, means)}


def _named(said: str, names: Dict[str, str]) -> str:
    name = re.sub(r"\W+", "_", said).strip("_")
    if names.setdefault(name, said) != said:
        raise BadCall(f"`{said}` and `{names[name]}` are both `{name}` as Python's identifiers")
    return name


def _parameter(name: str, values: Any) -> Any:
    if isinstance(values, tuple) and len(values) == 2 and all(isinstance(end, (int, float)) for end in values):
        if not values[0] < values[1]:
            raise BadCall(f"`{name}`: {values[0]} is not below {values[1]}")
        return ema_workbench.RealParameter(name, *values)
    if not isinstance(values, list) or len(values) < 2:
        raise BadCall(f"`{name}` is (low, high), or a list of two values or more, not {values!r}")
    return ema_workbench.CategoricalParameter(name, values)
