//! What a run would take is looked at before it begins.

use detente::{Case, Keeps};

/// Bytes that a run may take on any machine.
const MOST: usize = 4 << 30;

/// Refuses so many worlds of a case at once if they would not fit.
///
/// # Errors
///
/// They would not: what they take, and how many would fit, in a sentence.
pub fn refuse_too_many(case: &Case, keeps: Keeps, worlds: usize) -> Result<(), String> {
    refuse_beyond(case, keeps, worlds, most())
}

/// Bytes that a command may take here.
pub fn most() -> usize {
    available().map_or(MOST, |bytes| bytes.min(MOST))
}

fn refuse_beyond(case: &Case, keeps: Keeps, worlds: usize, most: usize) -> Result<(), String> {
    let needed = detente::memory(case, keeps, worlds);
    if needed <= most {
        return Ok(());
    }
    let gibibytes = |bytes: usize| bytes as f64 / f64::from(1 << 30);
    let fit = detente::worlds_within(case, keeps, most);
    let what = match keeps {
        Keeps::Block => "a block of worlds".to_owned(),
        _ => format!("{worlds} worlds"),
    };
    let then = if fit == 0 || keeps == Keeps::Block {
        String::new()
    } else {
        format!("; at most {fit} worlds fit")
    };
    Err(format!(
        "{what} of this case would take about {:.1} GiB of memory, and {:.1} may be taken here{then}",
        gibibytes(needed),
        gibibytes(most),
    ))
}

/// Bytes that the process can still have, where the system says so (Linux): what is free, or what its own limit leaves.
fn available() -> Option<usize> {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let free = free_in(&read("/proc/meminfo"));
    let limit = limit_in(&read("/proc/self/limits"), &read("/proc/self/statm"));
    [free, limit].into_iter().flatten().min()
}

fn free_in(meminfo: &str) -> Option<usize> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kibibytes: usize = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes.saturating_mul(1024))
}

/// What the limit of the address space (`ulimit -v`) leaves.
fn limit_in(limits: &str, statm: &str) -> Option<usize> {
    const PAGE: usize = 4096;
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max address space"))?;
    let limit: usize = line.split_whitespace().next()?.parse().ok()?;
    let pages: usize = statm.split_whitespace().next()?.parse().ok()?;
    Some(limit.saturating_sub(pages.saturating_mul(PAGE)))
}

#[cfg(test)]
mod tests {
    use detente::{Keeps, Template};

    use super::{free_in, limit_in, refuse_beyond};

    #[test]
    fn what_the_system_says_is_read() {
        let meminfo = "MemTotal:       100 kB\nMemAvailable:        3 kB\n";
        assert_eq!(free_in(meminfo), Some(3072));
        assert_eq!(free_in(""), None);
        let limits =
            "Limit  Soft Limit  Hard Limit  Units\nMax address space  81920  unlimited  bytes\n";
        assert_eq!(limit_in(limits, "5 4 3"), Some(81_920 - 5 * 4096));
        let unlimited = limits.replace("81920", "unlimited");
        assert_eq!(limit_in(&unlimited, "5 4 3"), None);
    }

    #[test]
    fn a_refusal_says_how_many_fit_and_so_many_do() {
        let text = detente::new_case(Template::Example, "test");
        let case = detente::check("case.toml", &text).case.unwrap();
        for keeps in [Keeps::Rows, Keeps::Report, Keeps::Drawn] {
            let most = 256 << 20;
            let Err(said) = refuse_beyond(&case, keeps, usize::MAX, most) else {
                panic!("so many fit nowhere");
            };
            let fit = detente::worlds_within(&case, keeps, most);
            assert!(
                said.contains(&format!("at most {fit} worlds fit")),
                "{said}"
            );
            assert!(refuse_beyond(&case, keeps, fit, most).is_ok());
            assert!(refuse_beyond(&case, keeps, fit + 1, most).is_err());
        }
        assert!(refuse_beyond(&case, Keeps::Block, 1024, 0).is_err());
    }
}
