//! `detente why`

use crate::args::Why;
use crate::failure::Failure;
use crate::{case_file, output};

pub(crate) fn run(args: &Why) -> Result<(), Failure> {
    let (opened, overrides) = case_file::open_to_draw(&args.drawing)?;
    let world = args.world.map(|index| (args.drawing.stream(), index));
    let text = detente::why(&opened.case, &overrides, &args.party, &args.package, world)
        .map_err(|no| Failure::BadInput(no.to_string()))?;
    if opened.case.has_record() {
        output::note("as the case has it before what is on record: types have their priors here");
    }
    output::print(&text)
}
