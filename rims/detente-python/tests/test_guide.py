"""Every example of the guide and of the docstrings is run."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "module, needs",
    [("detente", ""), ("detente._case", ""), ("detente._games", ""), ("detente._sweep", ""), ("detente.ranges", "pyarrow"), ("detente.ema", "ema_workbench")],
)
def test_docstrings(module: str, needs: str) -> None:
    if needs:
        pytest.importorskip(needs, reason=f"{needs} is not installed")
    failed, tried = doctest.testmod(importlib.import_module(module), optionflags=FLAGS)
    assert failed == 0 and tried > 0


def test_the_guide(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    guide = Path("docs/python.md")
    failed, tried = doctest.testfile(str(guide.resolve()), module_relative=False, optionflags=FLAGS, globs={"folder": tmp_path})
    assert failed == 0 and tried > 20
