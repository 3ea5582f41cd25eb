"""Tables that leave through Arrow's C data interface, without a copy."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence, Union

from . import _detente, _html

_SHOWN = 8


class Table:
    """Columns of numbers and words, in Arrow's memory.

    Whatever speaks Arrow's PyCapsule interface reads it as it is: ``pyarrow.table(table)``, ``polars.DataFrame(table)``, DuckDB's
    ``FROM table``. What was not computed is null.
    """

    def __init__(self, core: Union[_detente.Table, "_Arrow"]) -> None:
        self._core = core

    def __arrow_c_schema__(self) -> object:
        return self._core.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._core.__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        return self._core.num_rows

    @property
    def columns(self) -> List[str]:
        """Names of the columns."""
        return self._core.column_names

    def about(self, column: str) -> Dict[str, str]:
        """Unit and meaning of a column."""
        return self._core.about(column) or {}

    def to_pyarrow(self) -> Any:
        """As a ``pyarrow.Table``, on the same memory."""
        import pyarrow

        return pyarrow.table(self)

    def to_polars(self) -> Any:
        """As a ``polars.DataFrame``, on the same memory."""
        import polars

        return polars.DataFrame(self)

    def to_pandas(self) -> Any:
        """As a ``pandas.DataFrame``, by way of pyarrow."""
        return self.to_pyarrow().to_pandas()

    def __repr__(self) -> str:
        names = self.columns
        shown = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
        return f"<detente.Table: {len(self)} rows, {len(names)} columns: {shown}>"

    def _repr_html_(self) -> str:
        rows = [(name, self.about(name).get("unit", ""), self.about(name).get("meaning", "")) for name in self.columns[:50]]
        more = len(self.columns) - len(rows)
        caption = f"{len(self)} rows, {len(self.columns)} columns" + (f", the first {len(rows)}" if more > 0 else "")
        return _html.piece(_html.table(("column", "unit", "meaning"), rows, caption))


def of_columns(
    words: Sequence[Any] = (), numbers: Sequence[Any] = (), whole: Optional[Sequence[Any]] = None
) -> Table:
    """A table of columns in hand: words first, then numbers, then whole numbers."""
    return Table(_detente.columns(list(words), list(numbers), list(whole or [])))


class _Arrow:
    """A table of pyarrow's, told as the compiled module tells its own."""

    def __init__(self, table: Any) -> None:
        self._table = table

    @property
    def num_rows(self) -> int:
        return int(self._table.num_rows)

    @property
    def column_names(self) -> List[str]:
        return list(self._table.column_names)

    def about(self, name: str) -> Optional[Dict[str, str]]:
        if name not in self._table.column_names:
            return None
        return {key.decode(): value.decode() for key, value in (self._table.schema.field(name).metadata or {}).items()}

    def __arrow_c_schema__(self) -> object:
        return self._table.schema.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


def of_arrow(table: Any) -> Table:
    """A table of pyarrow's, on the same memory."""
    return Table(_Arrow(table))
