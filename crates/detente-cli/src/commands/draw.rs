//! `detente draw`

use crate::args::Draw;
use crate::failure::Failure;
use crate::{case_file, output};

pub(crate) fn run(args: &Draw) -> Result<(), Failure> {
    let opened = case_file::open(&args.case, false)?;
    let overrides = detente::overrides_of(&opened.case, &args.reading)
        .map_err(|bad| Failure::BadInput(bad.to_string()))?;
    let stream = args.sampler.stream(args.seed);
    let csv = detente::drawn_inputs(&opened.case, &overrides, stream, u64::from(args.worlds));
    match &args.output {
        None => output::print(&csv),
        Some(path) => output::write_file(path, &csv),
    }
}
