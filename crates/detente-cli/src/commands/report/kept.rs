//! Reports of runs that are kept: their worlds are read, not run.

use std::path::{Path, PathBuf};

use detente::{
    Certified, Counts, Effort, Keeps, KeptRun, Plan, RunOptions, Silence, Table, VERSION, columns,
    report,
};
use serde_json::Value;

use crate::args::{Drawing, Sampler};
use crate::case_file::{self, Opened};
use crate::failure::Failure;
use crate::run_folder::{Whole, in_words};
use crate::{build, memory, output};

/// A run that is kept, with its case as it was in force.
pub(in crate::commands) struct Kept {
    pub(in crate::commands) opened: Opened,
    /// What was drawn.
    pub(in crate::commands) drawing: Drawing,
    pub(in crate::commands) options: RunOptions,
    whole: Whole,
}

/// Opens the folder of a run of which a report can be made.
pub(in crate::commands) fn open(folder: &Path, threads: Option<usize>) -> Result<Kept, Failure> {
    let whole = Whole::open(folder)?;
    let refuse = |why: String| Err(Failure::BadInput(format!("{} {why}", folder.display())));
    let result = whole.result();
    let worlds = whole.worlds();
    if result["detente"] != VERSION {
        let version = in_words(&result["detente"]);
        return refuse(format!(
            "holds a run of detente {version}, and this is {VERSION}: the version that ran it can say what it tells"
        ));
    }
    if worlds.start != 0 {
        return refuse(format!(
            "holds the worlds {} to {} of a whole: merge it with those before it (`detente merge`)",
            worlds.start,
            worlds.end - 1
        ));
    }
    if let Some(only) = result.get("only") {
        return refuse(format!(
            "keeps {} alone (--only), and a report takes all columns",
            in_words(only)
        ));
    }
    if result["record"] == true {
        return refuse(
            "is of worlds that are weighed by what is on record: its table says what each counts, not what was learned of types in it, \
             which a report goes by; run the case with --prior, or make the report of the case"
                .to_owned(),
        );
    }
    if *whole.manifest.build() != build::identity().map_or(Value::Null, Value::from) {
        output::note(&format!(
            "note: another build of detente {VERSION} ran {}",
            folder.display()
        ));
    }
    let drawing = drawing(folder, result);
    let (mut opened, _) = case_file::open_to_draw(&drawing)?;
    if result["case"]["sha256"] != report::hash(&opened.texts) {
        return refuse(
            "is not as it was written: the texts in its case/ are not those that were run"
                .to_owned(),
        );
    }
    opened.name = name_of(folder);
    let searches = number(&result["searches"]).min(worlds.end);
    let options = RunOptions {
        stream: drawing.stream(),
        worlds: worlds.end,
        searches,
        solutions: number(&result["solutions"]).min(worlds.end),
        talks: detente::TALKS_PLAYED,
        talks_whole: detente::TALKS_WHOLE,
        threads,
        effort: Effort::Kept,
        record: false,
    };
    memory::refuse_too_many(&opened.case, Keeps::Report, options.worlds)?;
    Ok(Kept {
        opened,
        drawing,
        options,
        whole,
    })
}

impl Kept {
    /// Reads its rows, a group at a time.
    pub(in crate::commands) fn read(&self) -> Result<KeptRun, Failure> {
        let (table, result) = (&self.whole.table, self.whole.result());
        let unreadable =
            |error: &dyn std::fmt::Display| output::failed(&self.whole.path, "read", error);
        let known = columns(&self.opened.case.setting);
        let names = table.names();
        let place = |name: &String| known.iter().find(|column| column.name == *name);
        let places: Option<Vec<usize>> = names.iter().map(|n| place(n).map(|c| c.place)).collect();
        let Some(places) = places else {
            return Err(unreadable(&"it has columns that this build does not know"));
        };
        let plan = Plan::new(&self.opened.case);
        let mut rows = Table::kept(&plan, self.options, &places, silences(result));
        for group in 0..table.groups() {
            let columns = (0..names.len()).map(|column| table.part(group, column));
            let columns = columns.collect::<Result<Vec<_>, _>>();
            let columns = columns.map_err(|error| unreadable(&error))?;
            rows.give(&places, &columns, self.options);
        }
        let certificates = &result["certificates"];
        let listed = |field: &str| {
            let list = certificates[field].as_array().into_iter().flatten();
            list.filter_map(|what| what.as_str().map(str::to_owned))
                .collect()
        };
        Ok(KeptRun {
            table: rows,
            certified: Certified {
                held: number(&certificates["held"]),
                unfinished: listed("unfinished"),
                faults: listed("faults"),
                ..Certified::default()
            },
        })
    }
}

/// What a run was drawn from: the texts that it keeps, under its conditions.
fn drawing(folder: &Path, result: &Value) -> Drawing {
    let texts = |value: &Value| -> Vec<String> {
        let list = value.as_array().into_iter().flatten();
        list.filter_map(|text| text.as_str().map(str::to_owned))
            .collect()
    };
    let case = folder.join("case");
    let main = result["case"]["files"][0].as_str().unwrap_or_default();
    let set = result["set"].as_object().into_iter().flatten();
    let set = set.map(|(path, value)| format!("{path}={}", value.as_str().unwrap_or_default()));
    Drawing {
        // A case in one file has the name that it had.
        case: if main == "case.toml" {
            case
        } else {
            case.join(main)
        },
        reading: texts(&result["readings"]),
        set: set.collect(),
        expert: result["expert"].as_str().map(str::to_owned),
        seed: result["seed"].as_u64().unwrap_or(1),
        sampler: if result["sampler"] == Sampler::Pseudo.name() {
            Sampler::Pseudo
        } else {
            Sampler::Quasi
        },
    }
}

fn silences(result: &Value) -> Counts {
    let listed = result["silences"].as_array().into_iter().flatten();
    let count = |silence: &Value| {
        let text = |field: &str| silence[field].as_str();
        // A few names, held as long as the program runs.
        let lens: &'static str = Box::leak(text("lens")?.to_owned().into_boxed_str());
        let why = Silence::kept(text("kind")?, text("why")?)?;
        Some(((lens, why), number(&silence["worlds"])))
    };
    listed.filter_map(count).collect()
}

fn number(value: &Value) -> usize {
    value
        .as_u64()
        .and_then(|n| usize::try_from(n).ok())
        .unwrap_or(0)
}

/// What to call the report of a run: as its folder is called.
fn name_of(folder: &Path) -> String {
    let absolute: PathBuf = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let name = absolute.file_name().and_then(std::ffi::OsStr::to_str);
    name.unwrap_or("run").to_owned()
}
