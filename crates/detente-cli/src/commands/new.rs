//! `detente new`

use std::path::Path;

use detente::{Template, new_case};

use crate::args::New;
use crate::failure::Failure;
use crate::output;

pub(crate) fn run(args: &New) -> Result<(), Failure> {
    match &args.folder {
        Some(folder) => start(folder, args.like),
        None => output::print(&list()),
    }
}

fn start(folder: &Path, like: Template) -> Result<(), Failure> {
    let shown = folder.display();
    let Some(name) = folder.file_name().and_then(std::ffi::OsStr::to_str) else {
        return Err(Failure::BadInput(format!("{shown} is no name for a case")));
    };
    let file = folder.join("case.toml");
    let text = new_case(like, &name.replace(['-', '_'], " "));
    output::write_new(&file, text.as_bytes())?;
    output::print(&format!(
        "wrote {}\ntry: detente report {}\n",
        file.display(),
        output::quoted(&shown.to_string())
    ))
}

/// A line a template.
pub(crate) fn lines() -> String {
    let line = |t: Template| format!("{:13}{}\n", t.name(), t.says());
    Template::ALL.into_iter().map(line).collect()
}

fn list() -> String {
    let lines = lines();
    format!("{lines}\nstart one with: detente new NAME --like TEMPLATE\n")
}
