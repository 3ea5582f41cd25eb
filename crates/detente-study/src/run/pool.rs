//! How many threads work.

/// Threads at most: more of them than any machine has cores make nothing faster, and some systems hang making them.
pub const MOST_THREADS: usize = 1024;

/// Does work on so many threads, or on those that are at hand: on the threads of whoever called it from there, else on as many as the
/// machine has. All that the work starts in turn stays on them.
pub(crate) fn in_pool<R: Send>(threads: Option<usize>, work: impl FnOnce() -> R + Send) -> R {
    let pool = |n: usize| {
        let builder = rayon::ThreadPoolBuilder::new();
        builder.num_threads(n.min(MOST_THREADS)).build()
    };
    match threads.map(pool) {
        Some(Ok(pool)) => pool.install(work),
        // Without threads of our own the global ones do the same work.
        Some(Err(_)) | None => work(),
    }
}

/// Sets how many threads the machine is taken to have, no more than [`MOST_THREADS`]; without effect once threads have worked.
pub fn use_threads(wanted: usize) {
    let builder = rayon::ThreadPoolBuilder::new();
    // Whoever has made threads before keeps them.
    let _ = builder.num_threads(wanted.min(MOST_THREADS)).build_global();
}

#[cfg(test)]
mod tests {
    use super::{MOST_THREADS, in_pool};

    #[test]
    fn threads_are_no_more_than_the_cap() {
        assert_eq!(in_pool(Some(3), rayon::current_num_threads), 3);
        assert_eq!(
            in_pool(Some(usize::MAX), rayon::current_num_threads),
            MOST_THREADS
        );
    }
}
