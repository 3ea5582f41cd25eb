//! `detente explain`

use crate::args::Explain;
use crate::failure::Failure;
use crate::output;

pub(crate) fn run(args: &Explain) -> Result<(), Failure> {
    match detente::explain(&args.topic) {
        Ok(page) => output::print(page.trim_end()).and_then(|()| output::print("\n")),
        Err(near) => {
            let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            let topic = &args.topic;
            Err(Failure::BadInput(format!(
                "`{topic}` is no code, lens or quantity{near}\nsee `detente list codes`, `detente list lenses`, `detente list quantities`"
            )))
        }
    }
}
