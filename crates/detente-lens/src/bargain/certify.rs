//! A check of a claimed frontier that does not know how it was found.
//!
//! It adds up every package of the claim from the table, looks for vectors that cover one another, and then looks for a
//! package that no claimed vector covers: among all packages where there are up to a million, else among packages drawn at
//! random, the neighbours of the claimed packages, and the best packages in random directions. Without the full list the
//! check is one-sided: a vector that is missing can stay unnoticed.

use super::{Bargain, Frontier};
use detente_math::philox4x32_10;

/// Packages that are all listed at most.
const LISTED: f64 = 1e6;
/// Packages drawn where there are more.
const DRAWN: u32 = 100_000;
/// Directions drawn where there are more.
const DIRECTIONS: u32 = 10_000;
/// Claims may differ from the table by this many tolerances: sums are rounded, and vectors closer than the tolerance are
/// told apart once from above and once from below.
const SLACK: f64 = 2.5;

/// What was looked at and found in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Every package was listed, so nothing can be missing.
    pub complete: bool,
    /// Packages looked at.
    pub packages: u64,
}

/// What is wrong with a claim.
#[derive(Clone, Debug, PartialEq)]
pub enum Flaw {
    /// The claim belongs to another table: its lengths differ, or a choice does not exist.
    Shape,
    /// The margins of this vector are not those of its package.
    Margins {
        /// Its place.
        at: usize,
    },
    /// The marks of this vector's package are not the required ones.
    Marks {
        /// Its place.
        at: usize,
    },
    /// A margin of this vector is below the floor.
    Floor {
        /// Its place.
        at: usize,
    },
    /// This vector is no better for any party than another one.
    Covered {
        /// Its place.
        at: usize,
        /// The other's.
        by: usize,
    },
    /// A package reaches the floor and no claimed vector covers it.
    Missing {
        /// The package.
        package: Vec<u32>,
    },
}

impl std::fmt::Display for Flaw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Shape => f.write_str("the claim belongs to another table"),
            Self::Margins { at } => {
                write!(f, "the margins of vector {at} are not those of its package")
            }
            Self::Marks { at } => {
                write!(
                    f,
                    "the marks of the package of vector {at} are not the required ones"
                )
            }
            Self::Floor { at } => write!(f, "a margin of vector {at} is below the floor"),
            Self::Covered { at, by } => {
                write!(f, "vector {at} is no better for any party than vector {by}")
            }
            Self::Missing { package } => {
                write!(
                    f,
                    "no vector covers package {package:?}, which reaches the floor"
                )
            }
        }
    }
}

impl std::error::Error for Flaw {}

/// Checks that a frontier is what it claims to be: the non-dominated vectors over packages with the required marks and
/// every margin at least the party's floor.
///
/// # Errors
///
/// The first [`Flaw`] found.
pub fn certify(bargain: &Bargain, floor: &[f64], claim: &Frontier) -> Result<Certificate, Flaw> {
    let mut check = Check {
        bargain,
        floor,
        claim,
        last: 0,
        packages: 0,
        margins: vec![0.0; bargain.parties()],
    };
    check.members()?;
    check.mutually()?;
    let complete = bargain.packages() <= LISTED;
    if complete {
        check.all()?;
    } else {
        check.some()?;
    }
    Ok(Certificate {
        complete,
        packages: check.packages,
    })
}

struct Check<'a> {
    bargain: &'a Bargain,
    floor: &'a [f64],
    claim: &'a Frontier,
    /// The vector that covered the last package, asked first.
    last: usize,
    packages: u64,
    margins: Vec<f64>,
}

