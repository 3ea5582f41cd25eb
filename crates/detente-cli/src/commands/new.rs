//! `detente new`

use std::ffi::OsStr;
use std::path::Path;

use detente::{Template, new_case};
use detente_sheets::table::{blank_csv, blank_xlsx};
use detente_sheets::{Defaults, Kind, Table};

use crate::args::New;
use crate::failure::Failure;
use crate::{clock, output, render, sheet_file};

pub(crate) fn run(args: &New) -> Result<(), Failure> {
    if let Some(file) = &args.table {
        return blank(file);
    }
    let Some(folder) = args.folder.as_ref().or(args.output.as_ref()) else {
        return output::print(&list());
    };
    match &args.from {
        None => start(folder, args.like),
        Some(from) => match template(from) {
            Some(template) => start(folder, template),
            None => from_table(folder, from),
        },
    }
}

/// The template of this name.
fn template(name: &Path) -> Option<Template> {
    let name = name.to_str()?;
    Template::ALL.into_iter().find(|t| t.name() == name)
}

fn start(folder: &Path, like: Template) -> Result<(), Failure> {
    let text = new_case(like, &case_name(folder)?);
    let file = write(folder, &text)?;
    let shown = folder.display();
    output::print(&format!(
        "wrote {file}\ntry: detente report {}\n",
        output::quoted(&shown.to_string())
    ))
}

/// A case of a table of parties and issues.
fn from_table(folder: &Path, from: &Path) -> Result<(), Failure> {
    let ending = from.extension().and_then(OsStr::to_str);
    if ending.and_then(Kind::of_ending).is_none() && !from.exists() {
        let shown = from.display().to_string();
        let names = Template::ALL.map(Template::name);
        let near = detente::diag::nearest(&shown, names);
        let near = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
        return Err(Failure::BadInput(format!(
            "{shown} is neither a table (.xlsx, .csv) nor a template{near}"
        )));
    }
    let book = sheet_file::read(from)?;
    let now = clock::now();
    let defaults = Defaults {
        name: case_name(folder)?,
        as_of: clock::day(&now).to_owned(),
    };
    let table = Table::read(&book, &defaults).map_err(|faults| sheet_file::refuse(&faults))?;
    let text = table.case_text();
    // What a table makes has no errors: that it has none is seen before it is written.
    let checked = detente::check("case.toml", &text);
    let Some(case) = checked.case else {
        render::print(&checked.diagnostics, &checked.sources, true);
        return Err(Failure::Failed(
            "the table makes a case that cannot be run: this is a defect of detente; please report it".into(),
        ));
    };
    let file = write(folder, &text)?;
    for note in table.notes() {
        output::note(&format!("note: {note}"));
    }
    let setting = &case.setting;
    let shown = folder.display().to_string();
    let shown = output::quoted(&shown);
    output::print(&format!(
        "wrote {file}: {} parties, {} issues, {} packages; {} numbers stand as placeholders, since the table does not state them\ntry: detente report {shown} --quick\n",
        setting.parties.len(),
        setting.issues.len(),
        setting.packages.len(),
        table.unstated()
    ))
}

/// A table to fill.
fn blank(file: &Path) -> Result<(), Failure> {
    let bytes = match sheet_file::kind(file)? {
        Kind::Csv => blank_csv().into_bytes(),
        Kind::Xlsx => blank_xlsx().map_err(|error| output::failed(file, "made", &error))?,
    };
    output::write_new(file, &bytes)?;
    let shown = file.display().to_string();
    output::print(&format!(
        "wrote {shown}: fill it, then: detente new --from {} -o FOLDER\n",
        output::quoted(&shown)
    ))
}

/// Writes the text of a new case; gives the name of its file.
fn write(folder: &Path, text: &str) -> Result<String, Failure> {
    let file = folder.join("case.toml");
    output::write_new(&file, text.as_bytes())?;
    Ok(file.display().to_string())
}

/// The name of a case in a folder.
fn case_name(folder: &Path) -> Result<String, Failure> {
    let shown = folder.display();
    match folder.file_name().and_then(OsStr::to_str) {
        Some(name) => Ok(name.replace(['-', '_'], " ")),
        None => Err(Failure::BadInput(format!("{shown} is no name for a case"))),
    }
}

/// A line a template.
pub(crate) fn lines() -> String {
    let line = |t: Template| format!("{:13}{}\n", t.name(), t.says());
    Template::ALL.into_iter().map(line).collect()
}

fn list() -> String {
    let lines = lines();
    format!(
        "{lines}\nstart one with: detente new NAME --like TEMPLATE\nor from a table of parties and issues: detente new --table FILE.xlsx, then detente new --from FILE.xlsx -o NAME\n"
    )
}
