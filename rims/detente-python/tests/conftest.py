"""Where the repository and the command line are."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Callable, List

import pytest

ROOT = Path(__file__).resolve().parents[3]
CASES = sorted(path.parent.name for path in ROOT.glob("cases/*/case.toml"))
GAMES = sorted(path.name for path in ROOT.glob("crates/detente-games/games/*.efg"))

Line = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths in tests are those of the repository, as they stand in what is printed."""
    monkeypatch.chdir(ROOT)


@pytest.fixture(scope="session")
def line() -> Line:
    """The command line, where `DETENTE` says; without it what compares with it is skipped."""
    program = os.environ.get("DETENTE")
    if not program:
        pytest.skip("DETENTE says where the command line is")
    program = str(Path(program).resolve())

    def run(*arguments: str) -> "subprocess.CompletedProcess[bytes]":
        words: List[str] = [program, *arguments]
        return subprocess.run(words, capture_output=True, cwd=ROOT)

    return run
