//! Puts the parts of a run together.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::BufWriter;

use parquet::errors::ParquetError;
use serde_json::{Value, json};

use super::hash::{Hashing, canonical, of_file};
use super::parts::Held;
use super::{ABOUT, CSV, RunFolder, TABLE};
use crate::failure::Failure;
use crate::output;
use crate::parquet::{Reader, Writer};

/// What came of a run.
pub(crate) struct Merged {
    /// Silences with reasons, and in how many worlds.
    pub(crate) silences: Value,
    /// Rows, columns and the hash of the numbers.
    pub(crate) table: Value,
    /// Length and hash of the table's file.
    pub(crate) file: Value,
}

impl RunFolder {
    /// Writes the table from the parts, a group of rows a part; of a run of one block, from what is at hand.
    pub(crate) fn merge(&self, at_hand: Option<Held>) -> Result<Merged, Failure> {
        let path = self.path.join(TABLE);
        let mut hashing = Hashing::new();
        let mut counts = Silences::new();
        output::write_own(&path, |file| {
            let unwritten = |error: &dyn std::fmt::Display| output::failed(&path, "written", error);
            let about = [(ABOUT, canonical(&self.plan))];
            let mut writer =
                Writer::new(file, &self.names(), &about).map_err(|error| unwritten(&error))?;
            let mut at_hand = at_hand;
            for block in 0..self.blocks() {
                let held = at_hand.take().or_else(|| self.held(block));
                let Held { columns, silences } = held.ok_or_else(|| {
                    let part = self.part(block);
                    Failure::Failed(format!("{} is not as it was written", part.display()))
                })?;
                add_silences(&silences, &mut counts);
                let first = self.worlds_of(block).start;
                hash_rows(first, &columns, &mut hashing);
                writer
                    .group(first, &columns)
                    .map_err(|error| unwritten(&error))?;
            }
            writer.finish().map_err(|error| unwritten(&error))
        })?;
        self.merged(counts, hashing)
    }

    /// What came of the run whose table has just been written.
    pub(super) fn merged(&self, counts: Silences, hashing: Hashing) -> Result<Merged, Failure> {
        let path = self.path.join(TABLE);
        let silences = counts.into_iter().map(|((lens, kind, why), worlds)| {
            json!({ "lens": lens, "kind": kind, "why": why, "worlds": worlds })
        });
        let bytes = std::fs::metadata(&path)
            .map_err(|error| output::failed(&path, "read", &error))?
            .len();
        Ok(Merged {
            silences: silences.collect(),
            table: json!({ "rows": self.worlds.len(), "columns": self.columns.len(), "sha256": hashing.finish() }),
            file: json!({ "bytes": bytes, "sha256": of_file(&path)? }),
        })
    }

    /// Writes the table as CSV (RFC 4180): numbers read back exactly, and what was not computed is empty.
    pub(crate) fn write_csv(&self) -> Result<(), Failure> {
        output::write_own(&self.path.join(CSV), |file| self.csv(BufWriter::new(file)))
    }

    /// Is there a table as CSV that is not what the table holds? No hash of it is kept, since it can be asked for afterwards.
    pub(crate) fn csv_is_strange(&self) -> Result<bool, Failure> {
        let path = self.path.join(CSV);
        if !path.is_file() {
            return Ok(false);
        }
        let mut hashing = Hashing::new();
        self.csv(&mut hashing)?;
        Ok(of_file(&path)? != hashing.finish())
    }

    fn csv(&self, mut file: impl std::io::Write) -> Result<(), Failure> {
        let (table, path) = (self.path.join(TABLE), self.path.join(CSV));
        let reader = Reader::open(&table)?;
        let unwritten = |error: std::io::Error| output::failed(&path, "written", &error);
        let mut line = String::from("world");
        for column in &self.columns {
            // Names of several entries hold commas.
            let _ = write!(line, ",\"{}\"", column.name);
        }
        writeln!(file, "{line}").map_err(unwritten)?;
        let mut world = self.worlds.start;
        for group in 0..reader.groups() {
            let columns = self
                .group(&reader, group)
                .map_err(|error| output::failed(&table, "read", &error))?;
            for row in 0..columns.first().map_or(0, Vec::len) {
                line.clear();
                let _ = write!(line, "{world}");
                for column in &columns {
                    line.push(',');
                    if !column[row].is_nan() {
                        let _ = write!(line, "{}", column[row]);
                    }
                }
                writeln!(file, "{line}").map_err(unwritten)?;
                world += 1;
            }
        }
        file.flush().map_err(unwritten)
    }

    /// All columns of a group of rows.
    pub(super) fn group(
        &self,
        reader: &Reader,
        group: usize,
    ) -> Result<Vec<Vec<f64>>, ParquetError> {
        let columns = (0..self.columns.len()).map(|column| reader.part(group, column));
        columns.collect()
    }
}

/// The index of each world and then its numbers, as little-endian 64-bit words.
pub(super) fn hash_rows(first: usize, columns: &[Vec<f64>], hashing: &mut Hashing) {
    let mut row = Vec::with_capacity(8 * (columns.len() + 1));
    for i in 0..columns.first().map_or(0, Vec::len) {
        row.clear();
        row.extend(((first + i) as u64).to_le_bytes());
        for column in columns {
            row.extend(column[i].to_bits().to_le_bytes());
        }
        hashing.add(&row);
    }
}

/// In how many worlds a lens was silent, by lens, kind and reason.
pub(super) type Silences = BTreeMap<(String, String, String), u64>;

pub(super) fn add_silences(listed: &[Value], counts: &mut Silences) {
    for silence in listed {
        let text = |field: &str| silence[field].as_str().unwrap_or_default().to_owned();
        *counts
            .entry((text("lens"), text("kind"), text("why")))
            .or_default() += silence["worlds"].as_u64().unwrap_or(0);
    }
}
