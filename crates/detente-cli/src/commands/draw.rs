//! `detente draw`

use std::ffi::OsStr;

use crate::args::Draw;
use crate::failure::Failure;
use crate::{case_file, output, parquet};

pub(crate) fn run(args: &Draw) -> Result<(), Failure> {
    let opened = case_file::open(&args.case, false)?;
    let case = case_file::heard(opened.case, args.expert.as_deref())?;
    let overrides = detente::overrides_of(&case, &args.reading)
        .map_err(|bad| Failure::BadInput(bad.to_string()))?;
    let stream = args.sampler.stream(args.seed);
    let drawn = detente::drawn_inputs(&case, &overrides, stream, u64::from(args.worlds));
    match &args.output {
        None => output::print(&drawn.csv()),
        Some(path) if path.extension() == Some(OsStr::new("parquet")) => {
            let columns: Vec<(&str, &[f64])> = drawn
                .paths
                .iter()
                .map(String::as_str)
                .zip(drawn.columns.iter().map(Vec::as_slice))
                .collect();
            output::write_file(path, &parquet::table(&columns)?)
        }
        Some(path) => output::write_file(path, drawn.csv().as_bytes()),
    }
}
