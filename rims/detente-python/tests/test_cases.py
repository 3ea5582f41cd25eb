"""Cases, sessions and what they answer."""

from __future__ import annotations

import math
import pickle
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Dict, List, Tuple, Union

import pytest

import detente


@pytest.fixture(scope="module")
def first() -> detente.Case:
    return detente.Case.open(Path(__file__).resolve().parents[3] / "cases" / "first-case")


def test_a_case_says_what_it_holds(first: detente.Case) -> None:
    assert first.name == "first-case"
    assert [party.id for party in first.parties] == ["north", "south", "mediator"]
    assert "mediators_terms" in [package.id for package in first.packages]
    edge = next(number for number in first.inputs if number.path == "contest.edge")
    assert edge.text and edge.status
    assert first.set({"contest.edge": 0.3}).set_over == {"contest.edge": "0.3"}
    assert first.set_over == {}, "no case is changed"
    read = first.reading("time_is_souths")
    assert read.readings_over == ["time_is_souths"] and first.readings_over == []
    under = {number.path: number.text for number in read.inputs}
    assert any(under[number.path] != number.text for number in first.inputs)
    assert "contest.edge" in first.explain("contest.edge")


def test_faults_are_data() -> None:
    text = detente.new_case("spoilt", like="contest").replace("burden", "burdn")
    with pytest.raises(detente.CaseError) as caught:
        detente.Case.parse(text)
    error = caught.value
    assert len(error.faults) > 1
    fault = error.faults[0]
    assert fault.severity == "error" and fault.code in detente.explain(fault.code)
    assert fault.file == "case.toml" and fault.line is not None and fault.column is not None
    start, end = fault.span or (0, 0)
    assert text.splitlines()[fault.line - 1][fault.column - 1 :].startswith(text[start:end])
    assert f"error[{fault.code}]" in str(error) and fault.message in str(error)
    assert pickle.loads(pickle.dumps(error)).faults == error.faults
    assert isinstance(error, ValueError) and isinstance(error, detente.DetenteError)
    with pytest.raises(detente.CaseError, match="holds no case.toml|cannot be opened"):
        detente.Case.open("cases")


def test_bad_calls_name_the_nearest_right_name(first: detente.Case) -> None:
    session = first.session(worlds=16, progress=False)
    with pytest.raises(detente.CaseError, match="did you mean `contest.edge`") as caught:
        first.set({"contest.egde": 0.3})
    assert caught.value.faults[0].expected == ["contest.edge"]
    with pytest.raises(detente.BadCall, match="did you mean `time_is_souths`"):
        first.reading("time_is_south")
    with pytest.raises(detente.BadCall, match="did you mean `settlement.agreed`"):
        session.ask("settlement.agred")
    with pytest.raises(detente.BadCall, match=r"did you mean `settlement.agreed\[mediators_terms\]`"):
        session.ask("settlement.agreed[mediator_terms]")
    with pytest.raises(detente.BadCall, match="did you mean `south`"):
        session.why("sout", "mediators_terms")
    for wrong in ({"worlds": 1}, {"worlds": 2.5}, {"seed": -1}, {"sampler": "sobol"}, {"threads": 0}, {"quick": True, "worlds": 8}):
        with pytest.raises(detente.BadCall):
            first.session(**wrong)
    with pytest.raises(detente.BadCall, match="number or a text"):
        first.set({"contest.edge": True})
    with pytest.raises(detente.BadCall, match="GiB"):
        first.session(worlds=100_000_000, progress=False).report()


def test_asks_are_those_of_the_table(first: detente.Case) -> None:
    session = first.session(worlds=64, searches=0, progress=False)
    one = session.ask("settlement.agreed[mediators_terms]")
    assert isinstance(one, detente.Mean) and one.n == 64 and 0 < one.error < 0.1
    all_of_them, again = session.ask("settlement.agreed", "settlement.agreed[ mediators_terms ]")
    assert again == one
    assert isinstance(all_of_them, detente.Means)
    assert all_of_them["mediators_terms"] == one
    assert len(all_of_them) == len(first.packages)
    pa = pytest.importorskip("pyarrow")
    column = pa.table(session.table(["settlement.agreed[mediators_terms]"]))[1].to_pylist()
    assert math.isclose(sum(column) / len(column), one.value, abs_tol=1e-12)
    assert "settlement.agreed" in [quantity["id"] for quantity in detente.quantities()]


