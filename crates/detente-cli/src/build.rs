//! Which build of detente this is: two builds of one version may compute other numbers.

use std::path::PathBuf;
use std::sync::LazyLock;

use crate::run_folder::of_file;

/// Worked out once: a merge asks for each of its folders.
static IDENTITY: LazyLock<Option<String>> = LazyLock::new(|| {
    // On Linux this is what runs, even if another build has taken its place since it was started.
    let running = PathBuf::from("/proc/self/exe");
    of_file(&running)
        .or_else(|failure| std::env::current_exe().map_or(Err(failure), |path| of_file(&path)))
        .ok()
});

/// SHA-256 of the program that runs, in hexadecimal, as other programs compute it from its file; `None` where the system does
/// not let it be read.
pub(crate) fn identity() -> Option<&'static str> {
    IDENTITY.as_deref()
}

/// Begins to work it out, beside whatever else is to be done first: it takes as long as opening a large case.
pub(crate) fn begin_identity() {
    std::thread::spawn(|| LazyLock::force(&IDENTITY));
}
