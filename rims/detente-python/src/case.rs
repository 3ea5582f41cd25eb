//! A case with what is put over it. None is ever changed: whatever sets something gives another.

use std::path::Path;
use std::sync::Arc;

use detente::diag::{Diagnostic, Sources};
use detente::report::{self, Stamp};
use detente::{Case, Evidence, Keeps, Overrides, Plan, RunOptions, Sampler, Stream};
use detente_desk::case_files::{self, name_of};
use detente_desk::report::Report;
use pyo3::prelude::*;
use serde_json::{Value, json};

use crate::asked;
use crate::facts;
use crate::faults;
use crate::table::{Column, Holds, Table};
use crate::work::{computing, quickly};

/// Worlds that are run at a time for a table, before they are put into its columns.
const BLOCK: usize = 1024;

/// The texts of a case and what the checker made of them.
struct Written {
    /// By name, the main one first.
    texts: Vec<(String, String)>,
    /// As it was given.
    path: String,
    name: String,
    case: Case,
    sources: Sources,
    warnings: Vec<Diagnostic>,
}

/// A case that can be run, under its readings and with what is set.
#[pyclass(frozen, name = "Core", module = "detente._detente")]
pub(crate) struct Core {
    written: Arc<Written>,
    case: Case,
    sources: Sources,
    overrides: Overrides,
    set: Vec<String>,
    readings: Vec<String>,
    expert: Option<String>,
}

/// How worlds are run, as Python hands it in: worlds, seed, searches, sampler, prior, threads, quick, rival_claims.
#[derive(FromPyObject)]
pub(crate) struct Run {
    #[pyo3(item)]
    worlds: Option<usize>,
    #[pyo3(item)]
    seed: u64,
    #[pyo3(item)]
    searches: usize,
    #[pyo3(item)]
    pseudo: bool,
    #[pyo3(item)]
    prior: bool,
    #[pyo3(item)]
    threads: Option<usize>,
    #[pyo3(item)]
    quick: bool,
    #[pyo3(item)]
    rival_claims: bool,
}

impl Run {
    fn stream(&self) -> Stream {
        let sampler = if self.pseudo {
            Sampler::Pseudo
        } else {
            Sampler::Quasi
        };
        Stream {
            sampler,
            seed: self.seed,
        }
    }

    /// Worlds of a run that is no report, as `detente run` has them.
    fn options(&self, case: &Case, worlds: usize) -> RunOptions {
        let searches = self.searches.min(worlds);
        RunOptions {
            stream: self.stream(),
            worlds,
            searches,
            solutions: detente::solutions_of(searches),
            threads: self.threads,
            record: case.has_record() && !self.prior,
            ..RunOptions::default()
        }
    }
}

impl Core {
    /// What is put over a case.
    fn put(
        py: Python<'_>,
        written: &Arc<Written>,
        set: Vec<String>,
        readings: Vec<String>,
        expert: Option<String>,
    ) -> PyResult<Self> {
        let mut case = written.case.clone();
        let mut sources = written.sources.clone();
        if let Some(name) = &expert {
            case = detente::expert_alone(&case, name)
                .map_err(|unknown| faults::bad_call(py, &unknown.to_string()))?;
        }
        case = case
            .with_set(&set, &mut sources)
            .map_err(|found| faults::bad_text(py, "CaseError", &found, &sources))?;
        let overrides = detente::overrides_of(&case, &readings)
            .map_err(|bad| faults::bad_reading(py, &bad, &sources))?;
        let written = Arc::clone(written);
        Ok(Self {
            written,
            case,
            sources,
            overrides,
            set,
            readings,
            expert,
        })
    }