impl Check<'_> {
    fn members(&mut self) -> Result<(), Flaw> {
        let (b, claim) = (self.bargain, self.claim);
        let whole = claim.parties == b.parties() && claim.groups == b.groups().len();
        let long = claim.margins.len() == claim.count * claim.parties
            && claim.packages.len() == claim.count * claim.groups;
        // An empty claim has no parties of its own to be wrong about.
        if !(whole && long
            || claim.margins.is_empty() && claim.packages.is_empty() && claim.count == 0)
        {
            return Err(Flaw::Shape);
        }
        for at in 0..claim.count {
            let package = claim.package(at);
            let exists = |(g, c): (&super::Group, &u32)| (*c as usize) < g.choices();
            if !b.groups().iter().zip(package).all(exists) {
                return Err(Flaw::Shape);
            }
            b.margins(package, &mut self.margins);
            for i in 0..b.parties() {
                let claimed = claim.margins(at)[i];
                // Not `>`: a margin that is NaN is wrong too.
                let right = (claimed - self.margins[i]).abs() <= b.tolerance(i);
                if !right {
                    return Err(Flaw::Margins { at });
                }
                if claimed < self.floor[i] - SLACK * b.tolerance(i) {
                    return Err(Flaw::Floor { at });
                }
            }
            if b.marks(package) != b.required() {
                return Err(Flaw::Marks { at });
            }
        }
        Ok(())
    }

    /// No claimed vector covers another.
    fn mutually(&self) -> Result<(), Flaw> {
        let claim = self.claim;
        // By the first margin, largest first: only vectors with no smaller a first margin can cover.
        let mut order: Vec<usize> = (0..claim.count).collect();
        order.sort_by(|&a, &b| claim.margins(b)[0].total_cmp(&claim.margins(a)[0]));
        for &at in &order {
            let least = claim.margins(at)[0] - self.bargain.tolerance(0);
            for &by in order.iter().take_while(|&&n| claim.margins(n)[0] >= least) {
                if at != by && self.covers(by, claim.margins(at), 0.5) {
                    return Err(Flaw::Covered { at, by });
                }
            }
        }
        Ok(())
    }

    fn covers(&self, by: usize, margins: &[f64], slack: f64) -> bool {
        let by = self.claim.margins(by).iter().zip(margins);
        by.enumerate()
            .all(|(i, (a, b))| *a >= b - slack * self.bargain.tolerance(i))
    }

    /// If the package counts, some claimed vector must cover it.
    fn one(&mut self, package: &[u32]) -> Result<(), Flaw> {
        self.packages += 1;
        let b = self.bargain;
        if b.marks(package) != b.required() {
            return Ok(());
        }
        let mut margins = std::mem::take(&mut self.margins);
        b.margins(package, &mut margins);
        let counts = margins.iter().zip(self.floor).all(|(m, f)| m >= f);
        let covered = !counts
            || (self.last < self.claim.count && self.covers(self.last, &margins, SLACK))
            || (0..self.claim.count)
                .find(|&n| self.covers(n, &margins, SLACK))
                .inspect(|&n| self.last = n)
                .is_some();
        self.margins = margins;
        if covered {
            Ok(())
        } else {
            Err(Flaw::Missing {
                package: package.to_vec(),
            })
        }
    }

    fn all(&mut self) -> Result<(), Flaw> {
        let groups = self.bargain.groups();
        let mut package = vec![0; groups.len()];
        loop {
            self.one(&package)?;
            // The next one, as an odometer turns.
            let Some(turns) = (0..groups.len())
                .rev()
                .find(|&g| (package[g] as usize) + 1 < groups[g].choices())
            else {
                return Ok(());
            };
            package[turns] += 1;
            package[turns + 1..].fill(0);
        }
    }

    fn some(&mut self) -> Result<(), Flaw> {
        let groups = self.bargain.groups();
        let mut package = vec![0; groups.len()];
        // Other choices cannot be part of a package that counts, and most draws would hold one.
        let required = self.bargain.required();
        let possible = |group: &super::Group| -> Vec<u32> {
            let marked = (0_u32..).zip(&group.marks);
            let fits = marked.filter(|(_, marks)| **marks & !required == 0);
            fits.map(|(c, _)| c).collect()
        };
        let possible: Vec<Vec<u32>> = groups.iter().map(possible).collect();
        if possible.iter().any(Vec::is_empty) {
            return Ok(());
        }
        for draw in 0..DRAWN {
            for ((place, choice), possible) in (0_u32..).zip(&mut package).zip(&possible) {
                *choice = possible[below(uniform(draw, place), possible.len())];
            }
            self.one(&package)?;
        }
        for at in 0..self.claim.count {
            package.copy_from_slice(self.claim.package(at));
            for g in 0..groups.len() {
                let own = package[g];
                for choice in (0..).take(groups[g].choices()) {
                    package[g] = choice;
                    self.one(&package)?;
                }
                package[g] = own;
            }
        }
        let parties = self.bargain.parties();
        let mut direction = vec![0.0; parties];
        for draw in 0..DIRECTIONS {
            for (i, (x, scale)) in (0_u32..).zip(direction.iter_mut().zip(self.bargain.scale())) {
                *x = -libm::log(uniform(DRAWN + draw, i)) / scale.max(f64::MIN_POSITIVE);
            }
            for (g, choice) in package.iter_mut().enumerate() {
                let worth = |c: u32| -> f64 {
                    let points = &groups[g].points[c as usize * parties..];
                    points.iter().zip(&direction).map(|(p, d)| p * d).sum()
                };
                let best = possible[g].iter().copied();
                let best = best.max_by(|&a, &b| worth(a).total_cmp(&worth(b)));
                *choice = best.expect("not empty");
            }
            self.one(&package)?;
        }
        Ok(())
    }
}

/// A number in (0, 1), keyed.
fn uniform(draw: u32, place: u32) -> f64 {
    let [bits, ..] = philox4x32_10([draw, place, 0, 0], [0x6672_6f6e, 0x7469_6572]);
    (f64::from(bits) + 0.5) / 4_294_967_296.0
}

/// A whole number below `count`.
fn below(uniform: f64, count: usize) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and count"
    )]
    let choice = (uniform * count as f64) as usize;
    choice
}
