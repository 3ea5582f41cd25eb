"""Means over worlds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterator, List, Mapping, Optional, Tuple, Union

from . import _html
from ._table import Table, of_columns


@dataclass(frozen=True)
class Mean:
    """A mean over worlds, with its Monte Carlo error."""

    value: float
    """The mean; NaN where no world tells it."""
    error: float
    """Its standard error over independent worlds; NaN with fewer than two."""
    n: int
    """The worlds that it is of."""
    name: str = ""
    """What it is of, as claims write it."""
    unit: str = ""
    """In what it is counted."""

    def __float__(self) -> float:
        return self.value

    def __str__(self) -> str:
        of = f"{self.name} = " if self.name else ""
        return f"{of}{self.value:.4g} ± {self.error:.2g} ({self.n} worlds)"


def mean_of(of: Any, name: str = "") -> Mean:
    def number(x: Optional[float]) -> float:
        return float("nan") if x is None else float(x)

    return Mean(number(of["value"]), number(of["error"]), int(of["n"]), name)


class Means(Mapping[Tuple[str, ...], Mean]):
    """All entries of a quantity: by the names of its places, each a :class:`Mean`."""

    def __init__(self, quantity: str, entries: List[Tuple[Tuple[str, ...], Mean]]) -> None:
        self.quantity = quantity
        self._entries = dict(entries)

    def __getitem__(self, key: Union[str, Tuple[str, ...]]) -> Mean:
        return self._entries[(key,) if isinstance(key, str) else key]

    def __iter__(self) -> Iterator[Tuple[str, ...]]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def table(self) -> Table:
        """As a table: the name of each entry, its mean, error and worlds."""
        means = list(self._entries.values())
        return of_columns(
            [("name", [mean.name for mean in means])],
            [("value", [mean.value for mean in means]), ("error", [mean.error for mean in means])],
            [("n", [mean.n for mean in means])],
        )

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table().__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        return "\n".join(str(mean) for mean in self._entries.values())

    def _repr_html_(self) -> str:
        rows = [(m.name, f"{m.value:.4g}", f"± {m.error:.2g}", str(m.n)) for m in self._entries.values()]
        return _html.piece(_html.table(("entry", "mean", "error", "worlds"), rows))