def test_tables_leave_without_a_copy(first: detente.Case) -> None:
    table = first.session(worlds=32, searches=4, progress=False).table()
    assert len(table) == 32 and table.columns[0] == "world"
    about = table.about("settlement.agreed[mediators_terms]")
    assert about["unit"] == "probability" and about["meaning"]
    pa = pytest.importorskip("pyarrow")
    arrow = pa.table(table)
    place = table.columns.index("settlement.agreed[mediators_terms]")
    address = arrow.column(place).chunk(0).buffers()[1].address
    assert pa.table(table).column(place).chunk(0).buffers()[1].address == address, "the same memory twice"
    assert arrow.schema.field(place).metadata[b"unit"] == b"probability"
    del table
    assert arrow.column(0).to_pylist() == list(range(32)), "memory outlives its table"
    assert first.session(worlds=8, progress=False).table("settlement.agreed", months=True).columns[1].startswith("settlement.agreed")


def test_tables_go_to_polars_pandas_and_duckdb(first: detente.Case) -> None:
    table = first.session(worlds=16, searches=0, progress=False).table("settlement.agreed")
    name = table.columns[1]
    polars = pytest.importorskip("polars")
    frame = table.to_polars()
    assert isinstance(frame, polars.DataFrame) and frame.shape == (16, len(table.columns))
    pytest.importorskip("pandas")
    assert math.isclose(table.to_pandas()[name].mean(), frame[name].mean())
    duckdb = pytest.importorskip("duckdb")
    arrow = table.to_pyarrow()  # noqa: F841 (DuckDB finds it by its name)
    assert duckdb.sql("SELECT count(*) FROM arrow").fetchall() == [(16,)]


def test_a_report_in_all_its_inks(first: detente.Case, tmp_path: Path) -> None:
    session = first.session(worlds=32, searches=4, progress=False)
    report = session.report()
    assert session.report() is report
    assert report.data["run"]["worlds"] == 32 and report.html.startswith("<!")
    assert "signed" in str(report) and report.bottom_line
    assert report.warnings == [] and not any(fault.severity == "error" for fault in first.warnings)
    packages = session.packages()
    told = report.data["packages"]
    assert [p.signed.value for p in packages] == [one["agreed"]["value"] for one in told]
    assert packages["mediators_terms"].accepts.keys() == {"north", "south", "mediator"}
    with pytest.raises(detente.BadCall, match="mediators_terms"):
        packages["mediator_terms"]
    claims = session.claims()
    assert len(claims) == len(first.claims)
    for shown in (first, report, packages, claims, report.chart(), report.chapter("beliefs"), session.table(), session.ask("settlement.agreed")):
        assert "<" in shown._repr_html_() and repr(shown)  # type: ignore[union-attr]
    assert "<svg" in packages._repr_html_() and ":root" not in packages._repr_html_()
    with pytest.raises(detente.BadCall, match="did you mean `beliefs`"):
        report.chapter("belief")
    page = tmp_path / "page.html"
    report.write(page)
    assert page.read_text(encoding="utf-8") == report.html
    with pytest.raises(FileExistsError):
        report.write(page)
    session.report(page, overwrite=True)
    session.report(tmp_path / "summary.json")
    assert (tmp_path / "summary.json").read_text(encoding="utf-8") == report.json()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.html", "summary.json"]


def test_comparing(first: detente.Case) -> None:
    moved = first.compare(first.set({"contest.edge": 0.3}), worlds=64, progress=False)
    assert len(moved.changes) == 1 and "contest.edge" in moved.changes[0]
    difference = moved.difference("mediators_terms")
    assert difference.value != 0 and difference.n == 64
    assert "<table" in moved._repr_html_() and len(moved.table()) > 0
    same = first.compare(first, worlds=16, progress=False)
    assert same.difference("mediators_terms").value == 0 and "nothing differs" in repr(same)
    # A case whose text is another.
    texts = {name: text.replace("22", "23") for name, text in first.texts.items()}
    other = detente.Case.parse(texts)
    assert first.compare(other, worlds=16, progress=False).changes == ["the text"]


