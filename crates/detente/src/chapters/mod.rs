//! What each lens has to report of a run, as plain data: a lens with something to show has a file here, which works it out, and one in
//! `report/chapters`, which writes it up.

pub mod beliefs;
pub mod durability;
pub mod leverage;
pub mod stability;
pub mod veto;

use detente_case::{Case, Input, Overrides, Plan, RestingOn, Status};
use detente_core::Setting;

use crate::missing::{Lack, Parts};
use crate::run::{RunOptions, Table};
use crate::summary::drawn::Drawn;

/// What a chapter can look at.
pub(crate) struct Study<'a> {
    /// The case.
    pub(crate) case: &'a Case,
    /// What draws its worlds.
    pub(crate) plan: &'a Plan,
    /// The readings in force.
    pub(crate) overrides: &'a Overrides,
    /// How the run was made.
    pub(crate) options: RunOptions,
    /// The worlds of the run.
    pub(crate) table: &'a Table,
    /// Every number as the readings in force leave it.
    pub(crate) inputs: &'a [Input],
    /// What the worlds were drawn with.
    pub(crate) drawn: &'a Drawn,
    /// Named packages, those that the report leads with first.
    pub(crate) order: &'a [usize],
    /// The named package that it leads with, if any is told of.
    pub(crate) leading: Option<usize>,
}

impl Study<'_> {
    /// What the case is about.
    pub(crate) fn setting(&self) -> &Setting {
        &self.case.setting
    }

    /// Is it assumed, in the case or by what is put over it, how often a lever is pulled, instead of left to its wielder's incentive?
    pub(crate) fn assumes(&self, lever: usize) -> bool {
        let world = self.plan.world(&self.plan.medians(), self.overrides);
        world.fixed("leverage", "credibility", &[lever]).is_some()
            || !world.numbers.levers[lever].credibility.is_nan()
    }

    /// Mean over worlds of a number a type, a party's types weighed by their priors in each world; NaN where nothing was computed.
    pub(crate) fn over_types(&self, party: usize, number: impl Fn(usize) -> Vec<f64>) -> f64 {
        let mut sums = vec![0.0; self.table.worlds];
        for t in self.setting().parties[party].types.clone() {
            let worlds = number(t).into_iter().zip(&self.drawn.priors[t]);
            for (sum, (x, prior)) in sums.iter_mut().zip(worlds) {
                *sum += prior * x;
            }
        }
        let mean = self.table.mean_of(sums.iter().copied());
        if mean.n > 0 { mean.value } else { f64::NAN }
    }

    /// Of the numbers under a path that say something about the world: how many are placeholders, how many defaults, and how many there
    /// are, as the register counts them.
    pub(crate) fn resting_on(&self, under: &str) -> RestingOn {
        let about = |input: &&Input| {
            let below = input.path.strip_prefix(under);
            below.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                && input.status.is_claim()
                && input.is_listed()
        };
        let all = self.inputs.iter().filter(about);
        let of = |status| all.clone().filter(|i| i.status == status).count();
        RestingOn {
            claims: all.clone().count(),
            placeholders: of(Status::Placeholder),
            defaults: of(Status::Default),
        }
    }
}

/// What a lens has to report.
#[derive(Clone, Debug)]
pub enum Chapter<T> {
    /// The case has nothing of this kind.
    Nothing,
    /// It should be there and is not.
    Lacking(Lack),
    /// What was found.
    Told(T),
}

impl<T> Chapter<T> {
    fn is_present(&self) -> bool {
        !matches!(self, Chapter::Nothing)
    }
}

/// What lenses have to report, beside no deal and settlement, which every report has.
#[derive(Clone, Debug)]
pub struct Chapters {
    /// What threats and promises would do.
    pub leverage: Chapter<leverage::Leverage>,
    /// Who misreads whom.
    pub beliefs: Chapter<beliefs::Beliefs>,
    /// If some settle over another's head.
    pub veto: Chapter<veto::Veto>,
    /// Would the peace last?
    pub durability: Chapter<durability::Durability>,
    /// Would anybody leave a package once it is signed?
    pub stability: Chapter<stability::Stability>,
}

