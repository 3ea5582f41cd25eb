"""Ranges are the rows of the whole, wherever they are worked out, and files of them are that whole or nothing."""

from __future__ import annotations

import os
import pickle
import struct
from pathlib import Path
from typing import Any, List, Optional

import pytest

import detente

pa = pytest.importorskip("pyarrow")
import detente.ranges  # noqa: E402
from conftest import same_bytes  # noqa: E402
from detente.ranges import Ranges  # noqa: E402

ENGINES: List[Any] = [
    pytest.param("process", marks=pytest.mark.skipif(not detente.ranges.in_process(), reason="the compiled module is from before it told ranges")),
    pytest.param("program", marks=pytest.mark.skipif("DETENTE" not in os.environ, reason="DETENTE says where the command line is")),
]


@pytest.fixture(params=ENGINES)
def program(request: Any) -> Optional[str]:
    return os.path.abspath(os.environ["DETENTE"]) if request.param == "program" else None


@pytest.mark.parametrize("name", ["first-case", "iran-2015"])
def test_ranges_are_the_rows_of_the_whole(name: str, program: Optional[str]) -> None:
    case = detente.Case.open(f"cases/{name}")
    # Neither what is searched nor the last world ends with a range.
    ranges = Ranges(case, 50, 7, searches=20, range_size=16, program=program)
    assert list(ranges) == [(0, 16), (16, 32), (32, 48), (48, 50)] and ranges[-1] == (48, 50) and len(ranges) == 4
    again: Ranges = pickle.loads(pickle.dumps(ranges))
    parts = [again.table(*one) for one in reversed(ranges)][::-1]
    same_bytes(ranges.join(parts), case.session(50, 7, searches=20, progress=False).table())


def test_what_is_put_over_a_case_and_some_columns(program: Optional[str]) -> None:
    case = detente.Case.open("cases/first-case").set({"contest.edge": "0.1 to 0.3"}).reading("time_is_souths")
    only = ["settlement.zone", "settlement.agreed[mediators_terms]"]
    ranges = Ranges(case, 24, only=only, range_size=10, sampler="pseudo", prior=True, program=program)
    whole = case.session(24, sampler="pseudo", prior=True, progress=False).table(only)
    same_bytes(ranges.join([ranges.table(*one) for one in ranges]), whole)
    assert ranges.join([ranges.table(0, 10)]).about("settlement.zone")["unit"] == "probability"


def test_files_are_gone_on_with_and_nothing_else_is_taken_for_them(program: Optional[str], tmp_path: Path) -> None:
    case = detente.Case.open("cases/first-case")
    ranges = Ranges(case, 40, searches=8, range_size=16, program=program)
    kept = tmp_path / "kept"
    assert ranges.prepare(kept) == list(ranges)
    for one in ranges:
        ranges.write(kept, *one)
    assert ranges.prepare(kept) == []
    whole = case.session(40, searches=8, progress=False).table()
    same_bytes(ranges.read(kept), whole)
    assert ranges.dataset(kept).count_rows() == 40

    # A file that was cut short, one with a flipped bit, and what a worker that was killed has left.
    first, second, third = sorted(kept.iterdir())
    inode = third.stat().st_ino
    first.write_bytes(first.read_bytes()[:-100])
    flipped = bytearray(second.read_bytes())
    number = struct.pack("<d", whole.to_pyarrow()["alternative.value[south]"][20].as_py())
    flipped[flipped.index(number)] ^= 1
    second.write_bytes(flipped)
    (kept / ".part-000000000-000000016.parquet.0").write_bytes(b"half")
    assert ranges.prepare(kept) == [(0, 16), (16, 32)]
    for one in ranges:
        ranges.write(kept, *one)
    same_bytes(ranges.read(kept), whole)
    assert [path.name[0] for path in kept.iterdir()] == ["p"] * 3 and third.stat().st_ino == inode

    for other in (Ranges(case, 40, 2, searches=8, range_size=16, program=program), Ranges(case.set({"contest.edge": 0.3}), 40, searches=8, range_size=16, program=program)):
        with pytest.raises(detente.BadCall, match="another table"):
            other.prepare(kept)
    with pytest.raises(detente.BadCall, match="no range of this table"):
        Ranges(case, 40, searches=8, range_size=20, program=program).prepare(kept)


def test_what_cannot_be_is_refused_before_anything_is_run(program: Optional[str]) -> None:
    case = detente.Case.open("cases/first-case")
    with pytest.raises(detente.BadCall, match="did you mean `settlement.agreed`"):
        Ranges(case, 64, only="settlement.agred", program=program)
    with pytest.raises(detente.BadCall, match="range_size"):
        Ranges(case, 64, range_size=0, program=program)
    with pytest.raises(detente.BadCall, match="sampler"):
        Ranges(case, 64, sampler="sobol", program=program)
    with pytest.raises(detente.BadCall, match="is no program"):
        Ranges(case, 64, program="/nowhere/detente")


def test_a_range_of_a_session(program: Optional[str]) -> None:
    session = detente.Case.open("cases/first-case").session(32, progress=False)
    for wrong in ((0, 33), (5, 5), (-1, 4), (32, 33)):
        with pytest.raises(detente.BadCall, match="whole number"):
            session.table(range=wrong)
    if program is None:
        same_bytes(session.table("settlement.zone", range=(0, 32)), session.table("settlement.zone"))


def test_a_command_line_that_fails_is_told(tmp_path: Path) -> None:
    false = tmp_path / "detente"
    false.write_text("#!/bin/sh\necho no room >&2\nexit 1\n")
    false.chmod(0o755)
    ranges = Ranges(detente.Case.open("cases/first-case"), 16, program=false)
    with pytest.raises(detente.DetenteError, match="worlds 0 to 16: no room"):
        ranges.table(0, 16)