def test_seeds_and_threads(first: detente.Case) -> None:
    ask = "settlement.agreed[mediators_terms]"
    one = first.session(worlds=64, progress=False).ask(ask)
    assert first.session(worlds=64, threads=1, progress=False).ask(ask) == one
    assert first.session(worlds=64, seed=2, progress=False).ask(ask) != one


def test_cases_go_to_other_processes(first: detente.Case) -> None:
    case = first.set({"contest.edge": 0.3}).reading("time_is_souths")
    again = pickle.loads(pickle.dumps(case))
    assert again.set_over == case.set_over and again.readings_over == case.readings_over
    ask = "settlement.agreed[mediators_terms]"
    assert again.session(worlds=16, progress=False).ask(ask) == case.session(worlds=16, progress=False).ask(ask)


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="no fork here")
def test_work_after_a_fork() -> None:
    script = """
import os, detente
case = detente.Case.open("cases/first-case")
session = case.session(worlds=32, progress=False)
one = session.ask("settlement.agreed[mediators_terms]")
child = os.fork()
if child == 0:
    same = session.ask("settlement.agreed[mediators_terms]") == one
    os._exit(0 if same else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", script], check=True, timeout=60)


def test_other_threads_go_on_meanwhile_and_progress_is_told(first: detente.Case) -> None:
    told: List[Tuple[str, int, int]] = []
    ticks = 0
    done = threading.Event()

    def count() -> None:
        nonlocal ticks
        while not done.is_set():
            ticks += 1
            time.sleep(0.002)

    other = threading.Thread(target=count)
    other.start()
    began = time.monotonic()
    first.session(worlds=2048, searches=256, progress=lambda *of: told.append(of)).table()
    took = time.monotonic() - began
    done.set()
    other.join()
    assert ticks > 20 * took, (ticks, took)
    assert told[-1] == ("worlds", 2048, 2048)


def test_whoever_watches_may_stop_it(first: detente.Case) -> None:
    def enough(what: str, worlds: int, of: int) -> None:
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        first.session(worlds=8192, progress=enough).report()


def test_ctrl_c_ends_a_report() -> None:
    script = """
import detente, os, signal, threading, time
case = detente.Case.open("cases/ukraine-2025")
threading.Timer(1.0, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
try:
    case.session(worlds=4096, progress=False).report()
except KeyboardInterrupt:
    print("interrupted")
print(case.session(worlds=4, searches=4, progress=False).ask("settlement.zone").n)
"""
    began = time.monotonic()
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert ran.stdout.split() == ["interrupted", "4"], ran.stderr
    assert time.monotonic() - began < 60


def test_sweeps(first: detente.Case) -> None:
    pa = pytest.importorskip("pyarrow")
    ask = "settlement.agreed[mediators_terms]"
    settings: Dict[str, List[Union[float, str]]] = {"contest.edge": [0.1, 0.3], "party.north.burden": [12, "12 to 20"]}
    table = pa.table(detente.sweep(first, ask, readings=[None, "time_is_souths"], settings=settings, seeds=[1, 2], worlds=16, progress=False))
    rows = table.to_pylist()
    assert len(rows) == 16 and {row["reading"] for row in rows} == {"", "time_is_souths"}
    alone = first.reading("time_is_souths").set({"contest.edge": 0.3, "party.north.burden": "12 to 20"})
    mean = alone.session(worlds=16, seed=2, progress=False).ask(ask)
    last = rows[-1]
    assert (last["value"], last["error"], last["worlds"], last["seed"]) == (mean.value, mean.error, 16, 2)  # type: ignore[union-attr]
    # All entries, and combinations by themselves.
    entries = detente.sweep(first, ["settlement.agreed"], settings=[{}, {"contest.edge": 0.2}], worlds=16, progress=False)
    assert len(entries) == 2 * len(first.packages)
    assert pa.table(entries).column("contest.edge").null_count == len(first.packages)
    with pytest.raises(detente.CaseError, match="did you mean"):
        detente.sweep(first, ask, settings={"contest.egde": [1]})