impl Chapters {
    /// The lenses whose chapter is there or should be, in the order of the page.
    pub fn present(&self) -> Vec<&'static str> {
        let present = self.all().into_iter().filter(|(_, present)| *present);
        present.map(|(lens, _)| lens).collect()
    }

    /// Does the case hold nothing that this lens could have reported?
    pub fn has_nothing_for(&self, lens: &str) -> bool {
        let mut all = self.all().into_iter();
        all.any(|(id, present)| id == lens && !present)
    }

    fn all(&self) -> [(&'static str, bool); 5] {
        [
            ("leverage", self.leverage.is_present()),
            ("beliefs", self.beliefs.is_present()),
            ("veto", self.veto.is_present()),
            ("durability", self.durability.is_present()),
            ("stability", self.stability.is_present()),
        ]
    }

    /// Works them out one by one.
    pub(crate) fn tell(study: &Study, parts: &Parts) -> Self {
        Self {
            leverage: tell(study, parts, "leverage", leverage::applies, |study| {
                Some(leverage::tell(study))
            }),
            beliefs: tell(study, parts, "beliefs", beliefs::applies, beliefs::tell),
            veto: tell(study, parts, "veto", veto::applies, |study| {
                Some(veto::tell(study))
            }),
            durability: tell(study, parts, "durability", durability::applies, |study| {
                Some(durability::tell(study))
            }),
            stability: tell(study, parts, "stability", stability::applies, |study| {
                Some(stability::tell(study))
            }),
        }
    }
}

/// One of them. Whether the case has something of its kind is asked before anything is worked out, so that nothing is said to be lacking
/// that would not have been there.
fn tell<T>(
    study: &Study,
    parts: &Parts,
    lens: &'static str,
    applies: fn(&Study) -> bool,
    tell: fn(&Study) -> Option<T>,
) -> Chapter<T> {
    if parts.quick(lens, || applies(study)) == Some(false) {
        return Chapter::Nothing;
    }
    match (parts.whole(lens, || tell(study)), parts.lack(lens)) {
        (Some(Some(told)), _) => Chapter::Told(told),
        (_, Some(why)) => Chapter::Lacking(why),
        (_, None) => Chapter::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use detente_case::{Overrides, Plan};

    use super::{Chapter, Study, tell};
    use crate::missing::{Lack, Parts};
    use crate::run::{Ignored, RunOptions, run};
    use crate::summary::drawn::drawn;

    /// A chapter that panics is lacking, one that the case has nothing for is not, and the next one is told.
    #[test]
    fn a_chapter_that_panics_costs_itself_alone() {
        let text = include_str!("../../../../cases/first-case/case.toml");
        let case = crate::check("case.toml", text).case.unwrap();
        let plan = Plan::new(&case);
        let options = RunOptions {
            worlds: 4,
            searches: 0,
            ..RunOptions::default()
        };
        let none = Overrides::default();
        let table = run(&plan, &none, options, &Ignored);
        let drawn = drawn(&plan, &none, options, &table);
        let study = Study {
            case: &case,
            plan: &plan,
            overrides: &none,
            options,
            table: &table,
            inputs: &case.inputs,
            drawn: &drawn,
            order: &[0],
            leading: Some(0),
        };
        let parts = Parts::new(&Ignored);
        let broken: Chapter<()> = tell(&study, &parts, "veto", |_| true, |_| panic!("no lever"));
        assert!(matches!(broken, Chapter::Lacking(Lack::Defect(what)) if what == "no lever"));
        let absent: Chapter<()> = tell(&study, &parts, "beliefs", |_| false, |_| panic!("asked"));
        assert!(matches!(absent, Chapter::Nothing));
        let told = tell(&study, &parts, "durability", |_| true, |_| Some(7));
        assert!(matches!(told, Chapter::Told(7)));
        assert_eq!(parts.missing().len(), 1);
    }
}
