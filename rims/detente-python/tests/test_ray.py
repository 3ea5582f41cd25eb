"""Runs and sweeps on a Ray cluster of two nodes: the bytes of one process, whoever dies meanwhile."""

from __future__ import annotations

import logging
import os
import re
import signal
from pathlib import Path
from typing import Any, Iterator, List, Optional, Tuple

import pytest

import detente

pytest.importorskip("ray", reason="ray is not installed")
pytest.importorskip("pyarrow", reason="pyarrow is not installed")
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
import ray  # noqa: E402
from ray.cluster_utils import Cluster  # noqa: E402

import detente.ranges  # noqa: E402
import detente.ray  # noqa: E402
from conftest import ROOT, same_bytes  # noqa: E402
from detente.ranges import Ranges  # noqa: E402

NODE = {"num_cpus": 1, "object_store_memory": 96 << 20}
ASK = "settlement.agreed[mediators_terms]"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two nodes on this machine, with a worker each."""
    cluster = Cluster(initialize_head=True, head_node_args={**NODE, "include_dashboard": False})
    cluster.add_node(**NODE)
    ray.init(address=cluster.address, log_to_driver=False, logging_level=logging.ERROR)
    assert ray.cluster_resources()["CPU"] == 2
    yield cluster
    ray.shutdown()
    cluster.shutdown()


@pytest.fixture(scope="module")
def program() -> Optional[str]:
    """The command line, where the compiled module is from before it told ranges."""
    if detente.ranges.in_process():
        return None
    if "DETENTE" not in os.environ:
        pytest.skip("DETENTE says where the command line is")
    return str(ROOT / os.environ["DETENTE"])


@pytest.fixture(scope="module")
def first() -> detente.Case:
    return detente.Case.open(ROOT / "cases" / "first-case")


def test_a_run_is_the_table_of_a_session(cluster: Any, first: detente.Case, program: Optional[str]) -> None:
    told: List[Tuple[str, int, int]] = []
    table = detente.ray.run(first, 80, 3, searches=24, range_size=16, program=program, progress=lambda *of: told.append(of))
    same_bytes(table, first.session(80, 3, searches=24, progress=False).table())
    assert told[-1] == ("worlds", 80, 80) and [done for _, done, _ in told] == sorted(done for _, done, _ in told)


def test_a_worker_killed_in_the_middle_changes_no_byte(
    cluster: Any, first: detente.Case, program: Optional[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = tmp_path / "died"

    # Defined here, so that it goes to workers as it is and not by a name that they do not know.
    class Dying(Ranges):
        def table(self, start: int, end: int, threads: Optional[int] = 1) -> Any:
            if start == 16 and not marker.exists():
                marker.write_text(str(os.getpid()))
                os.kill(os.getpid(), signal.SIGKILL)
            return super().table(start, end, threads)

    monkeypatch.setattr(detente.ray, "Ranges", Dying)
    whole = first.session(64, searches=8, progress=False).table()
    same_bytes(detente.ray.run(first, 64, searches=8, range_size=16, program=program, progress=False), whole)
    assert int(marker.read_text()) != os.getpid()

    # The same where ranges are kept: half a file is none.
    marker.unlink()
    kept = tmp_path / "kept"
    dataset = detente.ray.run(first, 64, searches=8, range_size=16, program=program, storage=kept, progress=False)
    assert marker.exists() and dataset.count_rows() == 64
    same_bytes(Ranges(first, 64, searches=8, range_size=16, program=program).read(kept), whole)
    times = {path.name: path.stat().st_mtime_ns for path in kept.iterdir()}
    detente.ray.run(first, 64, searches=8, range_size=16, program=program, storage=kept, progress=False)
    assert times == {path.name: path.stat().st_mtime_ns for path in kept.iterdir()}, "what is there is not run again"

    # Without retries it is an error that says which range it was.
    marker.unlink()
    with pytest.raises(detente.DetenteError, match=r"\(16, 32\) could not be worked out"):
        detente.ray.run(first, 64, searches=8, range_size=16, program=program, retries=0, progress=False)


def test_a_node_lost_in_the_middle_changes_no_byte(cluster: Any, first: detente.Case, program: Optional[str]) -> None:
    extra = cluster.add_node(**NODE)
    lost: List[Any] = []

    def lose(what: str, done: int, of: int) -> None:
        if done and not lost:
            lost.append(cluster.remove_node(extra, allow_graceful=False))

    table = detente.ray.run(first, 96, searches=8, range_size=8, program=program, progress=lose)
    same_bytes(table, first.session(96, searches=8, progress=False).table())
    assert lost


def test_errors_come_back_as_they_were_raised(cluster: Any, first: detente.Case, program: Optional[str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing(Ranges):
        def table(self, start: int, end: int, threads: Optional[int] = 1) -> Any:
            raise detente.Unsound("an answer failed")

    with monkeypatch.context() as patched:
        patched.setattr(detente.ray, "Ranges", Refusing)
        with pytest.raises(detente.Unsound, match="^an answer failed$"):
            detente.ray.run(first, 32, range_size=16, program=program, progress=False)

    def enough(what: str, done: int, of: int) -> None:
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        detente.ray.run(first, 64, searches=0, range_size=8, program=program, progress=enough)
    with pytest.raises(detente.CaseError, match="did you mean"):
        detente.ray.sweep(first, ASK, settings={"contest.egde": [1]})
    with pytest.raises(detente.BadCall, match="retries"):
        detente.ray.run(first, 32, program=program, retries=-1)


def test_a_sweep_is_the_one_of_one_process(cluster: Any, first: detente.Case) -> None:
    grid: Any = {"readings": [None, "time_is_souths"], "settings": {"contest.edge": [0.1, "0.2 to 0.3"]}, "seeds": [1, 2], "worlds": 16}
    same_bytes(detente.ray.sweep(first, [ASK, "settlement.zone"], **grid), detente.sweep(first, [ASK, "settlement.zone"], progress=False, **grid))


def test_the_guides_example(cluster: Any, program: Optional[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guide = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    section = guide.split("## More than one machine", 1)[1].split("\n## ", 1)[0]
    code = "\n".join(re.findall(r"```python\n(.*?)```", section, re.DOTALL)).replace("/shared/run", str(tmp_path / "run"))
    assert "detente.ray.run(" in code and "detente.ray.sweep(" in code
    if program is not None:
        monkeypatch.setenv("DETENTE", program)
    names: Any = {}
    exec(compile(code, "docs/python.md", "exec"), names)
    assert len(names["table"]) == names["kept"].count_rows() == 1024
    assert len(names["grid"]) == 6
