//! What a package is worth: preferences (U) and the stage that values a deal (D).

use crate::{LineStiffness, Setting, World};

/// What packages are worth to every type, in points: 0 and 100 are a type's least and greatest worth over all combinations
/// of options (Keeney & Raiffa 1976, additive form).
#[derive(Clone, Debug, Default)]
pub struct Preferences {
    options: usize,
    /// Points of option o to type t at `t * options + o`; a package is worth the sum over its options.
    points: Vec<f64>,
}

impl Preferences {
    /// Computes the points of a world. Allocates only when the shape grows.
    pub fn compute(&mut self, setting: &Setting, world: &World) {
        self.options = setting.option_count();
        self.points.clear();
        for numbers in &world.numbers.types {
            let mut spread = 0.0;
            let first = self.points.len();
            for (issue, weight) in setting.issues.iter().zip(&numbers.weights) {
                let values =
                    &numbers.values[issue.first_option..issue.first_option + issue.options.len()];
                let least = values.iter().copied().fold(f64::INFINITY, f64::min);
                let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                spread += weight * (most - least);
                self.points
                    .extend(values.iter().map(|v| weight * (v - least)));
            }
            let scale = if spread > 0.0 { 100.0 / spread } else { 0.0 };
            self.points[first..].iter_mut().for_each(|p| *p *= scale);
        }
    }

    /// Points of every option to type `t`, issue by issue.
    pub fn of_type(&self, t: usize) -> &[f64] {
        &self.points[t * self.options..(t + 1) * self.options]
    }

    /// U: what the package is worth to type `t`, soft red lines not counted.
    pub fn worth(&self, setting: &Setting, t: usize, package: &[u8]) -> f64 {
        let points = self.of_type(t);
        setting
            .issues
            .iter()
            .zip(package)
            .map(|(issue, o)| points[issue.first_option + *o as usize])
            .sum()
    }

    /// Points that the package costs type `t` by crossing its soft red lines.
    pub fn penalty(setting: &Setting, world: &World, t: usize, package: &[u8]) -> f64 {
        let numbers = setting.red_lines.iter().zip(&world.numbers.red_lines);
        numbers
            .filter(|(line, n)| {
                line.stiffness == LineStiffness::Soft && n.on > 0.0 && line.types.contains(&t)
            })
            .filter(|(line, _)| line.when.matches(package))
            .map(|(_, n)| n.penalty)
            .sum()
    }

    /// The first hard red line of type `t` that the package crosses.
    pub fn crossed(setting: &Setting, world: &World, t: usize, package: &[u8]) -> Option<usize> {
        let numbers = setting.red_lines.iter().zip(&world.numbers.red_lines);
        numbers.enumerate().find_map(|(i, (line, n))| {
            let drawn =
                line.stiffness == LineStiffness::Hard && n.on > 0.0 && line.types.contains(&t);
            (drawn && line.when.matches(package)).then_some(i)
        })
    }
}

/// The stage that turns what a deal is worth on paper (U) into what it is worth given what may follow it (D).
///
/// Lenses and no-deal models use D and never U.
pub trait DealValue: Sync {
    /// D of the package to type `t`, in points; `imposed` if it was dictated rather than agreed.
    fn worth(
        &self,
        setting: &Setting,
        world: &World,
        preferences: &Preferences,
        t: usize,
        package: &[u8],
        imposed: bool,
    ) -> f64;

    /// Is D, before soft red lines, the plain sum of the options' points? Exact searches without enumeration rest on it.
    fn is_additive(&self) -> bool;
}
