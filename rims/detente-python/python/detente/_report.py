"""What a session hands out: reports with their packages and claims, comparisons."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union, overload

from . import _detente, _html
from ._errors import BadCall, Fault, absent, faults_of
from ._means import Mean, mean_of
from ._table import Table, of_columns

Path = Union[str, "os.PathLike[str]"]


class Report:
    """What a report says: as a page, as JSON, in words. A notebook shows the page."""

    def __init__(self, core: _detente.Told) -> None:
        self._core = core
        self._data: Optional[Dict[str, Any]] = None
        self._told: Optional[Dict[str, Any]] = None

    @property
    def html(self) -> str:
        """The page, byte for byte as ``detente report`` writes it."""
        return self._core.html

    def json(self) -> str:
        """The summary, byte for byte as ``detente report --json`` prints it."""
        return self._core.json()

    @property
    def data(self) -> Dict[str, Any]:
        """The same as dictionaries and lists; docs/json.md explains the fields."""
        if self._data is None:
            self._data = json.loads(self.json())
        return self._data

    @property
    def _pieces(self) -> Dict[str, Any]:
        if self._told is None:
            self._told = json.loads(self._core.pieces())
        return self._told

    @property
    def warnings(self) -> List[Fault]:
        """Claims and anchors that it leaves untold, and why."""
        return faults_of(self._core.untold)

    @property
    def bottom_line(self) -> List[str]:
        """The sentences it begins with."""
        return [str(sentence["text"]) for sentence in self._pieces["bottom_line"]]

    def chapter(self, id: str) -> "Piece":
        """A chapter, by the name of its lens: ``leverage``, ``beliefs``, ``durability``, …; :attr:`chapters` lists them."""
        if id not in self.chapters:
            raise BadCall(absent("chapter", id, self.chapters))
        return Piece(self._core.chapter(id))

    @property
    def chapters(self) -> List[str]:
        """The chapters that it has for lenses of their own."""
        return [str(chapter["id"]) for chapter in self._pieces["chapters"] if chapter["told"]]

    def chart(self) -> "Piece":
        """The map of who accepts which package."""
        told = self._pieces["acceptance"]
        if not told["map"]:
            raise BadCall("the report draws no map: the case names no package, or nothing was computed")
        return Piece(str(told["map"]))

    def write(self, path: Path, *, overwrite: bool = False) -> None:
        """Writes the page, or the summary where the name ends in ``.json``: whole or not at all."""
        target = os.path.abspath(os.fspath(path))
        text = self.json() if target.lower().endswith(".json") else self.html
        beside = f"{target}.{os.getpid()}.part"
        try:
            with open(beside, "x", encoding="utf-8", newline="") as file:
                file.write(text)
            if overwrite:
                os.replace(beside, target)
            else:
                # A link fails where the name is taken already, however short ago.
                os.link(beside, target)
        finally:
            if os.path.exists(beside):
                os.unlink(beside)

    def __str__(self) -> str:
        return self._core.text()

    def __repr__(self) -> str:
        return self._core.text()

    def _repr_html_(self) -> str:
        return _html.page(self.html)


class Piece:
    """A piece of the report, which a notebook shows as the report does."""

    def __init__(self, html: str) -> None:
        self.html = html
        """As it stands in the page."""

    def _repr_html_(self) -> str:
        return _html.piece(self.html)

    def __repr__(self) -> str:
        return f"<detente.Piece of {len(self.html)} characters>"


@dataclass(frozen=True)
class Package:
    """A named package and what becomes of it."""

    id: str
    """What it is called in the text."""
    name: str
    """Its name for readers."""
    signed: Mean
    """How often all whom it needs sign it."""
    in_force: Mean
    """How often it comes into force, too."""
    kept: Mean
    """How often it is kept, too, where the case says what may follow a deal."""
    accepts: Mapping[str, Mean]
    """By party: how often it prefers the package to no deal."""
    needed: Tuple[str, ...]
    """The parties that it needs."""
    blockers: Tuple[str, ...]
    """Who blocks it first most often."""


class Packages(Sequence[Package]):
    """The named packages of a report; a notebook shows the map of who accepts which."""

    def __init__(self, report: Report) -> None:
        told = report._pieces
        parties = [str(party["id"]) for party in told["parties"]]
        self._report = report
        self._all = [
            Package(
                one["id"],
                one["name"],
                mean_of(one["signed"], f"settlement.agreed[{one['id']}]"),
                mean_of(one["in_force"]),
                mean_of(one["kept"]),
                {party: mean_of(mean) for party, mean in zip(parties, one["accepts"])},
                tuple(one["needed"]),
                tuple(one["blockers"]),
            )
            for one in told["packages"]
        ]

    @overload
    def __getitem__(self, key: Union[int, str]) -> Package: ...

    @overload
    def __getitem__(self, key: slice) -> List[Package]: ...

    def __getitem__(self, key: Union[int, str, slice]) -> Union[Package, List[Package]]:
        if isinstance(key, str):
            for package in self._all:
                if package.id == key:
                    return package
            raise BadCall(absent("package", key, [package.id for package in self._all]))
        return self._all[key]

    def __len__(self) -> int:
        return len(self._all)

    def table(self) -> Table:
        """As a table, a row a package."""
        numbers: List[Tuple[str, List[float]]] = []
        for what in ("signed", "in_force", "kept"):
            means = [getattr(package, what) for package in self._all]
            numbers += [(what, [mean.value for mean in means]), (f"{what}_error", [mean.error for mean in means])]
        for party in self._all[0].accepts if self._all else ():
            numbers.append((f"accepts[{party}]", [package.accepts[party].value for package in self._all]))
        words = [("id", [p.id for p in self._all]), ("name", [p.name for p in self._all])]
        return of_columns(words, numbers)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table().__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        if not self._all:
            return "<detente.Packages: none>"
        return "\n".join(f"{p.id}: signed {p.signed.value:.3f} ± {p.signed.error:.3f}" for p in self._all)

    def _repr_html_(self) -> str:
        return self._report.chart()._repr_html_() if self._all else _html.piece("<p>The case names no package.</p>")


@dataclass(frozen=True)
class Claim:
    """A claim and in which share of worlds it holds."""

    id: str
    """What it is called in the text."""
    says: str
    """The claim in a sentence."""
    by: str
    """Whose it is."""
    status: str
    """``computed``, or why it is not."""
    holds: Optional[Mean]
    """In which share of the worlds it holds."""
    why: Optional[str]
    """Why it was not computed."""


class Claims(Sequence[Claim]):
    """The claims of a report."""

    def __init__(self, report: Report) -> None:
        self._all = [
            Claim(
                one["id"],
                one["says"],
                one["by"],
                one["status"],
                mean_of(one["share"]["holds"], one["id"]) if one.get("share") else None,
                one.get("why"),
            )
            for one in report.data["claims"] or ()
        ]

    @overload
    def __getitem__(self, key: Union[int, str]) -> Claim: ...

    @overload
    def __getitem__(self, key: slice) -> List[Claim]: ...

    def __getitem__(self, key: Union[int, str, slice]) -> Union[Claim, List[Claim]]:
        if isinstance(key, str):
            for claim in self._all:
                if claim.id == key:
                    return claim
            raise BadCall(absent("claim", key, [claim.id for claim in self._all]))
        return self._all[key]

    def __len__(self) -> int:
        return len(self._all)

    def table(self) -> Table:
        """As a table, a row a claim."""
        words = [(what, [getattr(claim, what) for claim in self._all]) for what in ("id", "says", "by", "status")]
        nan = float("nan")
        numbers = [
            ("holds", [claim.holds.value if claim.holds else nan for claim in self._all]),
            ("error", [claim.holds.error if claim.holds else nan for claim in self._all]),
        ]
        return of_columns(words, numbers)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table().__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        if not self._all:
            return "<detente.Claims: none>"
        return "\n".join(str(claim.holds) if claim.holds else f"{claim.id}: {claim.status}" for claim in self._all)

    def _repr_html_(self) -> str:
        rows = [(c.says, c.by, f"{c.holds.value:.3f} ± {c.holds.error:.3f}" if c.holds else c.status) for c in self._all]
        return _html.piece(_html.table(("claim", "by", "holds in"), rows) if rows else "<p>The case has no claims.</p>")


class Comparison:
    """Two cases on the same worlds."""

    def __init__(self, told: Dict[str, Any]) -> None:
        if "packages" not in told:
            raise BadCall(str(told.get("error") or told.get("absent") or told.get("defect") or told))
        self.data = told
        """All of it, as docs/live.md has it."""

    @property
    def changes(self) -> List[str]:
        """What differs between the two."""
        return list(self.data["changes"])

    def table(self) -> Table:
        """A row a package and term (signed, in force, kept): before, after, the difference with its error on common draws."""
        rows = [(package, term) for package in self.data["packages"] for term in package["terms"]]
        number = mean_of
        return of_columns(
            [("package", [p["id"] for p, _ in rows]), ("term", [t["what"] for _, t in rows])],
            [
                ("before", [number(t["before"]).value for _, t in rows]),
                ("after", [number(t["after"]).value for _, t in rows]),
                ("difference", [number(t["difference"]).value for _, t in rows]),
                ("error", [number(t["difference"]).error for _, t in rows]),
            ],
        )

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table().__arrow_c_stream__(requested_schema)

    def difference(self, package: str, term: str = "signed") -> Mean:
        """By how much a term of a package moves."""
        for one in self.data["packages"]:
            if one["id"] == package:
                for told in one["terms"]:
                    if told["what"] == term:
                        return mean_of(told["difference"], f"{package}, {term}")
                raise BadCall(absent("term", term, [str(told["what"]) for told in one["terms"]]))
        raise BadCall(absent("package", package, [str(one["id"]) for one in self.data["packages"]]))

    def _rows(self) -> List[Tuple[str, str, str, str, str]]:
        rows = []
        for package in self.data["packages"]:
            for term in package["terms"]:
                moved = mean_of(term["difference"])
                rows.append(
                    (
                        str(package["name"]),
                        str(term["what"]),
                        str(term["before"]["words"]),
                        str(term["after"]["words"]),
                        f"{100 * moved.value:+.1f} ± {100 * moved.error:.1f}",
                    )
                )
        return rows

    def __repr__(self) -> str:
        head = "; ".join(self.changes) or "nothing differs"
        return "\n".join([head, *(f"{name}, {term}: {before} → {after} ({by})" for name, term, before, after, by in self._rows())])

    def _repr_html_(self) -> str:
        head = ("package", "", "before", "after", "difference, of 100")
        return _html.piece(_html.table(head, self._rows(), "; ".join(self.changes)))
