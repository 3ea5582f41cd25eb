//! Which build of detente this is: two builds of one version may compute other numbers.

use std::path::PathBuf;

use crate::run_folder::of_file;

/// SHA-256 of the program that runs, in hexadecimal, as other programs compute it from its file; `None` where the system does
/// not let it be read.
pub(crate) fn identity() -> Option<String> {
    // On Linux this is what runs, even if another build has taken its place since it was started.
    let running = PathBuf::from("/proc/self/exe");
    of_file(&running)
        .or_else(|failure| std::env::current_exe().map_or(Err(failure), |path| of_file(&path)))
        .ok()
}
