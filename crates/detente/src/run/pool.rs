//! How many threads work.

/// Does work on so many threads, or on those that are at hand: on the threads of whoever called it from there, else on as many as the
/// machine has. All that the work starts in turn stays on them.
pub(crate) fn in_pool<R: Send>(threads: Option<usize>, work: impl FnOnce() -> R + Send) -> R {
    match threads.map(|n| rayon::ThreadPoolBuilder::new().num_threads(n).build()) {
        Some(Ok(pool)) => pool.install(work),
        // Without threads of our own the global ones do the same work.
        Some(Err(_)) | None => work(),
    }
}
