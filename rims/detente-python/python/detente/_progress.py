"""How far work is: for people on a terminal, for whoever hands in a function, for nobody."""

from __future__ import annotations

import sys
import time
from typing import Callable, Optional, TextIO, Union

Told = Callable[[str, int, int], object]
"""Is called now and then with what is counted (``worlds``, ``claims``, …), how many are done, and how many there are at most."""

Progress = Union[bool, Told, None]

_WIDTH = 30
_PATIENCE = 1.0


class Bar:
    """A bar of text, shown once something takes longer than a second, and taken away at its end."""

    def __init__(self, stream: Optional[TextIO] = None) -> None:
        self._stream = stream if stream is not None else sys.stderr
        self._began = time.monotonic()
        self._shown = 0

    def __call__(self, phase: str, done: int, steps: int) -> None:
        if time.monotonic() - self._began < _PATIENCE:
            return
        part = done / steps if steps else 0.0
        filled = round(_WIDTH * part)
        line = f"{phase:12} [{'#' * filled}{'.' * (_WIDTH - filled)}] {done}/{steps}"
        self._stream.write("\r" + line.ljust(self._shown))
        self._stream.flush()
        self._shown = len(line)

    def close(self) -> None:
        """Takes the bar away."""
        if self._shown:
            self._stream.write("\r" + " " * self._shown + "\r")
            self._stream.flush()
            self._shown = 0


def told(progress: Progress) -> Optional[Told]:
    """Whom to tell: a bar if asked for, or if nothing is said and somebody looks at a terminal or a notebook."""
    if progress is None:
        looks = sys.stderr is not None and (sys.stderr.isatty() or "ipykernel" in sys.modules)
        return Bar() if looks else None
    if isinstance(progress, bool):
        return Bar() if progress else None
    return progress


def close(told: Optional[Told]) -> None:
    """The work is over, well or badly."""
    if isinstance(told, Bar):
        told.close()