    fn of_texts(
        py: Python<'_>,
        texts: Vec<(String, String)>,
        path: String,
        name: String,
    ) -> PyResult<Self> {
        let named = texts
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()));
        let checked = detente::check_files(&named.collect::<Vec<_>>());
        let Some(case) = checked.case else {
            let (found, sources) = (&checked.diagnostics, &checked.sources);
            return Err(faults::bad_text(py, "CaseError", found, sources));
        };
        let written = Written {
            texts,
            path,
            name,
            case,
            sources: checked.sources,
            warnings: checked.diagnostics,
        };
        Self::put(py, &Arc::new(written), Vec::new(), Vec::new(), None)
    }

    fn report(&self, run: &Run) -> Report {
        Report {
            stream: run.stream(),
            worlds: run.worlds,
            searches: run.searches,
            quick: run.quick,
            prior: run.prior,
            rival_claims: run.rival_claims,
            threads: run.threads,
            readings: self.readings.clone(),
            set: self.set.clone(),
            expert: self.expert.clone(),
        }
    }

    fn fits(&self, py: Python<'_>, keeps: Keeps, worlds: usize) -> PyResult<()> {
        let fits = detente_desk::memory::refuse_too_many(&self.case, keeps, worlds);
        fits.map_err(|what| faults::bad_call(py, &what))
    }

    /// What is set over the case, as a question to the workbench's engine has it.
    fn state(&self, run: &Run) -> Value {
        let set = self.set.iter().filter_map(|set| set.split_once('='));
        let set: serde_json::Map<String, Value> = set
            .map(|(path, value)| (path.to_owned(), json!(value)))
            .collect();
        json!({ "readings": self.readings, "set": set, "prior": run.prior })
    }
}

#[pymethods]
impl Core {
    /// Opens a case: a file, or a folder that holds case.toml.
    #[staticmethod]
    fn open(py: Python<'_>, path: &str) -> PyResult<Self> {
        quickly(py, || {
            let given = Path::new(path);
            let files = case_files::read(given).map_err(|fault| {
                faults::bad_text(py, "CaseError", &[*fault], &Sources::default())
            })?;
            let shown = files.into_iter();
            let texts = shown.map(|(path, text)| (path.display().to_string(), text));
            Self::of_texts(py, texts.collect(), path.to_owned(), name_of(given))
        })
    }

    /// A case of texts in hand, each with its name.
    #[staticmethod]
    fn parse(py: Python<'_>, texts: Vec<(String, String)>) -> PyResult<Self> {
        quickly(py, || {
            let path = texts
                .first()
                .map_or_else(String::new, |(name, _)| name.clone());
            let name = path.strip_suffix(".toml").unwrap_or(&path).to_owned();
            Self::of_texts(py, texts, path, name)
        })
    }

    /// The same case with other things put over it.
    fn under(
        &self,
        py: Python<'_>,
        set: Vec<String>,
        readings: Vec<String>,
        expert: Option<String>,
    ) -> PyResult<Self> {
        quickly(py, || Self::put(py, &self.written, set, readings, expert))
    }

    #[getter]
    fn path(&self) -> &str {
        &self.written.path
    }

    #[getter]
    fn name(&self) -> &str {
        &self.written.name
    }

    #[getter]
    fn set(&self) -> Vec<String> {
        self.set.clone()
    }

    #[getter]
    fn readings(&self) -> Vec<String> {
        self.readings.clone()
    }

    #[getter]
    fn expert(&self) -> Option<&str> {
        self.expert.as_deref()
    }

    #[getter]
    fn texts(&self) -> Vec<(String, String)> {
        self.written.texts.clone()
    }

    #[getter]
    fn has_record(&self) -> bool {
        self.case.has_record()
    }

    /// What the checker would have an analyst know, drawn and as data.
    fn warnings(&self) -> (String, String) {
        let (found, sources) = (&self.written.warnings, &self.written.sources);
        (
            detente_desk::drawn::drawn(found, sources),
            faults::told(found, sources).to_string(),
        )
    }

    /// What the case holds, as JSON.
    fn facts(&self, py: Python<'_>) -> PyResult<String> {
        quickly(py, || {
            let inputs = detente::inputs_under(&self.case, &self.readings)
                .map_err(|bad| faults::bad_reading(py, &bad, &self.sources))?;
            Ok(facts::of_case(&self.case, &inputs).to_string())
        })
    }

    /// The page of a number of the case.
    fn explain(&self, py: Python<'_>, path: &str) -> PyResult<String> {
        quickly(py, || {
            detente::explain_input(&self.case, path).map_err(|near| {
                let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                faults::bad_call(py, &format!("there is no number at `{path}`{near}"))
            })
        })
    }

    /// Why a party accepts or refuses a package.
    fn why(
        &self,
        py: Python<'_>,
        party: &str,
        package: &str,
        run: Run,
        world: Option<u64>,
    ) -> PyResult<String> {
        quickly(py, || {
            let world = world.map(|index| (run.stream(), index));
            detente::why(&self.case, &self.overrides, party, package, world)
                .map(|text| detente::diag::visible(&text).into_owned())
                .map_err(|no| faults::bad_call(py, &no.to_string()))
        })
    }

