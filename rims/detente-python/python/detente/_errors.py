"""What can go wrong: every exception of this package is a :class:`DetenteError`."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Sequence, Tuple

__all__ = ["BadCall", "CaseError", "Defect", "DetenteError", "Fault", "GameError", "Label", "Unsound"]


@dataclass(frozen=True)
class Label:
    """A place in a text, with a few words written beside it."""

    file: Optional[str]
    """The file, as it was named."""
    line: int
    """Its line, from 1."""
    column: int
    """Its column, in characters from 1."""
    span: Tuple[int, int]
    """The characters ``text[start:end]`` of the file that it underlines."""
    text: str
    """The words; may be empty."""


@dataclass(frozen=True)
class Fault:
    """A fault or a warning about the text of a case or a game."""

    code: str
    """Its stable code, such as ``D0302``; :func:`detente.explain` has its page."""
    severity: str
    """``error`` or ``warning``."""
    message: str
    """What is wrong, in a sentence."""
    help: Optional[str] = None
    """What was expected, or what to do."""
    labels: List[Label] = field(default_factory=list)
    """The places: the fault's own first, then what it clashes with."""

    @property
    def file(self) -> Optional[str]:
        """The file it stands in, if it has a place."""
        return self.labels[0].file if self.labels else None

    @property
    def line(self) -> Optional[int]:
        """Its line, from 1."""
        return self.labels[0].line if self.labels else None

    @property
    def column(self) -> Optional[int]:
        """Its column, in characters from 1."""
        return self.labels[0].column if self.labels else None

    @property
    def span(self) -> Optional[Tuple[int, int]]:
        """The characters of the file that it underlines."""
        return self.labels[0].span if self.labels else None

    @property
    def expected(self) -> List[str]:
        """The names that would have been right, where the help lists or suggests them."""
        said = self.help or ""
        if said.startswith("expected one of: "):
            return said[len("expected one of: ") :].split(", ")
        if said.startswith("did you mean `") and said.endswith("`?"):
            return [said[len("did you mean `") : -2]]
        return []


def faults_of(told: str) -> List[Fault]:
    """Faults as the engine hands them over."""
    found: List[Dict[str, Any]] = json.loads(told)
    return [
        Fault(
            code=one["code"],
            severity=one["severity"],
            message=one["message"],
            help=one["help"],
            labels=[Label(**{**label, "span": (label["span"][0], label["span"][1])}) for label in one["labels"]],
        )
        for one in found
    ]


class DetenteError(Exception):
    """Anything that this package raises."""


class _Faulty(DetenteError, ValueError):
    faults: List[Fault]

    def __init__(self, drawn: str, told: str = "[]") -> None:
        # Both go to the base class, so that the exception survives pickling between processes.
        super().__init__(drawn, told)
        self.faults = faults_of(told)

    def __str__(self) -> str:
        return str(self.args[0])


class CaseError(_Faulty):
    """The text of a case, or what is set over it, cannot be run.

    ``str()`` is what the command line draws; ``faults`` has every fault as data.
    """


class GameError(_Faulty):
    """The text of a game cannot be read; as :class:`CaseError`."""


class BadCall(DetenteError, ValueError):
    """A call asks for what is not there; the message has the nearest right name."""


class Unsound(DetenteError):
    """Answers failed their certificates or contradict one another: nothing that was computed is handed out."""


class Defect(DetenteError, RuntimeError):
    """A bug of detente, not of your case; please report it."""


def absent(what: str, typed: str, known: Sequence[str]) -> str:
    """What is said of a name that nothing has: the nearest there is, or all."""
    near = difflib.get_close_matches(typed, known, 1)
    then = f"did you mean `{near[0]}`?" if near else f"there are: {', '.join(known)}" if known else "there is none"
    return f"there is no {what} `{typed}`; {then}"
