//! Two runs side by side: what both tell, the difference, and its error.

use detente_case::{Differing, differing};
use detente_math::Mean;

use crate::{Evidence, PackageLine, difference};

/// What two runs say of the same things.
#[derive(Clone, Debug)]
pub struct Against {
    /// Months without a breakdown after which both count a deal as kept; `None` where they do not count alike, or one of the cases does not
    /// say what may follow a deal.
    pub kept_months: Option<usize>,
    /// Named packages that both have, those that the first run leads with first.
    pub packages: Vec<PackagesDiffer>,
    /// How many named packages each has alone.
    pub alone: [usize; 2],
    /// Whether any package will do, where both were searched.
    pub zone: Option<Differs>,
    /// Numbers that they do not draw alike.
    pub numbers: Vec<Differing>,
}

/// A named package in two runs.
#[derive(Clone, Copy, Debug)]
pub struct PackagesDiffer {
    /// Its place in the first and in the second.
    pub places: [usize; 2],
    /// What both lead with: signed and kept, or signed where they do not count alike what is kept.
    pub headline: Differs,
    /// Signed.
    pub agreed: Differs,
    /// In force.
    pub in_force: Differs,
}

/// A share in two runs.
#[derive(Clone, Copy, Debug)]
pub struct Differs {
    /// In the first.
    pub before: Mean,
    /// In the second.
    pub after: Mean,
    /// The second less the first, its error that of runs which share no draws.
    pub moved: Mean,
}

impl Differs {
    /// Standard errors from which on a difference is no noise.
    const CLEAR: f64 = 2.0;

    fn of(before: &Mean, after: &Mean) -> Self {
        Self {
            before: *before,
            after: *after,
            moved: difference(before, after),
        }
    }

    /// Is the difference more than noise?
    pub fn is_clear(&self) -> bool {
        self.moved.value.abs() > Self::CLEAR * self.moved.error
    }
}

impl Evidence {
    /// This run beside another.
    pub fn against(&self, other: &Self) -> Against {
        let place = |of: &Self, id: &str| of.setting.packages.iter().position(|p| p.id == id);
        let months = self.headline.kept_months;
        let kept_months = months.filter(|_| months == other.headline.kept_months);
        let headline = |line: &PackageLine| match kept_months {
            Some(_) => *line.headline(),
            None => line.agreed,
        };
        let pairs = self.by_headline().into_iter().filter_map(|p| {
            let q = place(other, &self.setting.packages[p].id)?;
            let (a, b) = (&self.packages()[p], &other.packages()[q]);
            Some(PackagesDiffer {
                places: [p, q],
                headline: Differs::of(&headline(a), &headline(b)),
                agreed: Differs::of(&a.agreed, &b.agreed),
                in_force: Differs::of(&a.in_force, &b.in_force),
            })
        });
        let packages: Vec<PackagesDiffer> = pairs.collect();
        let alone = [self, other].map(|of| of.setting.packages.len() - packages.len());
        Against {
            kept_months,
            packages,
            alone,
            zone: self
                .zone()
                .zip(other.zone())
                .map(|(a, b)| Differs::of(&a.open, &b.open)),
            numbers: differing(&self.inputs, &other.inputs),
        }
    }
}
