"""Where the repository and the command line are."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any, Callable, List

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


def same_bytes(one: Any, other: Any) -> None:
    """Two tables are one to the last bit of memory; what is said of columns may come in any order."""
    import pyarrow as pa

    tables = [pa.table(table).combine_chunks() for table in (one, other)]
    assert tables[0].schema.equals(tables[1].schema, check_metadata=True)
    written = []
    for table in tables:
        sink = pa.BufferOutputStream()
        plain = table.cast(pa.schema([field.remove_metadata() for field in table.schema]))
        with pa.ipc.new_stream(sink, plain.schema) as stream:
            stream.write_table(plain)
        written.append(sink.getvalue().to_pybytes())
    assert written[0] == written[1]
