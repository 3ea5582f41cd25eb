//! `detente new`

use detente::{Template, new_case};

use crate::args::{From, New};
use crate::failure::Failure;
use crate::output;

pub(crate) fn run(args: &New) -> Result<(), Failure> {
    let shown = args.folder.display();
    let Some(name) = args.folder.file_name().and_then(std::ffi::OsStr::to_str) else {
        return Err(Failure::BadInput(format!("{shown} is no name for a case")));
    };
    let file = args.folder.join("case.toml");
    let template = match args.from {
        From::Blank => Template::Blank,
        From::Example => Template::Example,
    };
    let text = new_case(template, &name.replace(['-', '_'], " "));
    output::write_new(&file, text.as_bytes())?;
    output::print(&format!(
        "wrote {}\ntry: detente report {}\n",
        file.display(),
        output::quoted(&shown.to_string())
    ))
}
