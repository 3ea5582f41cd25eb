//! What a command took: time, and memory where the system says so. Never part of a result, whose bytes depend on neither.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// Ticks a second in which Linux counts processor time to programs, on every architecture that Rust runs on.
const TICKS: f64 = 100.0;

/// What the process has taken since it was asked to watch.
pub(crate) struct Usage(Instant);

/// What it took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Taken {
    pub(crate) time: Duration,
    /// Processor time of all threads, in seconds, since the process began.
    pub(crate) processor: Option<f64>,
    /// The most memory held at once, in bytes.
    pub(crate) peak: Option<u64>,
}

impl Usage {
    pub(crate) fn watch() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn taken(&self) -> Taken {
        Taken {
            time: self.0.elapsed(),
            processor: processor_seconds(),
            peak: peak_memory(),
        }
    }
}

impl Taken {
    /// "took 34.2 s (61.0 s of processor time), at most 1240 MiB of memory"; of what the system does not say, nothing.
    pub(crate) fn words(&self) -> String {
        let mut said = format!("took {:.1} s", self.time.as_secs_f64());
        if let Some(seconds) = self.processor {
            let _ = write!(said, " ({seconds:.1} s of processor time)");
        }
        if let Some(peak) = self.peak {
            let _ = write!(said, ", at most {:.0} MiB of memory", mebibytes(peak));
        }
        said
    }
}

pub(crate) fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// The most memory that the process has held, in bytes, where the system says so (Linux).
pub(crate) fn peak_memory() -> Option<u64> {
    peak_in(&std::fs::read_to_string("/proc/self/status").ok()?)
}

fn peak_in(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// Processor time of all threads of the process, in seconds, where the system says so (Linux).
fn processor_seconds() -> Option<f64> {
    processor_in(&std::fs::read_to_string("/proc/self/stat").ok()?)
}

fn processor_in(stat: &str) -> Option<f64> {
    /// Of the fields that follow the name: time in the program, and in the system for it.
    const USER: usize = 11;
    // The name stands in brackets and may hold anything.
    let (_, after) = stat.rsplit_once(')')?;
    let ticks = after.split_whitespace().skip(USER).take(2);
    let ticks: Vec<f64> = ticks.map_while(|text| text.parse().ok()).collect();
    (ticks.len() == 2).then(|| ticks.iter().sum::<f64>() / TICKS)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Taken, peak_in, processor_in};

    #[test]
    fn what_linux_says_is_read() {
        assert_eq!(peak_in("Name:\tx\nVmHWM:\t    2048 kB\n"), Some(2 << 20));
        assert_eq!(peak_in("Name:\tx\n"), None);
        let stat = "12 (a) b) S 1 12 12 0 -1 4194304 100 0 0 0 150 50 0 0 20 0 1 0 5 6 7";
        assert_eq!(processor_in(stat), Some(2.0));
        assert_eq!(processor_in("12 (x) S 1"), None);
    }

    #[test]
    fn what_is_not_known_is_not_said() {
        let mut taken = Taken {
            time: Duration::from_millis(1250),
            processor: Some(2.0),
            peak: Some(3 << 20),
        };
        assert_eq!(
            taken.words(),
            "took 1.2 s (2.0 s of processor time), at most 3 MiB of memory"
        );
        (taken.processor, taken.peak) = (None, None);
        assert_eq!(taken.words(), "took 1.2 s");
    }
}
