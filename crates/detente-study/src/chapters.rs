//! What each lens has to report of a run: a lens has a file here, which works it out, one of the same name in `detente-evidence`, which
//! holds it, and one in `detente-page`, which writes it up.

mod alternative;
mod beliefs;
mod durability;
mod leverage;
pub(crate) mod settlement;
mod stability;
mod talks;
mod veto;

use detente_case::{Case, Input, Overrides, Plan, RestingOn, Status};
use detente_core::Setting;
use detente_evidence::{Chapter, Chapters, Effort, Lack, RunOptions, Settlement};

use crate::missing::Parts;
use crate::run::{Progress, Table};
use crate::summarise::drawn::Drawn;

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
    /// Is told what is run for it besides.
    pub(crate) progress: &'a dyn Progress,
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

/// Works the chapters out one by one. What parties agree to was read off the table before, since others begin with what it leads with.
pub(crate) fn tell(study: &Study, parts: &Parts, settlement: Settlement) -> Chapters {
    Chapters {
        leverage: chapter(study, parts, "leverage", leverage::applies, |study| {
            Some(leverage::tell(study))
        }),
        beliefs: chapter(study, parts, "beliefs", beliefs::applies, beliefs::tell),
        veto: chapter(study, parts, "veto", veto::applies, |study| {
            Some(veto::tell(study))
        }),
        durability: chapter(study, parts, "durability", durability::applies, |study| {
            Some(durability::tell(study))
        }),
        stability: chapter(study, parts, "stability", stability::applies, |study| {
            Some(stability::tell(study))
        }),
        talks: if study.options.effort == Effort::Kept && talks::applies(study) {
            // Their examples, and what more room would make of them, are games that are played again.
            parts.lacks("talks", Lack::Kept);
            Chapter::Lacking(Lack::Kept)
        } else {
            chapter(study, parts, "talks", talks::applies, talks::tell)
        },
        // The two that every report has, by the anchors of their parts of the page.
        alternative: match parts.quick("no-deal", || whole(study, || alternative::tell(study))) {
            Some(Some(told)) => told.map_or(Chapter::Nothing, Chapter::Told),
            Some(None) => {
                parts.lacks("no-deal", Lack::Unkept);
                Chapter::Lacking(Lack::Unkept)
            }
            None => parts
                .lack("no-deal")
                .map_or(Chapter::Nothing, Chapter::Lacking),
        },
        settlement: Settlement {
            clouds: parts
                .quick("q1", || settlement::clouds(study.plan, study.overrides))
                .flatten(),
            ..settlement
        },
    }
}

/// One of them. Whether the case has something of its kind is asked before anything is worked out, so that nothing is said to be lacking
/// that would not have been there.
fn chapter<T>(
    study: &Study,
    parts: &Parts,
    lens: &'static str,
    applies: fn(&Study) -> bool,
    tell: fn(&Study) -> Option<T>,
) -> Chapter<T> {
    if parts.quick(lens, || applies(study)) == Some(false) {
        return Chapter::Nothing;
    }
    let told = parts.whole(lens, || whole(study, || tell(study)));
    if let Some(None) = told {
        parts.lacks(lens, Lack::Unkept);
    }
    match (told.flatten(), parts.lack(lens)) {
        (Some(Some(told)), _) => Chapter::Told(told),
        (_, Some(why)) => Chapter::Lacking(why),
        (_, None) => Chapter::Nothing,
    }
}

/// What is made of the columns of a run, unless it asked for some that are not kept.
fn whole<T>(study: &Study, make: impl FnOnce() -> T) -> Option<T> {
    // What others asked for is none of its.
    let _ = study.table.asked_in_vain();
    let made = make();
    (!study.table.asked_in_vain()).then_some(made)
}

#[cfg(test)]
mod tests {
    use detente_case::{Overrides, Plan};
    use detente_evidence::{Chapter, Lack, RunOptions};

    use super::{Study, chapter};
    use crate::missing::Parts;
    use crate::run::{Ignored, run};
    use crate::summarise::drawn::drawn;

    /// A chapter that panics is lacking, one that the case has nothing for is not, and the next one is told.
    #[test]
    fn a_chapter_that_panics_costs_itself_alone() {
        let text = include_str!("../../../cases/first-case/case.toml");
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
            progress: &Ignored,
        };
        let parts = Parts::new(&Ignored);
        let broken: Chapter<()> = chapter(&study, &parts, "veto", |_| true, |_| panic!("no lever"));
        assert!(matches!(broken, Chapter::Lacking(Lack::Defect(what)) if what == "no lever"));
        let absent: Chapter<()> =
            chapter(&study, &parts, "beliefs", |_| false, |_| panic!("asked"));
        assert!(matches!(absent, Chapter::Nothing));
        let told = chapter(&study, &parts, "durability", |_| true, |_| Some(7));
        assert!(matches!(told, Chapter::Told(7)));
        assert_eq!(parts.missing().len(), 1);
    }
}
