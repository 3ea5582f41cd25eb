"""The recipes for many machines, with processes of this one."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any, Iterator, Optional

import pytest

import detente
from conftest import ROOT, Line, same_bytes

RECIPES = ROOT / "docs" / "recipes"


def test_slurms_array_makes_the_run_that_was_never_split(line: Line, tmp_path: Path) -> None:
    named = tmp_path / "bin"
    named.mkdir()
    (named / "detente").symlink_to(Path(os.environ["DETENTE"]).resolve())
    env = {**os.environ, "PATH": f"{named}:{os.environ['PATH']}", "WORLDS_A_TASK": "24", "SLURM_CPUS_PER_TASK": "1"}
    folder = tmp_path / "shared"

    def batch(script: str, *words: str, **more: str) -> "subprocess.CompletedProcess[bytes]":
        # As a controller starts it: a copy of the script, elsewhere.
        return subprocess.run(["sh", str(RECIPES / "slurm" / script), *words], cwd=ROOT, env={**env, **more}, capture_output=True)

    # Three tasks at a time in any order, one of them run twice, as after a requeue.
    for task in ("2", "0", "2"):
        ran = batch("array.sh", "cases/first-case", str(folder), "--seed", "7", "--searches", "30", SLURM_ARRAY_TASK_ID=task)
        assert ran.returncode == 0, ran.stderr.decode()
    missing = batch("merge.sh", str(folder))
    assert missing.returncode == 2 and b"D1303" in missing.stderr, "a task that is missing is said"
    assert batch("array.sh", "cases/first-case", str(folder), "--seed", "7", "--searches", "30", SLURM_ARRAY_TASK_ID="1").returncode == 0
    merged = batch("merge.sh", str(folder))
    assert merged.returncode == 0, merged.stderr.decode()
    whole = line("run", "cases/first-case", "--worlds", "72", "--seed", "7", "--searches", "30", "-o", str(tmp_path / "whole"))
    assert whole.returncode == 0, whole.stderr.decode()
    assert (folder / "whole" / "table.parquet").read_bytes() == (tmp_path / "whole" / "table.parquet").read_bytes()
    told = [json.loads((path / "manifest.json").read_bytes()) for path in (folder / "whole", tmp_path / "whole")]
    assert told[0]["result"] == told[1]["result"] and told[0]["sha256"] == told[1]["sha256"]
    alone = batch("array.sh", "cases/first-case", str(folder))
    assert alone.returncode != 0 and b"SLURM_ARRAY_TASK_ID" in alone.stderr


@pytest.fixture(scope="module")
def recipe() -> Any:
    pytest.importorskip("distributed", reason="Dask's distributed is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    spec = importlib.util.spec_from_file_location("dask_ranges", RECIPES / "dask_ranges.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def client(recipe: Any) -> Iterator[Any]:
    from distributed import Client, LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster, Client(cluster) as client:
        yield client


def test_dask_gives_the_table_of_a_session_whoever_dies(client: Any, recipe: Any, tmp_path: Path) -> None:
    import detente.ranges

    program: Optional[str] = None
    if not detente.ranges.in_process():
        if "DETENTE" not in os.environ:
            pytest.skip("DETENTE says where the command line is")
        program = str(Path(os.environ["DETENTE"]).resolve())
    marker = tmp_path / "died"
    case = detente.Case.open("cases/first-case")

    class Dying(detente.ranges.Ranges):
        def table(self, start: int, end: int, threads: Optional[int] = 1) -> Any:
            if start == 16 and not marker.exists():
                marker.write_text("")
                os.kill(os.getpid(), signal.SIGKILL)
            return super().table(start, end, threads)

    # Scripts that Dask runs are workers' own modules; this one is only here.
    client.upload_file(str(RECIPES / "dask_ranges.py"))
    whole = case.session(64, searches=8, progress=False).table()
    ranges = Dying(case, 64, searches=8, range_size=16, program=program)
    same_bytes(recipe.table(client, ranges), whole)
    assert marker.exists()
    marker.unlink()
    assert recipe.dataset(client, ranges, str(tmp_path / "kept")).count_rows() == 64
    assert marker.exists()
    same_bytes(ranges.read(tmp_path / "kept"), whole)
