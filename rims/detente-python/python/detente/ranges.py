"""A table's worlds in ranges, for whoever shares work out over processes or machines.

>>> import detente, detente.ranges
>>> case = detente.Case.open("cases/first-case")
>>> whole = detente.ranges.Ranges(case, worlds=64, searches=8, only=["settlement.agreed"], range_size=16)
>>> len(whole), whole[1]
(4, (16, 32))
>>> whole.schema.names[:2]
['world', 'settlement.agreed[mediators_terms]']

A row is a function of case, seed, sampler, searches and the world's index, so that ranges may be worked out anywhere, in any order and as
often as one likes: what :meth:`Ranges.join` makes of them is the table of a session that was never split. Needs pyarrow.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import shutil
import subprocess
import tempfile
import uuid
from collections import OrderedDict
from pathlib import Path
from typing import Any, Dict, Iterable, Iterator, List, Optional, Sequence, Tuple, Union

from . import _detente
from ._case import Case
from ._errors import BadCall, DetenteError, Unsound
from ._session import whole_number
from ._table import Table, of_arrow

Range = Tuple[int, int]
"""A first world and the one behind the last."""

RANGE = 256
"""Worlds of a range unless it is said: a tenth of a second or more, of which handing it out is a small part."""

_KEY, _HASH = b"detente.range", b"detente.sha256"
# A case is checked when it comes to a process, which takes longer than a small range: a process keeps the last few.
_CASES: OrderedDict[str, Case] = OrderedDict()
_KEPT = 4


def in_process() -> bool:
    """Whether the compiled module works out ranges itself; one from before 0.1.0 was finished does not."""
    return "range" in (getattr(_detente.Core.table, "__text_signature__", None) or "")


class Ranges(Sequence[Range]):
    """What a table is of, and the ranges that it is split into: goes to other processes by pickling.

    ``only`` names columns or quantities, as in :meth:`Session.table`. Where ``program`` says where the command line is, ranges are run by it,
    which works out what is asked for alone and checks the answers of the first worlds; otherwise in the process that asks.
    """

    def __init__(
        self,
        case: Case,
        worlds: int = 4096,
        seed: int = 1,
        *,
        only: Union[str, Sequence[str], None] = None,
        months: bool = False,
        searches: int = 256,
        sampler: str = "quasi",
        prior: bool = False,
        range_size: Optional[int] = None,
        program: Union[str, "os.PathLike[str]", None] = None,
    ) -> None:
        # Refuses what no session takes.
        case.session(worlds, seed, searches=searches, sampler=sampler, prior=prior, progress=False)
        if range_size is not None:
            whole_number("range_size", range_size, 1, 100_000_000)
        self._pickled = pickle.dumps(case)
        self._digest = hashlib.sha256(self._pickled).hexdigest()
        self._case: Optional[Case] = case
        self.worlds = worlds
        """How many worlds there are in all."""
        self.size = range_size or RANGE
        """How many a range has; the last has what is left."""
        self.only = None if only is None else [only] if isinstance(only, str) else list(only)
        """What is told, if it was said."""
        self.months = months
        self._options: Dict[str, Any] = {"seed": seed, "searches": min(searches, worlds), "sampler": sampler, "prior": prior}
        # Two worlds say which columns there are, and refuse a name that nothing has before anything is handed out.
        few = case.session(2, seed, searches=0, sampler=sampler, prior=prior, progress=False)
        self.schema: Any = few.table(self.only, months=months).to_pyarrow().schema
        """The columns, as Arrow has them."""
        self._program = self._found(program)

    @staticmethod
    def _found(program: Union[str, "os.PathLike[str]", None]) -> Optional[str]:
        if program is None and in_process():
            return None
        found = shutil.which(os.fspath(program or os.environ.get("DETENTE") or "detente"))
        if found is None:
            wanted = "there is no command line" if program is None else f"`{os.fspath(program)}` is no program"
            raise BadCall(f"{wanted}: `program` says where `detente` is, on every machine that takes ranges")
        # Machines may have it elsewhere: a name is looked for on each, a path is a path.
        return os.path.abspath(found) if program is None or os.sep in os.fspath(program) else os.fspath(program)

    @property
    def case(self) -> Case:
        """The case."""
        if self._case is None:
            self._case = _CASES.get(self._digest) or pickle.loads(self._pickled)
            _CASES[self._digest] = self._case
            _CASES.move_to_end(self._digest)
            while len(_CASES) > _KEPT:
                _CASES.popitem(last=False)
        return self._case

    def __len__(self) -> int:
        return -(-self.worlds // self.size)

    def __getitem__(self, index: Any) -> Any:
        firsts = range(0, self.worlds, self.size)[index]
        if isinstance(index, slice):
            return [self._from(first) for first in firsts]
        return self._from(firsts)

    def __iter__(self) -> Iterator[Range]:
        return map(self._from, range(0, self.worlds, self.size))

    def _from(self, first: int) -> Range:
        return first, min(first + self.size, self.worlds)

    def table(self, first: int, end: int, threads: Optional[int] = 1) -> Any:
        """The rows of a range, as a ``pyarrow.Table``."""
        if self._program is not None:
            return self._by_program(self._program, first, end, threads)
        session = self.case.session(self.worlds, threads=threads, progress=False, **self._options)
        return session.table(self.only, months=self.months, range=(first, end)).to_pyarrow()

    def packed(self, first: int, end: int, threads: Optional[int] = 1) -> bytes:
        """The rows of a range in one piece, to send: pickling a table takes long where its columns are many."""
        (batch,) = self.table(first, end, threads).combine_chunks().to_batches()
        return bytes(batch.serialize())

    def join(self, parts: Iterable[Any]) -> Table:
        """One table of those of all ranges, packed or not, in order."""
        import pyarrow

        tables = [self._unpacked(part) if isinstance(part, bytes) else part for part in parts]
        return of_arrow(pyarrow.concat_tables(tables).combine_chunks())

    def _unpacked(self, part: bytes) -> Any:
        import pyarrow

        return pyarrow.Table.from_batches([pyarrow.ipc.read_record_batch(part, self.schema)])

    # Ranges that are kept, each as a file of a Parquet dataset.

    def path(self, storage: Union[str, "os.PathLike[str]"], first: int, end: int) -> Path:
        """The file of a range; by name, files are in the order of worlds."""
        return Path(storage) / f"part-{first:09}-{end:09}.parquet"

    def write(self, storage: Union[str, "os.PathLike[str]"], first: int, end: int, threads: Optional[int] = 1) -> None:
        """Works a range out and keeps it, whole or not at all; one that is there already is left as it is."""
        import pyarrow.parquet as parquet

        path = self.path(storage, first, end)
        if self._is_kept(path, first, end):
            return
        table = self.table(first, end, threads)
        table = table.replace_schema_metadata({_KEY: self._key(first, end), _HASH: _hash(as_told(table))})
        aside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
        try:
            with open(aside, "xb") as file:
                parquet.write_table(table, file, use_dictionary=False, compression="none", write_statistics=False)
                file.flush()
                os.fsync(file.fileno())
            os.replace(aside, path)
        finally:
            aside.unlink(missing_ok=True)

    def prepare(self, storage: Union[str, "os.PathLike[str]"]) -> List[Range]:
        """Makes the folder and says which ranges are still to be worked out; refuses a folder that holds anything else than this table's."""
        folder = Path(storage)
        folder.mkdir(parents=True, exist_ok=True)
        names = {self.path(folder, *one).name: one for one in self}
        for path in sorted(folder.iterdir()):
            if path.name not in names and not path.name.startswith(".part-"):
                raise BadCall(f"{folder} holds {path.name}, which is no range of this table: choose an empty folder, or the `range_size` it was begun with")
        return [one for path, one in ((folder / name, one) for name, one in names.items()) if not self._is_kept(path, *one)]

    def dataset(self, storage: Union[str, "os.PathLike[str]"]) -> Any:
        """The files of all ranges as a ``pyarrow.dataset.Dataset``."""
        import pyarrow.dataset

        folder = Path(storage)
        # What a worker that was killed has left beside the ranges.
        for left in folder.glob(".part-*"):
            left.unlink(missing_ok=True)
        return pyarrow.dataset.dataset([str(self.path(folder, *one)) for one in self], schema=self.schema, format="parquet")

    def read(self, storage: Union[str, "os.PathLike[str]"]) -> Table:
        """The table of all ranges that are kept."""
        return self.join([as_told(self.dataset(storage).to_table())])

    def _key(self, first: int, end: int) -> bytes:
        said = {"detente": _detente.__version__, "case": self._digest, "only": self.only, "months": self.months, "range": [first, end], **self._options}
        return json.dumps(said, sort_keys=True).encode()

    def _is_kept(self, path: Path, first: int, end: int) -> bool:
        import pyarrow
        import pyarrow.parquet as parquet

        if not path.exists():
            return False
        try:
            table = parquet.read_table(path, partitioning=None)
            said = table.schema.metadata or {}
            kept, whole = said.get(_KEY), said.get(_HASH) == _hash(as_told(table))
        except (pyarrow.ArrowException, OSError):
            return False
        if whole and kept != self._key(first, end):
            raise BadCall(f"{path} is of another table: another case, seed, option or version")
        return whole

    def _by_program(self, program: str, first: int, end: int, threads: Optional[int]) -> Any:
        import pyarrow.parquet as parquet

        case, options = self.case, self._options
        with tempfile.TemporaryDirectory(prefix="detente-") as folder:
            words = [program, "run", _texts(case, Path(folder) / "case"), "--worlds", f"{first}..{end}", "-o", os.path.join(folder, "run")]
            words += ["--seed", str(options["seed"]), "--searches", str(options["searches"]), "--sampler", options["sampler"]]
            words += ["--threads", str(threads)] if threads else []
            words += ["--prior"] if options["prior"] else []
            words += ["--months"] if self.months else []
            for name in case._core.readings:
                words += ["--reading", name]
            for put in case._core.set:
                words += ["--set", put]
            words += ["--expert", case._core.expert] if case._core.expert else []
            if self.only is not None:
                words += ["--only", ",".join(dict.fromkeys(name.split("[")[0].strip() for name in self.only))]
            ran = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            if ran.returncode != 0:
                said = (ran.stderr + ran.stdout).decode(errors="replace").strip()
                unsound = ran.returncode == 1 and os.path.exists(os.path.join(folder, "run", "manifest.json"))
                raise (Unsound if unsound else DetenteError)(f"worlds {first} to {end}: {said or f'exit code {ran.returncode}'}")
            told = parquet.read_table(os.path.join(folder, "run", "table.parquet"), columns=self.schema.names)
            return as_told(told.select(self.schema.names).cast(self.schema))

    def __getstate__(self) -> Dict[str, Any]:
        return {**self.__dict__, "_case": None}


