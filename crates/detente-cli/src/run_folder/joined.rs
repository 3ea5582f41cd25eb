//! Ranges of one whole, put together: what may be, and how.

use std::ops::Range;
use std::path::{Path, PathBuf};

use detente::VERSION;
use detente::diag::{Code, Diagnostic};
use serde_json::{Value, json};

use super::hash::{Hashing, canonical};
use super::merge::{Merged, Silences, add_silences, hash_rows};
use super::{ABOUT, BLOCK, RunFolder, TABLE, Whole, differing, in_words, plan_of};
use crate::failure::Failure;
use crate::output;
use crate::parquet::{Reader, Writer};

/// Ranges that make one, in the order of their worlds.
pub(crate) struct Joined {
    pieces: Vec<Piece>,
    /// The texts of their case.
    pub(crate) texts: Vec<(String, String)>,
}

/// One of them. Its table is opened when its turn comes: a whole may have thousands.
struct Piece {
    path: PathBuf,
    worlds: Range<usize>,
    result: Value,
    times: Value,
}

impl Joined {
    /// Looks at all folders, and refuses them unless they make one range: every fault at once.
    pub(crate) fn look(paths: &[PathBuf]) -> Result<Self, Vec<Diagnostic>> {
        let (mut pieces, mut texts, mut faults) = (Vec::new(), None, Vec::new());
        let build = RunFolder::build();
        for path in paths {
            match look_at(path, &build) {
                Ok((piece, own)) => {
                    pieces.push(piece);
                    texts.get_or_insert(own);
                }
                Err(fault) => faults.push(fault),
            }
        }
        if let Some((first, others)) = pieces.split_first() {
            let differs = others.iter().filter_map(|piece| unlike(first, piece));
            faults.extend(differs);
        }
        pieces.sort_by_key(|piece: &Piece| (piece.worlds.start, piece.worlds.end));
        // Gaps between folders of which some cannot be read would say nothing.
        if faults.is_empty() {
            faults.extend(unjoined(&pieces));
        }
        match texts {
            Some(texts) if faults.is_empty() => Ok(Self { pieces, texts }),
            _ => Err(faults),
        }
    }

    /// The worlds of all of them.
    pub(crate) fn worlds(&self) -> Range<usize> {
        let first = self.pieces.first().map_or(0, |piece| piece.worlds.start);
        first..self.pieces.last().map_or(0, |piece| piece.worlds.end)
    }

    /// What is run, as the manifest of the run that was never split says it: that of so many worlds where all from world 0 are there, and as many
    /// as are searched at least; else that of a range.
    pub(crate) fn plan(&self) -> Value {
        let worlds = self.worlds();
        let mut plan = plan_of(&self.pieces[0].result);
        plan["worlds"] = json!(worlds.len());
        let whole = worlds.start == 0 && plan["searches"].as_u64() <= Some(worlds.end as u64);
        match plan.as_object_mut() {
            Some(fields) if whole => {
                fields.shift_remove("range");
            }
            _ => plan["range"] = json!([worlds.start, worlds.end]),
        }
        plan
    }

    /// What answers of the first worlds came to before their certificates.
    pub(crate) fn certificates(&self) -> Value {
        let all = self
            .pieces
            .iter()
            .map(|piece| &piece.result["certificates"]);
        let listed = |field: &str| -> Value {
            let lists = all.clone().filter_map(|of| of[field].as_array());
            lists.flatten().cloned().collect()
        };
        let held: u64 = all.clone().filter_map(|of| of["held"].as_u64()).sum();
        json!({ "held": held, "unfinished": listed("unfinished"), "faults": listed("faults") })
    }

    /// What the ranges took, one after another.
    pub(crate) fn times(&self) -> Value {
        let sum = |field: &str| -> f64 {
            let numbers = self.pieces.iter().map(|piece| &piece.times[field]);
            numbers.filter_map(Value::as_f64).sum()
        };
        json!({
            "folders": self.pieces.len(),
            "seconds": sum("seconds"),
            "processor_seconds": sum("processor_seconds"),
            "overhead_seconds": sum("overhead_seconds"),
        })
    }

    /// How many there are.
    pub(crate) fn folders(&self) -> usize {
        self.pieces.len()
    }

    /// Writes their table into a folder, a group of rows at a time, as the run of all their worlds would have cut it.
    pub(crate) fn write(&self, folder: &RunFolder) -> Result<Merged, Failure> {
        let path = folder.path.join(TABLE);
        let (mut hashing, mut counts) = (Hashing::new(), Silences::new());
        output::write_own(&path, |file| {
            let unwritten = |error: &dyn std::fmt::Display| output::failed(&path, "written", error);
            let about = [(ABOUT, canonical(&folder.plan))];
            let mut writer =
                Writer::new(file, &folder.names(), &about).map_err(|error| unwritten(&error))?;
            let mut block = 0;
            let mut pending = vec![Vec::with_capacity(BLOCK); folder.columns.len()];
            for piece in &self.pieces {
                add_silences(
                    piece.result["silences"]
                        .as_array()
                        .map_or(&[], Vec::as_slice),
                    &mut counts,
                );
                piece.each_group(folder, |columns| {
                    let rows = columns.first().map_or(0, Vec::len);
                    let mut taken = 0;
                    while taken < rows {
                        let worlds = folder.worlds_of(block);
                        let had = pending.first().map_or(0, Vec::len);
                        let more = (rows - taken).min(worlds.len() - had);
                        for (pending, column) in pending.iter_mut().zip(columns) {
                            pending.extend_from_slice(&column[taken..taken + more]);
                        }
                        taken += more;
                        if had + more == worlds.len() {
                            hash_rows(worlds.start, &pending, &mut hashing);
                            writer
                                .group(worlds.start, &pending)
                                .map_err(|error| unwritten(&error))?;
                            pending.iter_mut().for_each(Vec::clear);
                            block += 1;
                        }
                    }
                    Ok(())
                })?;
            }
            writer.finish().map_err(|error| unwritten(&error))
        })?;
        folder.merged(counts, hashing)
    }
}

