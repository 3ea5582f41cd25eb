//! `detente draw`

use std::ffi::OsStr;
use std::path::Path;

use crate::args::Draw;
use crate::failure::Failure;
use crate::{case_file, output, parquet};

pub(crate) fn run(args: &Draw) -> Result<(), Failure> {
    let (opened, overrides) = case_file::open_to_draw(&args.drawing)?;
    let (case, stream) = (&opened.case, args.drawing.stream());
    let drawn = detente::drawn_inputs(case, &overrides, stream, u64::from(args.worlds));
    match &args.output {
        None => output::print(&drawn.csv()),
        Some(path) if ends(path, "parquet") => {
            let worlds: Vec<f64> = (0..args.worlds).map(f64::from).collect();
            let columns = drawn
                .paths
                .iter()
                .map(String::as_str)
                .zip(drawn.columns.iter().map(Vec::as_slice));
            let columns: Vec<(&str, &[f64])> = std::iter::once(("world", worlds.as_slice()))
                .chain(columns)
                .collect();
            output::write_file(path, &parquet::table(&columns)?)
        }
        Some(path) if ends(path, "csv") => output::write_file(path, drawn.csv().as_bytes()),
        Some(path) => Err(Failure::BadInput(format!(
            "{} should end in .csv or .parquet",
            path.display()
        ))),
    }
}

fn ends(path: &Path, extension: &str) -> bool {
    let own = path.extension().and_then(OsStr::to_str);
    own.is_some_and(|own| own.eq_ignore_ascii_case(extension))
}