def as_told(table: Any) -> Any:
    """A table that was read from a file, as it lies in memory where it was worked out: behind what was not computed stands NaN."""
    import pyarrow
    import pyarrow.compute as compute

    columns = []
    for column in table.combine_chunks().columns:
        if column.null_count:
            array = pyarrow.concat_arrays(column.chunks)
            valid, numbers = compute.is_valid(array), compute.fill_null(array, float("nan"))
            column = pyarrow.Array.from_buffers(array.type, len(array), [valid.buffers()[1], numbers.buffers()[1]])
        columns.append(column)
    return pyarrow.table(columns, schema=table.schema.remove_metadata())


def _hash(table: Any) -> bytes:
    """Of its columns' names, kinds and numbers."""
    import pyarrow

    sink = pyarrow.BufferOutputStream()
    plain = table.cast(pyarrow.schema([field.remove_metadata() for field in table.schema]))
    with pyarrow.ipc.new_stream(sink, plain.schema) as stream:
        stream.write_table(plain)
    return hashlib.sha256(sink.getvalue()).hexdigest().encode()


def _texts(case: Case, folder: Path) -> str:
    """Writes the texts of a case, for the command line to open."""
    texts = case._core.texts
    main = os.path.abspath(texts[0][0])
    for name, text in texts:
        path = folder / os.path.relpath(os.path.abspath(name), os.path.dirname(main))
        if ".." in path.parts:
            raise BadCall(f"`{name}` lies outside of the case's folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    return str(folder if os.path.basename(main) == "case.toml" else folder / os.path.basename(main))
