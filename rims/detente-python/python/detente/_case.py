"""Cases, sessions on them, and what they answer."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple, Union, overload

from . import _detente, _html
from ._errors import BadCall, Fault, faults_of
from ._progress import Progress, close, told
from ._table import Table, of_columns

Number = Union[float, int, str]
"""A number as it is set: exact, or in the language of cases, such as ``"0.2 to 0.4"``."""

Path = Union[str, "os.PathLike[str]"]

MOST_WORLDS = 100_000_000
_ASKED = 1024
_TABLE = 4096
_COMPARED = 256


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


def _mean(of: Any, name: str = "") -> Mean:
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


@dataclass(frozen=True)
class Named:
    """Something that a case names: a party, an issue, a lever, a reading, a claim, a source."""

    id: str
    """What it is called in the text."""
    name: str
    """Its name, or what it says, for readers."""
    more: Mapping[str, Any]
    """What else the case says of it."""

    def __str__(self) -> str:
        return f"{self.id}: {self.name}"


@dataclass(frozen=True)
class Input:
    """A number of a case."""

    path: str
    """Its path, such as ``party.north.burden``."""
    text: str
    """As typed."""
    unit: str
    """In what it is counted."""
    status: str
    """How well it is known: measured, quoted, judgement, placeholder, default, …"""
    sources: Tuple[str, ...]
    """Identifiers of its sources."""


class Case:
    """A case: the text that an analyst wrote, checked, with what is put over it.

    Cases do not change. :meth:`set`, :meth:`reading` and :meth:`expert` give other cases, and compose:

    >>> import detente
    >>> case = detente.Case.open("cases/first-case")
    >>> case.set({"contest.edge": 0.3}).reading("time_is_souths")
    <detente.Case first-case, reading time_is_souths, contest.edge=0.3>
    """

    def __init__(self, core: _detente.Core) -> None:
        self._core = core
        self._facts: Optional[Dict[str, Any]] = None

    @classmethod
    def open(cls, path: Path) -> "Case":
        """Opens a case: a file, or a folder that holds ``case.toml``.

        Raises :class:`CaseError` with every fault at once, drawn as in the terminal.
        """
        return cls(_detente.Core.open(os.fspath(path)))

    @classmethod
    def parse(cls, text: Union[str, Mapping[str, str]], name: str = "case.toml") -> "Case":
        """A case of a text in hand, or of several by name, the main one first."""
        texts = [(name, text)] if isinstance(text, str) else list(text.items())
        return cls(_detente.Core.parse(texts))

    def set(self, numbers: Optional[Mapping[str, Number]] = None, **more: Number) -> "Case":
        """The same case with numbers set, over the text and all its readings, as ``--set`` does.

        By path: ``case.set({"contest.edge": 0.3})``; ranges as the language has them: ``{"contest.edge": "0.2 to 0.4"}``.
        """
        wanted = {**(numbers or {}), **more}
        set = dict(one.split("=", 1) for one in self._core.set)
        for path, value in wanted.items():
            if isinstance(value, bool) or not isinstance(value, (int, float, str)):
                raise BadCall(f"`{path}` is set to a number or a text of the language, not to {value!r}")
            set[path] = value if isinstance(value, str) else repr(value)
        return Case(self._core.under([f"{path}={value}" for path, value in set.items()], self._core.readings, self._core.expert))

    def reading(self, *names: str) -> "Case":
        """The same case under readings, over those it is read under already, composed in order."""
        return Case(self._core.under(self._core.set, [*self._core.readings, *names], self._core.expert))

    def expert(self, name: str) -> "Case":
        """The same case where, of several experts who speak of a number, one alone is heard."""
        return Case(self._core.under(self._core.set, self._core.readings, name))

    def session(
        self,
        worlds: Optional[int] = None,
        seed: int = 1,
        *,
        searches: int = 256,
        sampler: str = "quasi",
        prior: bool = False,
        threads: Optional[int] = None,
        quick: bool = False,
        rival_claims: bool = False,
        progress: Progress = None,
    ) -> "Session":
        """A session, in which questions are asked of the case.

        The options are those of the command line: ``worlds`` (a report takes from 1024 up to 4096 unless it is said), ``seed``,
        ``searches`` (worlds in which all combinations of options are searched), ``sampler`` (``quasi`` or ``pseudo``), ``prior`` (without
        what is on record), ``threads``, ``quick`` (a first look), ``rival_claims``. Answers depend on case, seed, worlds and searches
        alone. ``progress`` is a function ``(what, done, of)``, ``True`` for a bar, ``False`` for none; by default a bar is shown where
        somebody looks at a terminal or a notebook.
        """
        return Session(self, worlds, seed, searches, sampler, prior, threads, quick, rival_claims, progress)

    def why(self, party: str, package: str, world: Optional[int] = None, seed: int = 1) -> str:
        """Why a party accepts or refuses a package, number by number: in one world, or with every number at its median."""
        return self._core.why(party, package, Session(self, seed=seed)._run, world)

    def report(self, path: Optional[Path] = None, **options: Any) -> "Report":
        """The report; the options are those of :meth:`session`."""
        return self.session(**options).report(path)

    def compare(self, other: "Case", **options: Any) -> "Comparison":
        """What moves from this case to another on the same worlds; the options are those of :meth:`session`."""
        return self.session(**options).compare(other)

    def explain(self, path: str) -> str:
        """The page of one of its numbers."""
        return self._core.explain(path)

    @property
    def name(self) -> str:
        """The name of its folder or file."""
        return self._core.name

    @property
    def title(self) -> str:
        """What it calls itself."""
        return str(self._told["name"])

    @property
    def path(self) -> str:
        """Where it was opened, as it was named."""
        return self._core.path

    @property
    def texts(self) -> Dict[str, str]:
        """Its texts by name."""
        return dict(self._core.texts)

    @property
    def readings_over(self) -> List[str]:
        """The readings that it is read under."""
        return self._core.readings

    @property
    def set_over(self) -> Dict[str, str]:
        """The numbers that are set, as the language has them."""
        return dict(one.split("=", 1) for one in self._core.set)

    @property
    def warnings(self) -> List[Fault]:
        """What the checker would have an analyst know."""
        return faults_of(self._core.warnings()[1])

    @property
    def _told(self) -> Dict[str, Any]:
        if self._facts is None:
            self._facts = json.loads(self._core.facts())
        return self._facts

    def _named(self, what: str, says: str = "name") -> List[Named]:
        return [Named(one["id"], one[says], one) for one in self._told[what]]

    @property
    def parties(self) -> List[Named]:
        """Its parties; ``more["types"]`` has their types."""
        return self._named("parties")

    @property
    def issues(self) -> List[Named]:
        """Its issues; ``more["options"]`` has their options."""
        return self._named("issues")

    @property
    def packages(self) -> List[Named]:
        """Its named packages; ``more["options"]`` has the option of each issue."""
        return self._named("packages")

    @property
    def levers(self) -> List[Named]:
        """Its levers."""
        return self._named("levers")

    @property
    def readings(self) -> List[Named]:
        """Its readings."""
        return self._named("readings")

    @property
    def claims(self) -> List[Named]:
        """Its claims, as they are said."""
        return self._named("claims", "says")

    @property
    def judgements(self) -> List[Named]:
        """Its signed judgements."""
        return self._named("judgements", "says")

    @property
    def sources(self) -> List[Named]:
        """Its sources."""
        return self._named("sources", "title")

    @property
    def experts(self) -> List[str]:
        """Everybody who speaks of a number among others."""
        return list(self._told["experts"])

    @property
    def inputs(self) -> List[Input]:
        """Its numbers, as they are drawn under its readings."""
        return [
            Input(one["path"], one["text"], one["unit"], one["status"], tuple(one["sources"])) for one in self._told["inputs"]
        ]

    def __repr__(self) -> str:
        over = []
        if self._core.readings:
            over.append("reading " + ", ".join(self._core.readings))
        over += self._core.set
        if self._core.expert:
            over.append(f"{self._core.expert} alone")
        return f"<detente.Case {', '.join([self.name, *over])}>"

    def _repr_html_(self) -> str:
        told = self._told
        rows = [
            ("parties", ", ".join(party.name for party in self.parties)),
            ("issues", ", ".join(issue.name for issue in self.issues)),
            ("packages", ", ".join(package.id for package in self.packages)),
            ("readings", ", ".join(reading.id for reading in self.readings)),
            ("numbers", f"{len(told['inputs'])}, of which {sum(i.status == 'placeholder' for i in self.inputs)} placeholders"),
            ("put over it", ", ".join([*self._core.readings, *self._core.set]) or "nothing"),
        ]
        return _html.piece(_html.table(("", ""), rows, f"{self.title} ({told['as_of']})"))

    # A case goes to other processes as its texts, which are checked again there.
    def __getstate__(self) -> Dict[str, Any]:
        core = self._core
        return {"texts": core.texts, "set": core.set, "readings": core.readings, "expert": core.expert}

    def __setstate__(self, state: Dict[str, Any]) -> None:
        core = _detente.Core.parse(state["texts"])
        self.__init__(core.under(state["set"], state["readings"], state["expert"]))  # type: ignore[misc]


_forked = False


def _after_fork() -> None:
    global _forked
    _forked = True


if hasattr(os, "register_at_fork"):
    # The threads of a pool do not live on in a child: each piece of work there starts its own.
    os.register_at_fork(after_in_child=_after_fork)


class Session:
    """A case with how its worlds are drawn: questions, tables, reports."""

    def __init__(
        self,
        case: Case,
        worlds: Optional[int] = None,
        seed: int = 1,
        searches: int = 256,
        sampler: str = "quasi",
        prior: bool = False,
        threads: Optional[int] = None,
        quick: bool = False,
        rival_claims: bool = False,
        progress: Progress = None,
    ) -> None:
        def whole(name: str, value: object, least: int, most: int) -> None:
            if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
                raise BadCall(f"`{name}` is a whole number from {least:,} to {most:,}, not {value!r}")

        if worlds is not None:
            whole("worlds", worlds, 2, MOST_WORLDS)
        whole("seed", seed, 0, 2**64 - 1)
        whole("searches", searches, 0, MOST_WORLDS)
        if threads is not None:
            whole("threads", threads, 1, 1024)
        if sampler not in ("quasi", "pseudo"):
            raise BadCall(f"`sampler` is \"quasi\" or \"pseudo\", not {sampler!r}")
        if quick and (worlds is not None or rival_claims):
            raise BadCall("`quick` says how many worlds there are: not with `worlds` or `rival_claims`")
        if rival_claims and worlds is not None:
            raise BadCall("`rival_claims` is not for so many `worlds`, which test claims under the other readings anyway")
        self.case = case
        """What is asked about."""
        self.worlds = worlds
        """How many worlds, if it was said."""
        self._progress = progress
        self._run: Dict[str, object] = {
            "worlds": worlds,
            "seed": seed,
            "searches": searches,
            "pseudo": sampler == "pseudo",
            "prior": prior,
            "threads": threads if threads is not None or not _forked else os.cpu_count(),
            "quick": quick,
            "rival_claims": rival_claims,
        }
        self._report: Optional[Report] = None

    @overload
    def ask(self, quantity: str) -> Union[Mean, Means]: ...

    @overload
    def ask(self, quantity: str, *quantities: str) -> List[Union[Mean, Means]]: ...

    def ask(self, quantity: str, *quantities: str) -> Union[Mean, Means, List[Union[Mean, Means]]]:
        """What a quantity is on average over worlds (1024 unless the session says).

        ``settlement.agreed[mediators_terms]`` gives its :class:`Mean`, ``settlement.agreed`` the :class:`Means` of all entries. Several
        names give a list, and cost one run. Nothing is worked out that none of them needs.
        """
        names = [quantity, *quantities]
        telling = told(self._progress)
        try:
            found = self.case._core.ask(names, self._run, self.worlds or _ASKED, telling)
        finally:
            close(telling)
        answers: List[Union[Mean, Means]] = []
        for name, entries in zip(names, found):
            means = [(tuple(places), Mean(value, error, n, full, unit)) for full, places, unit, value, error, n in entries]
            whole = "[" not in name and bool(means) and bool(means[0][0])
            answers.append(Means(name, means) if whole else means[0][1])
        return answers if quantities else answers[0]

    def table(self, quantities: Optional[Sequence[str]] = None, *, months: bool = False) -> Table:
        """The numbers of all worlds (4096 unless the session says), a row a world: the table of ``detente run``.

        ``quantities`` names columns, or quantities all of whose entries are wanted; ``months`` keeps what is stated by month too.
        """
        names = None if quantities is None else [quantities] if isinstance(quantities, str) else list(quantities)
        telling = told(self._progress)
        try:
            return Table(self.case._core.table(self._run, self.worlds or _TABLE, months, names, telling))
        finally:
            close(telling)

    def report(self, path: Optional[Path] = None, *, overwrite: bool = False) -> "Report":
        """The report, computed once a session; with ``path`` written there, whole or not at all.

        A file that is there already is written over only where ``overwrite`` says so.
        """
        if self._report is None:
            telling = told(self._progress)
            try:
                self._report = Report(self.case._core.summarise(self._run, telling))
            finally:
                close(telling)
        if path is not None:
            self._report.write(path, overwrite=overwrite)
        return self._report

    def packages(self) -> "Packages":
        """The named packages: how often each is signed, in force and kept, who accepts it, who blocks it first."""
        return Packages(self.report())

    def claims(self) -> "Claims":
        """The claims of the case and in which share of worlds each holds."""
        return Claims(self.report())

    def why(self, party: str, package: str, world: Optional[int] = None) -> str:
        """Why a party accepts or refuses a package: in one world of this session, or with every number at its median."""
        return self.case._core.why(party, package, self._run, world)

    def compare(self, other: Case) -> "Comparison":
        """What moves from this session's case to ``other`` on the same worlds (256 unless the session says), package by package."""
        telling = told(self._progress)
        try:
            found = other._core.compare(self.case._core, self._run, self.worlds or _COMPARED, telling)
        finally:
            close(telling)
        return Comparison(json.loads(found))

    def __repr__(self) -> str:
        worlds = f"{self.worlds} worlds" if self.worlds else "worlds as needed"
        return f"<detente.Session on {self.case!r}: {worlds}, seed {self._run['seed']}>"


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
    def bottom_line(self) -> List[str]:
        """The sentences it begins with."""
        return [str(sentence["text"]) for sentence in self._pieces["bottom_line"]]

    def chapter(self, id: str) -> "Piece":
        """A chapter, by the name of its lens: ``alternative``, ``settlement``, ``leverage``, …"""
        return Piece(self._core.chapter(id))

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
                _mean(one["signed"], f"settlement.agreed[{one['id']}]"),
                _mean(one["in_force"]),
                _mean(one["kept"]),
                {party: _mean(mean) for party, mean in zip(parties, one["accepts"])},
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
            raise BadCall(_absent("package", key, [package.id for package in self._all]))
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
        return "\n".join(f"{p.id}: signed {p.signed.value:.3f} ± {p.signed.error:.3f}" for p in self._all)

    def _repr_html_(self) -> str:
        return self._report.chart()._repr_html_()


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
                _mean(one["share"]["holds"], one["id"]) if one.get("share") else None,
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
            raise BadCall(_absent("claim", key, [claim.id for claim in self._all]))
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
        return "\n".join(f"{c.id}: {c.holds if c.holds else c.status}" for c in self._all)

    def _repr_html_(self) -> str:
        rows = [(c.says, c.by, f"{c.holds.value:.3f} ± {c.holds.error:.3f}" if c.holds else c.status) for c in self._all]
        return _html.piece(_html.table(("claim", "by", "holds in"), rows))


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
        number = _mean
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
                        return _mean(told["difference"], f"{package}, {term}")
                raise BadCall(_absent("term", term, [str(told["what"]) for told in one["terms"]]))
        raise BadCall(_absent("package", package, [str(one["id"]) for one in self.data["packages"]]))

    def _rows(self) -> List[Tuple[str, str, str, str, str]]:
        rows = []
        for package in self.data["packages"]:
            for term in package["terms"]:
                moved = _mean(term["difference"])
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


def _absent(what: str, typed: str, known: Sequence[str]) -> str:
    import difflib

    near = difflib.get_close_matches(typed, known, 1)
    then = f"did you mean `{near[0]}`?" if near else f"there are: {', '.join(known)}" if known else "there is none"
    return f"there is no {what} `{typed}`; {then}"
