//! Parts of a run: a block of worlds each. A part keeps a hash of what it is of, which block it is, and all that it holds, so that
//! one with a flipped bit, or under another's name, is run again instead of read.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use detente::{Column, Counts, Table};
use parquet::errors::ParquetError;
use serde_json::{Value, json};

use super::hash::{Hashing, canonical};
use super::merge::hash_rows;
use super::{ABOUT, PROGRESS, RunFolder};
use crate::failure::Failure;
use crate::output;
use crate::parquet::{Reader, Writer};

/// Under which names a part keeps its silences, and its hash.
const SILENCES: &str = "detente.silences";
const HASH: &str = "detente.sha256";

/// What there is of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Nothing.
    Missing,
    /// Its part, as it was written.
    Sound,
    /// Something else than its part as it was written.
    Spoilt,
}

/// What a part holds.
pub(crate) struct Held {
    pub(super) columns: Vec<Vec<f64>>,
    /// As the manifest lists them.
    pub(super) silences: Vec<Value>,
}

impl RunFolder {
    pub(crate) fn part(&self, block: usize) -> PathBuf {
        self.path.join(format!("part-{block:05}.parquet"))
    }

    /// What there is of a block.
    pub(crate) fn look_at(&self, block: usize) -> Part {
        if std::fs::symlink_metadata(self.part(block)).is_err() {
            return Part::Missing;
        }
        match self.held(block) {
            Some(_) => Part::Sound,
            None => Part::Spoilt,
        }
    }

    /// What a block's part holds; `None` unless it is as it was written.
    pub(super) fn held(&self, block: usize) -> Option<Held> {
        // The bytes may be anything, and whoever reads them may stumble.
        let read = || {
            let part = Reader::open(&self.part(block)).ok()?;
            let worlds = self.worlds_of(block);
            let named = self.columns.iter().map(|column| &column.name);
            if part.rows() != worlds.len() || !part.names().iter().eq(named) {
                return None;
            }
            let columns = self.group(&part, 0).ok()?;
            let silences = part.about(SILENCES)?;
            if columns.iter().any(|column| column.len() != worlds.len())
                || part.about(HASH)? != self.hash_of(block, silences, &columns)
            {
                return None;
            }
            // What the hash is not of (marks, names, statistics) is as it was written if the file comes out the same again.
            let mut again = Vec::new();
            self.encode(&mut again, block, silences, &columns).ok()?;
            if again != std::fs::read(self.part(block)).ok()? {
                return None;
            }
            let silences = serde_json::from_str(silences).ok()?;
            Some(Held { columns, silences })
        };
        catch_unwind(AssertUnwindSafe(read)).ok().flatten()
    }

    /// Writes a block's part.
    pub(crate) fn write_part(&self, block: usize, table: &Table) -> Result<(), Failure> {
        if !Self::is_kept(&self.path) {
            return Err(Failure::Failed(format!(
                "{} is no longer the folder of this run: its {PROGRESS} is gone",
                self.path.display()
            )));
        }
        let Held { columns, silences } = self.told(table);
        let silences = Value::from(silences).to_string();
        let path = self.part(block);
        output::write_own(&path, |file| {
            let written = self.encode(file, block, &silences, &columns);
            written.map_err(|error| output::failed(&path, "written", &error))
        })
    }

    /// What a block's table tells, as a part holds it.
    pub(crate) fn told(&self, table: &Table) -> Held {
        let column = |column: &Column| {
            let cells = (0..table.worlds).map(|row| table.number(row, column.place));
            // One zero and one "not computed": the hash is of numbers, not of signs that say nothing.
            cells
                .map(|x| if x.is_nan() { f64::NAN } else { x + 0.0 })
                .collect()
        };
        Held {
            columns: self.columns.iter().map(column).collect(),
            silences: silences(&table.silences),
        }
    }

    /// Writes a part; the same numbers give the same bytes.
    fn encode<W: Write + Send>(
        &self,
        sink: W,
        block: usize,
        silences: &str,
        columns: &[Vec<f64>],
    ) -> Result<(), ParquetError> {
        let about = [
            (ABOUT, canonical(&self.plan)),
            (SILENCES, silences.to_owned()),
            (HASH, self.hash_of(block, silences, columns)),
        ];
        let mut writer = Writer::new(sink, &self.names(), &about)?;
        writer.group(self.worlds_of(block).start, columns)?;
        writer.finish()
    }

    /// Is the file at least a part of this run?
    pub(super) fn is_of_this_run(&self, path: &Path) -> bool {
        let about = || {
            let part = Reader::open(path).ok()?;
            part.about(ABOUT).map(str::to_owned)
        };
        let about = catch_unwind(AssertUnwindSafe(about)).ok().flatten();
        about.is_some_and(|about| about == canonical(&self.plan))
    }

    /// The hash of a part: what is run, by which build, which block, its silences, its rows.
    fn hash_of(&self, block: usize, silences: &str, columns: &[Vec<f64>]) -> String {
        let of = json!([self.plan, Self::build(), block, silences]);
        let mut hashing = Hashing::new();
        hashing.add(canonical(&of).as_bytes());
        hash_rows(self.worlds_of(block).start, columns, &mut hashing);
        hashing.finish()
    }
}

/// The block whose part has this name.
pub(super) fn number(name: &str) -> Option<usize> {
    let digits = name.strip_prefix("part-")?.strip_suffix(".parquet")?;
    let block: usize = digits.parse().ok()?;
    (digits == format!("{block:05}")).then_some(block)
}

/// Silences as the manifest lists them.
fn silences(counts: &Counts) -> Vec<Value> {
    let listed = counts.iter().map(|((lens, silence), worlds)| {
        json!({ "lens": lens, "kind": silence.kind(), "why": silence.why(), "worlds": worlds })
    });
    listed.collect()
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn only_names_that_parts_have_are_names_of_parts() {
        assert_eq!(number("part-00012.parquet"), Some(12));
        assert_eq!(number("part-123456.parquet"), Some(123_456));
        for other in [
            "part-12.parquet",
            "part-.parquet",
            "part-000012.parquet",
            "part-+0012.parquet",
            "part-x.parquet",
            "part-00012",
        ] {
            assert_eq!(number(other), None, "{other}");
        }
    }
}