    /// All that a report says.
    fn summarise(
        &self,
        py: Python<'_>,
        run: Run,
        progress: Option<Bound<'_, PyAny>>,
    ) -> PyResult<Told> {
        let report = self.report(&run);
        let options = report.options(&self.case);
        self.fits(py, Keeps::Report, options.worlds)?;
        let untold = detente::untold_claims(&self.case, &self.readings)
            .map_err(|bad| faults::bad_reading(py, &bad, &self.sources))?;
        let summary = computing(py, progress.as_ref(), |watched| {
            detente::summarise(&self.case, &self.readings, options, watched)
        })?;
        let evidence = summary.map_err(|bad| faults::bad_reading(py, &bad, &self.sources))?;
        let stamp = Stamp {
            case_path: self.written.path.clone(),
            case_hash: report::hash(&self.written.texts),
            command: report.command(&self.written.path),
        };
        let (html, missing) = computing(py, None, |_| report::page(&evidence, &stamp))?;
        if let Some(why) = detente_desk::report::unsound(&evidence, &missing) {
            return Err(faults::unsound(py, &why));
        }
        Ok(Told {
            untold: faults::told(&untold, &self.sources).to_string(),
            evidence,
            stamp,
            html,
        })
    }

    /// Means of entries of quantities, over so many worlds: for each name a list of entries, each (name, entries, unit, mean, error, worlds).
    fn ask(
        &self,
        py: Python<'_>,
        names: Vec<String>,
        run: Run,
        worlds: usize,
        progress: Option<Bound<'_, PyAny>>,
    ) -> PyResult<Vec<Vec<Answered>>> {
        let setting = &self.case.setting;
        let entries = names.iter().map(|name| asked::entries(setting, name));
        let entries: Vec<Vec<asked::Entry>> = entries
            .collect::<Result<_, _>>()
            .map_err(|what| faults::bad_call(py, &what))?;
        let options = run.options(&self.case, worlds);
        self.fits(py, Keeps::Rows, worlds)?;
        let of: Vec<_> = entries
            .iter()
            .flatten()
            .map(|entry| (entry.of, entry.index.clone()))
            .collect();
        computing(py, progress.as_ref(), |watched| {
            watched.expect(worlds);
            let plan = Plan::new(&self.case);
            let drawn = (&plan, &self.overrides);
            let table = detente::ask_worlds(&self.case, drawn, options, (&of, 0..worlds), watched);
            if detente::Progress::abandoned(watched) {
                return Vec::new();
            }
            let told = |entry: &asked::Entry| {
                let mean = table.mean(entry.of, &entry.index);
                let unit = entry.column.unit.name();
                let name = entry.column.name.clone();
                (
                    name,
                    entry.names.clone(),
                    unit,
                    mean.value,
                    mean.error,
                    mean.n,
                )
            };
            entries
                .iter()
                .map(|list| list.iter().map(told).collect())
                .collect()
        })
    }