impl Piece {
    /// Reads its table group by group. One whose numbers are not those of its manifest is refused.
    fn each_group(
        &self,
        folder: &RunFolder,
        mut take: impl FnMut(&[Vec<f64>]) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let changed = || {
            let fault = unsound(&format!(
                "{} is not as it was written: its numbers have another hash",
                self.path.display()
            ));
            crate::case_file::refuse(fault)
        };
        let path = self.path.join(TABLE);
        let reader = Reader::open(&path)?;
        let named = folder.columns.iter().map(|column| &column.name);
        if !reader.names().iter().eq(named) || reader.rows() != self.worlds.len() {
            return Err(changed());
        }
        let (mut hashing, mut first) = (Hashing::new(), self.worlds.start);
        for group in 0..reader.groups() {
            let columns = folder
                .group(&reader, group)
                .map_err(|error| output::failed(&path, "read", &error))?;
            hash_rows(first, &columns, &mut hashing);
            first += columns.first().map_or(0, Vec::len);
            take(&columns)?;
        }
        if self.result["table"]["sha256"] != json!(hashing.finish()) {
            return Err(changed());
        }
        Ok(())
    }

    /// As messages name it.
    fn named(&self) -> String {
        let Range { start, end } = self.worlds;
        format!("{} ({start}..{end})", self.path.display())
    }
}

/// Opens a folder, to see that it holds a whole range of this build, and its case's texts.
fn look_at(path: &Path, build: &Value) -> Result<(Piece, Vec<(String, String)>), Diagnostic> {
    let shown = path.display();
    let whole = Whole::open(path).map_err(|failure| match failure {
        Failure::BadInput(what) | Failure::Failed(what) | Failure::Stopped(what) => unsound(&what),
    })?;
    let Some(texts) = whole.texts() else {
        return Err(unsound(&format!(
            "{shown} is not as it was written: the texts in its case/ are not those that were run"
        )));
    };
    let worlds = whole.worlds();
    let rows = &whole.result()["table"]["rows"];
    if worlds.is_empty() || *rows != json!(worlds.len()) {
        return Err(unsound(&format!(
            "{shown} is not as it was written: its table has not as many rows as it has worlds"
        )));
    }
    let result = whole.result().clone();
    let version = &result["detente"];
    let other = if *version != json!(VERSION) {
        Some(format!(
            "detente {} ran it, and this is {VERSION}",
            in_words(version)
        ))
    } else if whole.manifest.build() != build {
        Some(format!(
            "build {} of detente {VERSION} ran it, and this is {}, which may compute other numbers",
            in_words(whole.manifest.build()),
            in_words(build)
        ))
    } else {
        None
    };
    if let Some(other) = other {
        let fault = Diagnostic::new(Code::RUN_DIFFERS, format!("{shown}: {other}"));
        return Err(fault.help("ranges are merged by the program that ran them"));
    }
    let times = whole.manifest.document()["times"].clone();
    let piece = Piece {
        path: path.to_owned(),
        worlds,
        result,
        times,
    };
    Ok((piece, texts))
}

fn unsound(what: &str) -> Diagnostic {
    Diagnostic::new(Code::RUN_UNSOUND, what)
        .help("give the command that began it once more; what was changed is to be removed first")
}

/// What makes two ranges parts of different wholes.
fn unlike(first: &Piece, other: &Piece) -> Option<Diagnostic> {
    let whole = |piece: &Piece| {
        let mut plan = plan_of(&piece.result);
        if let Some(fields) = plan.as_object_mut() {
            fields.shift_remove("worlds");
            fields.shift_remove("range");
        }
        plan
    };
    let differing = differing(
        &whole(first),
        &whole(other),
        ["in the first", "in the second"],
    );
    (!differing.is_empty()).then(|| {
        let what = format!(
            "{} and {} are not of one whole; they differ in: {}",
            first.path.display(),
            other.path.display(),
            differing.join(", ")
        );
        Diagnostic::new(Code::RUN_DIFFERS, what)
            .help("ranges of one whole share the case and all options but --worlds")
    })
}

/// Worlds that are missing between ranges, or in two of them; the ranges are in order.
fn unjoined(pieces: &[Piece]) -> Vec<Diagnostic> {
    let said = |worlds: Range<usize>| match worlds.len() {
        1 => format!("world {}", worlds.start),
        _ => format!("the worlds {} to {}", worlds.start, worlds.end - 1),
    };
    let mut faults = Vec::new();
    let Some(mut last) = pieces.first() else {
        return faults;
    };
    for piece in &pieces[1..] {
        let (end, start) = (last.worlds.end, piece.worlds.start);
        if start > end {
            let what = format!(
                "no folder holds {}, between {} and {}",
                said(end..start),
                last.named(),
                piece.named()
            );
            let fault = Diagnostic::new(Code::RUN_GAP, what);
            faults.push(fault.help(format!(
                "run them: --worlds {end}..{start}, with the options of the others"
            )));
        } else if start < end {
            let both = said(start..end.min(piece.worlds.end));
            let are = if both.starts_with("world ") {
                "is"
            } else {
                "are"
            };
            let what = format!(
                "{both} {are} both in {} and in {}",
                last.named(),
                piece.named()
            );
            faults.push(Diagnostic::new(Code::RUN_OVERLAP, what).help("leave one of them out"));
        }
        if piece.worlds.end > end {
            last = piece;
        }
    }
    faults
}
