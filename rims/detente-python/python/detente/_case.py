"""Cases: a text that was checked, with what is put over it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Tuple, Union

from . import _detente, _html
from ._errors import BadCall, Fault, faults_of
from ._progress import Progress
from ._report import Comparison, Path, Report
from ._session import Session

Number = Union[float, int, str]
"""A number as it is set: exact, or in the language of cases, such as ``"0.2 to 0.4"``."""


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
