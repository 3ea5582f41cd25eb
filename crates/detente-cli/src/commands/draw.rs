//! `detente draw`

use std::ffi::OsStr;
use std::path::Path;

use crate::args::Draw;
use crate::failure::Failure;
use crate::output::{self, Place};
use crate::{case_file, parquet};

pub(crate) fn run(args: &Draw) -> Result<(), Failure> {
    let (opened, overrides) = case_file::open_to_draw(&args.drawing)?;
    let place = match &args.output {
        Some(path) if !ends(path, "csv") && !ends(path, "parquet") => {
            return Err(Failure::BadInput(format!(
                "{} should end in .csv or .parquet",
                path.display()
            )));
        }
        Some(path) => Some(Place::look(path, &opened.inputs())?),
        None => None,
    };
    let (case, stream) = (&opened.case, args.drawing.stream());
    let drawn = detente::drawn_inputs(case, &overrides, stream, u64::from(args.worlds));
    match place {
        None => output::print(&drawn.csv()),
        Some(place) if ends(place.named(), "parquet") => {
            let worlds: Vec<f64> = (0..args.worlds).map(f64::from).collect();
            let columns = drawn
                .paths
                .iter()
                .map(String::as_str)
                .zip(drawn.columns.iter().map(Vec::as_slice));
            let columns: Vec<(&str, &[f64])> = std::iter::once(("world", worlds.as_slice()))
                .chain(columns)
                .collect();
            place.write(&parquet::table(&columns)?)
        }
        Some(place) => place.write(drawn.csv().as_bytes()),
    }
}

fn ends(path: &Path, extension: &str) -> bool {
    let own = path.extension().and_then(OsStr::to_str);
    own.is_some_and(|own| own.eq_ignore_ascii_case(extension))
}
