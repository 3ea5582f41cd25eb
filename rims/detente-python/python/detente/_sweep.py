"""A case under many readings, settings and seeds, as one table."""

from __future__ import annotations

import itertools
from typing import Any, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

from ._case import Case, Number
from ._means import Mean, Means
from ._progress import Progress, close, told
from ._table import Table, of_columns

Readings = Iterable[Union[str, Sequence[str], None]]
"""What the case is read under in turn: a reading, several composed, or ``None`` for the case as written."""

Settings = Union[Mapping[str, Iterable[Number]], Iterable[Mapping[str, Number]]]
"""Values by path, all combinations of which are taken; or the combinations themselves."""


class Run(NamedTuple):
    """A run of a sweep: whoever shares runs out over machines takes :func:`runs` and hands what comes of them to :func:`gather`."""

    case: Case
    reading: str
    set: Mapping[str, Number]
    seed: int


def runs(
    case: Case, readings: Optional[Readings] = None, settings: Optional[Settings] = None, seeds: Iterable[int] = (1,)
) -> List[Run]:
    """All runs of a sweep, in order; a reading or a number that cannot be raises before anything is run."""
    read: List[Tuple[str, Case]] = []
    for names in [None] if readings is None else readings:
        composed = () if names is None else (names,) if isinstance(names, str) else tuple(names)
        read.append((",".join(composed), case.reading(*composed) if composed else case))
    combinations: List[Mapping[str, Number]]
    if settings is None:
        combinations = [{}]
    elif isinstance(settings, Mapping):
        paths = list(settings)
        combinations = [dict(zip(paths, values)) for values in itertools.product(*(list(settings[path]) for path in paths))]
    else:
        combinations = list(settings)
    numbers = list(seeds)
    return [
        Run(of.set(put) if put else of, reading, put, seed) for reading, of in read for put in combinations for seed in numbers
    ]


def answer(run: Run, quantities: Sequence[str], options: Mapping[str, Any]) -> List[Mean]:
    """What a run says of some quantities, entry by entry."""
    first, *others = quantities
    asked = run.case.session(seed=run.seed, progress=False, **options).ask(first, *others)
    means: List[Mean] = []
    for one in asked if isinstance(asked, list) else [asked]:
        means += one.values() if isinstance(one, Means) else [one]
    return means


def gather(runs: Sequence[Run], answers: Sequence[Sequence[Mean]]) -> Table:
    """One table of runs and what each says: a row an entry of a run."""
    rows = [(run, mean) for run, means in zip(runs, answers) for mean in means]
    paths = list(dict.fromkeys(path for run in runs for path in run.set))
    words: List[Tuple[str, List[str]]] = [("quantity", [mean.name for _, mean in rows]), ("reading", [run.reading for run, _ in rows])]
    numbers: List[Tuple[str, List[float]]] = []
    for path in paths:
        values = [run.set.get(path) for run, _ in rows]
        if any(isinstance(value, str) for value in values):
            words.append((path, ["" if value is None else str(value) for value in values]))
        else:
            numbers.append((path, [float("nan") if value is None else float(value) for value in values]))
    numbers += [("value", [mean.value for _, mean in rows]), ("error", [mean.error for _, mean in rows])]
    return of_columns(words, numbers, [("seed", [run.seed for run, _ in rows]), ("worlds", [mean.n for _, mean in rows])])


def sweep(
    case: Case,
    quantities: Union[str, Sequence[str]],
    *,
    readings: Optional[Readings] = None,
    settings: Optional[Settings] = None,
    seeds: Iterable[int] = (1,),
    progress: Progress = None,
    **options: Any,
) -> Table:
    """Asks quantities of a case under every combination of readings, settings and seeds: a row an entry of a run.

    ``settings={"contest.edge": [0.1, 0.2], "party.north.burden": [12, 20]}`` takes all four combinations, a list of mappings these alone.
    The other options are those of :meth:`Case.session`. All runs of a seed are on the same draws, so that their differences are not noise.

    >>> import detente
    >>> case = detente.Case.open("cases/first-case")
    >>> table = detente.sweep(case, "settlement.agreed[mediators_terms]", settings={"contest.edge": [0.1, 0.2]}, seeds=[1, 2], worlds=32)
    >>> len(table), table.columns
    (4, ['quantity', 'reading', 'contest.edge', 'value', 'error', 'seed', 'worlds'])
    """
    names = [quantities] if isinstance(quantities, str) else list(quantities)
    all_runs = runs(case, readings, settings, seeds)
    telling = told(progress)
    answers: List[List[Mean]] = []
    try:
        for done, run in enumerate(all_runs):
            if telling is not None:
                telling("runs", done, len(all_runs))
            answers.append(answer(run, names, options))
        if telling is not None:
            telling("runs", len(all_runs), len(all_runs))
    finally:
        close(telling)
    return gather(all_runs, answers)
