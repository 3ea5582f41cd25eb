//! `detente why`

use crate::args::Why;
use crate::failure::Failure;
use crate::{case_file, output};

pub(crate) fn run(args: &Why) -> Result<(), Failure> {
    let opened = case_file::open(&args.case, false)?;
    let case = case_file::with_set(opened.case, &args.set)?;
    let overrides = detente::overrides_of(&case, &args.reading)
        .map_err(|bad| Failure::BadInput(bad.to_string()))?;
    let world = args
        .world
        .map(|index| (args.sampler.stream(args.seed), index));
    let text = detente::why(&case, &overrides, &args.party, &args.package, world)
        .map_err(|no| Failure::BadInput(no.to_string()))?;
    output::print(&text)
}
