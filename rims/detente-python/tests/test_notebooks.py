"""Notebooks run from their first cell to their last, and are kept without what comes of them."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_stripped(path: Path) -> None:
    book = json.loads(path.read_bytes())
    assert set(book["metadata"]) <= {"kernelspec", "language_info"}, f"python notebooks/strip.py {path}"
    for cell in book["cells"]:
        assert not cell.get("outputs") and cell.get("execution_count") is None and not cell["metadata"], f"python notebooks/strip.py {path}"


def test_there_are_three_and_the_flagship_has_ten_cells() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["a-case-of-ones-own", "crisis-game", "flagship"]
    assert len(json.loads((ROOT / "notebooks" / "flagship.ipynb").read_bytes())["cells"]) == 10


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_they_run(path: Path) -> None:
    for needed in ("nbclient", "nbformat", "ipykernel", "pandas", "pyarrow", "altair"):
        pytest.importorskip(needed, reason=f"{needed} is not installed")
    import nbclient
    import nbformat

    book: Any = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call, unused-ignore]
    began = time.monotonic()
    nbclient.NotebookClient(book, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}).execute()
    print(f"{path.stem}: {time.monotonic() - began:.0f} s")
    errors = [out for cell in book.cells for out in cell.get("outputs", []) if out["output_type"] == "error"]
    assert not errors
    assert sum("text/html" in out.get("data", {}) for cell in book.cells for out in cell.get("outputs", [])) >= 2