    /// The numbers of all worlds, or of those of a range: the columns of `detente run`, or some of them. What is done in the first worlds alone,
    /// such as searches, is done in those of the whole, so that a range has the rows that the whole has.
    #[pyo3(signature = (run, worlds, months, names, progress, range=None))]
    #[allow(clippy::too_many_arguments, reason = "Python hands them in one by one")]
    fn table(
        &self,
        py: Python<'_>,
        run: Run,
        worlds: usize,
        months: bool,
        names: Option<Vec<String>>,
        progress: Option<Bound<'_, PyAny>>,
        range: Option<(usize, usize)>,
    ) -> PyResult<Table> {
        let setting = &self.case.setting;
        let options = run.options(&self.case, worlds);
        let kept: Vec<detente::Column> = match &names {
            None => detente::columns(setting)
                .into_iter()
                .filter(|column| months || !column.monthly)
                .collect(),
            Some(names) => {
                let found = names.iter().map(|name| asked::entries(setting, name));
                let found: Vec<Vec<asked::Entry>> = found
                    .collect::<Result<_, _>>()
                    .map_err(|what| faults::bad_call(py, &what))?;
                found
                    .into_iter()
                    .flatten()
                    .map(|entry| entry.column)
                    .collect()
            }
        };
        let (first, end) = range.unwrap_or((0, worlds));
        let rows = end.saturating_sub(first);
        self.fits(py, Keeps::Rows, rows)?;
        let (weights, numbers, world) = computing(py, progress.as_ref(), |watched| {
            watched.expect(rows);
            let plan = Plan::new(&self.case);
            let mut numbers: Vec<Vec<f64>> =
                kept.iter().map(|_| Vec::with_capacity(rows)).collect();
            let (mut weights, mut world) = (Vec::new(), Vec::new());
            let mut first = first;
            while first < end && !detente::Progress::abandoned(watched) {
                let range = first..end.min(first + BLOCK);
                first = range.end;
                let drawn = (&plan, &self.overrides);
                let table =
                    detente::run_worlds_on_record(&self.case, drawn, options, range, watched);
                for row in table.rows() {
                    for (column, numbers) in kept.iter().zip(&mut numbers) {
                        numbers.push(row[column.place]);
                    }
                }
                weights.extend(table.weights());
                world.extend((0..table.worlds).map(|row| table.world(row).cast_signed()));
            }
            (weights, numbers, world)
        })?;
        let mut columns = vec![Column {
            name: "world".to_owned(),
            about: vec![("meaning", "which world the row is of".to_owned())],
            holds: Holds::Whole(world),
        }];
        if options.record {
            let weight = detente::weight_column(setting);
            columns.push(Column {
                about: vec![("unit", weight.unit.name().to_owned())],
                name: weight.name,
                holds: Holds::Numbers(weights),
            });
        }
        for (column, numbers) in kept.into_iter().zip(numbers) {
            let mut about = vec![("unit", column.unit.name().to_owned())];
            let meaning = asked::meaning(&column.quantity);
            about.extend(meaning.map(|meaning| ("meaning", meaning.to_owned())));
            columns.push(Column {
                name: column.name,
                about,
                holds: Holds::Numbers(numbers),
            });
        }
        Table::new(columns)
    }

    /// This case beside another on the same worlds, as JSON: the other first.
    fn compare(
        &self,
        py: Python<'_>,
        before: &Self,
        run: Run,
        worlds: usize,
        progress: Option<Bound<'_, PyAny>>,
    ) -> PyResult<String> {
        if self.expert.is_some() || before.expert.is_some() {
            return Err(faults::bad_call(
                py,
                "cases in which one expert is heard alone are not compared",
            ));
        }
        let same = self.written.texts == before.written.texts;
        let question = json!({
            "ask": "compare",
            "files": self.written.texts,
            "pinned_files": (!same).then_some(&before.written.texts),
            "state": self.state(&run),
            "pinned": before.state(&run),
            "worlds": worlds,
            "seed": run.seed,
        });
        let question = question.to_string();
        computing(py, progress.as_ref(), |watched| {
            watched.expect(2 * worlds);
            detente_live::answer(&question, watched)
        })
    }
}

/// An entry that was asked for: name, places, unit, mean, standard error, worlds.
type Answered = (String, Vec<String>, &'static str, f64, f64, usize);

/// What a report tells, in its inks.
#[pyclass(frozen, name = "Told", module = "detente._detente")]
pub(crate) struct Told {
    evidence: Evidence,
    stamp: Stamp,
    html: String,
    untold: String,
}

#[pymethods]
impl Told {
    /// The page, byte for byte as `detente report` writes it.
    #[getter]
    fn html(&self) -> &str {
        &self.html
    }

    /// Claims and anchors that it leaves untold, as warnings.
    #[getter]
    fn untold(&self) -> &str {
        &self.untold
    }

    /// The summary, byte for byte as `detente report --json` prints it.
    fn json(&self, py: Python<'_>) -> PyResult<String> {
        quickly(py, || {
            let json = report::json(&self.evidence, &self.stamp);
            Ok(detente::diag::visible_json(&json).into_owned())
        })
    }

    /// The summary in words.
    fn text(&self, py: Python<'_>) -> PyResult<String> {
        quickly(py, || {
            let text = report::terminal(&self.evidence, None);
            Ok(detente::diag::visible(&text).into_owned())
        })
    }

    /// Pieces of the page with their numbers, as the workbench has them.
    fn pieces(&self, py: Python<'_>) -> PyResult<String> {
        quickly(py, || {
            let told = detente::workbench::answer(&self.evidence).to_string();
            Ok(detente::diag::visible_json(&told).into_owned())
        })
    }

    /// A chapter of the page.
    fn chapter(&self, py: Python<'_>, id: &str) -> PyResult<String> {
        quickly(py, || {
            let told = detente::workbench::opened(&self.evidence, id);
            told.ok_or_else(|| faults::bad_call(py, &format!("the report has no chapter `{id}`")))
        })
    }
}
