//! `detente explain`

use crate::args::Explain;
use crate::failure::Failure;
use crate::{case_file, output};

pub(crate) fn run(args: &Explain) -> Result<(), Failure> {
    if let Some(path) = &args.case {
        return of_case(&args.topic, path);
    }
    match detente::explain(&args.topic) {
        Ok(page) => output::print(page.trim_end()).and_then(|()| output::print("\n")),
        Err(near) => {
            let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            let topic = &args.topic;
            Err(Failure::BadInput(format!(
                "`{topic}` is no code, lens, quantity or key{near}\nsee `detente list codes`, `detente list lenses`, `detente list quantities`"
            )))
        }
    }
}

fn of_case(topic: &str, path: &std::path::Path) -> Result<(), Failure> {
    let opened = case_file::open(path, false)?;
    match detente::explain_input(&opened.case, topic) {
        Ok(page) => output::print(&page),
        Err(near) => {
            let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            Err(Failure::BadInput(format!(
                "{} has no number `{topic}`{near}\nsee `detente list inputs {}`",
                path.display(),
                output::quoted(&path.display().to_string())
            )))
        }
    }
}
