"""Sessions: a case with how its worlds are drawn."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Dict, List, Optional, Sequence, Tuple, Union, overload

from ._errors import BadCall
from ._means import Mean, Means
from ._progress import Progress, close, told
from ._report import Claims, Comparison, Packages, Path, Report
from ._table import Table

if TYPE_CHECKING:
    from ._case import Case

_MOST_WORLDS = 100_000_000
# Worlds unless a session says how many: of what is asked, of a table (as `detente run`), of a comparison.
_ASKED = 1024
_TABLE = 4096
_COMPARED = 256

_forked = False


def _after_fork() -> None:
    global _forked
    _forked = True


if hasattr(os, "register_at_fork"):
    # The threads of a pool do not live on in a child: each piece of work there starts its own.
    os.register_at_fork(after_in_child=_after_fork)


def whole_number(name: str, value: object, least: int, most: int) -> None:
    """Refuses what is no whole number between two others."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadCall(f"`{name}` is a whole number from {least:,} to {most:,}, not {value!r}")


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
        if worlds is not None:
            whole_number("worlds", worlds, 2, _MOST_WORLDS)
        whole_number("seed", seed, 0, 2**64 - 1)
        whole_number("searches", searches, 0, _MOST_WORLDS)
        if threads is not None:
            whole_number("threads", threads, 1, 1024)
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
        self._options: Dict[str, object] = {
            "worlds": worlds,
            "seed": seed,
            "searches": searches,
            "pseudo": sampler == "pseudo",
            "prior": prior,
            "threads": threads,
            "quick": quick,
            "rival_claims": rival_claims,
        }
        self._report: Optional[Report] = None

    @property
    def _run(self) -> Dict[str, object]:
        if _forked and self._options["threads"] is None:
            return {**self._options, "threads": os.cpu_count()}
        return self._options

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

    def table(
        self, quantities: Optional[Sequence[str]] = None, *, months: bool = False, range: Optional[Tuple[int, int]] = None
    ) -> Table:
        """The numbers of all worlds (4096 unless the session says), a row a world: the table of ``detente run``.

        ``quantities`` names columns, or quantities all of whose entries are wanted; ``months`` keeps what is stated by month too. ``range``,
        a first world and the one behind the last, gives the rows that the whole table has of these alone.
        """
        names = None if quantities is None else [quantities] if isinstance(quantities, str) else list(quantities)
        worlds = self.worlds or _TABLE
        if range is not None:
            whole_number("range[0]", range[0], 0, worlds - 1)
            whole_number("range[1]", range[1], range[0] + 1, worlds)
        # Handed in where it says something, so that a module built before there was one still tells whole tables.
        part = () if range is None else (range,)
        telling = told(self._progress)
        try:
            return Table(self.case._core.table(self._run, worlds, months, names, telling, *part))
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
        return f"<detente.Session on {self.case!r}: {worlds}, seed {self._options['seed']}>"
