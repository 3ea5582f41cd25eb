//! Where claims are tested: the worlds of a run, and the same worlds with what claims set.

use std::borrow::Cow;
use std::ops::Range;

use detente_case::{
    Case, Condition, Facts, ForSets, InputId, Overrides, Plan, Predicate, QuantityEntry, Rules,
    ShareTest, Uniforms,
};
use detente_core::talks::PLAYED_BESIDE;
use detente_core::{Fixed, Search, Trigger};
use detente_evidence::{ClaimShare, RunOptions, solutions_of};
use detente_math::Distribution;

use crate::run::{BESIDE_ERROR, FIRST_BESIDE, Picks, Progress, Scope, Table, enough};
use crate::runs::{Ask, Kept, Runs};

/// The worlds of a run. What becomes of them under interventions is kept by [`Runs`].
pub(crate) struct Court<'a> {
    pub(crate) case: &'a Case,
    pub(super) plan: &'a Plan,
    /// What the run's readings put over the case.
    pub(super) overrides: Overrides,
    pub(super) options: RunOptions,
    table: Cow<'a, Table>,
    /// On how many worlds claims that intervene are tested.
    intervened: Intervened,
    /// What no intervention may break.
    rules: Rules<'a>,
}

/// On how many worlds claims that intervene are tested.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Intervened {
    /// On this fraction of those of the run.
    Part(usize),
    /// On as many, up to 512, as it takes until the error of a claim's share is at [`BESIDE_ERROR`].
    Settled,
    /// On none: nothing is told of them.
    Never,
}

/// Worlds that a claim is tested on: those of the run, or what was kept of an intervention's.
#[derive(Clone, Copy)]
enum Worlds<'a> {
    Run(&'a Table),
    Tried(&'a Kept),
}

impl Worlds<'_> {
    fn count(self) -> usize {
        match self {
            Worlds::Run(table) => table.worlds,
            Worlds::Tried(kept) => kept.worlds,
        }
    }
}

/// The worlds of an intervention, all that was put over the case, and whether a world can have it.
struct Tried<'a> {
    worlds: Worlds<'a>,
    overrides: Overrides,
    stands: bool,
}

/// What became of a claim.
pub(crate) struct Heard {
    pub(crate) share: ClaimShare,
    /// World by world: 1 or 0, NaN where it could not be told or its condition was not met.
    pub(crate) verdicts: Vec<f64>,
}

impl<'a> Court<'a> {
    /// A court over worlds that have been run.
    pub(crate) fn new(
        (case, plan): (&'a Case, &'a Plan),
        overrides: Overrides,
        options: RunOptions,
        table: Cow<'a, Table>,
        intervened: Intervened,
    ) -> Self {
        Self {
            case,
            plan,
            overrides,
            options,
            table,
            intervened,
            rules: Rules::of(case),
        }
    }

    /// Which worlds stand in the rows of its run.
    pub(super) fn picks(&self) -> Option<&Picks> {
        self.table.picks()
    }

    /// Verdicts of its worlds, increasing, those that tell nothing left out; where worlds do not count alike, as many that do.
    pub(super) fn sorted(&self, verdicts: &[f64]) -> Vec<f64> {
        self.table.sorted_of(verdicts.iter().copied())
    }

    /// Says what will be heard, so that claims that set the same things share worlds that are searched far enough for all.
    pub(crate) fn expect<'t>(&self, runs: &mut Runs, tests: impl Iterator<Item = &'t ShareTest>) {
        for test in tests {
            let (search, scope) = (self.searches(test), scope_of(self.case, test));
            for intervention in interventions(self.case, test) {
                if intervention != Overrides::default() {
                    runs.expect(&Ask {
                        overrides: self.overrides.under(&intervention),
                        search,
                        scope: scope.clone(),
                    });
                }
            }
        }
    }

    /// Tests a claim.
    pub(crate) fn hear(&self, runs: &mut Runs, test: &ShareTest, progress: &dyn Progress) -> Heard {
        self.expect(runs, std::iter::once(test));
        let wanted = interventions(self.case, test);
        let none = Overrides::default();
        let intervenes = wanted.iter().any(|intervention| *intervention != none);
        let told = self.told(self.searches(test), intervenes);
        let [first, most] = self.ladder().map(|worlds| worlds.min(told));
        let mut worlds = first;
        loop {
            for intervention in &wanted {
                self.try_out(runs, intervention, worlds, progress);
            }
            let heard = self.judge_all(runs, (test, told), &wanted);
            let (more, error) = (intervenes && worlds < most, heard.share.holds.error);
            if !more || error <= BESIDE_ERROR || progress.stopped() {
                return heard;
            }
            // Nothing told has no error that could be brought down.
            let error = if error.is_nan() { f64::INFINITY } else { error };
            worlds = enough(worlds, error, BESIDE_ERROR, most);
        }
    }

    /// The fewest and the most worlds that claims that intervene are tested on.
    fn ladder(&self) -> [usize; 2] {
        let all = self.options.worlds;
        match self.intervened {
            Intervened::Part(part) => [all.div_ceil(part); 2],
            // Where twice as many do not bring the error down to the aim, it is printed as it is.
            Intervened::Settled => [FIRST_BESIDE, 4 * FIRST_BESIDE].map(|n| n.min(all)),
            Intervened::Never => [0, 0],
        }
    }

    /// Is this claim heard here at all?
    pub(super) fn hears(&self, test: &ShareTest) -> bool {
        (self.tries() || only_looks(self.case, test)) && self.keeps(test)
    }

    /// Are worlds run here to see what becomes of something?
    pub(super) fn tries(&self) -> bool {
        !matches!(self.intervened, Intervened::Never)
    }

    /// Does the table have all columns that a test looks at?
    fn keeps(&self, test: &ShareTest) -> bool {
        let columns = scope_of(self.case, test).columns(&self.table.layout);
        columns.into_iter().all(|column| self.table.keeps(column))
    }

    fn judge_all(&self, runs: &Runs, test: (&ShareTest, usize), wanted: &[Overrides]) -> Heard {
        let none = Overrides::default();
        let tried: Vec<Tried> = wanted
            .iter()
            .map(|intervention| {
                let overrides = self.overrides.under(intervention);
                let stands = self.stands(intervention);
                let worlds = match runs.of(&overrides) {
                    Some(kept) if *intervention != none => Worlds::Tried(kept),
                    _ => Worlds::Run(&self.table),
                };
                Tried {
                    worlds,
                    overrides,
                    stands,
                }
            })
            .collect();
        self.judge(test, &tried)
    }

    /// Runs so many worlds of an intervention, less those that it has had.
    fn try_out(
        &self,
        runs: &mut Runs,
        intervention: &Overrides,
        worlds: usize,
        progress: &dyn Progress,
    ) {
        if *intervention == Overrides::default() || !self.stands(intervention) {
            return;
        }
        let all = self.overrides.under(intervention);
        let options = RunOptions {
            talks: self.options.talks.min(PLAYED_BESIDE),
            talks_whole: 0,
            ..self.options
        };
        let searched = (options, self.searched());
        let rows = (worlds, self.table.picks());
        runs.run(self.plan, &all, searched, rows, progress);
    }

    /// How many worlds, the first ones, can tell of what takes such a search. Some that are not searched so far may tell of it too, but
    /// only where it comes out one way: to count them would lean to that side.
    fn told(&self, search: Search, intervenes: bool) -> usize {
        let searched = if intervenes {
            let searched = self.searched();
            [searched, solutions_of(searched)]
        } else {
            [self.table.searches, self.options.solutions]
        };
        match search {
            Search::None => usize::MAX,
            Search::Zone => searched[0],
            // Where the run sought solutions in all that it searched, it does not show whether they are needed.
            Search::Solutions if self.options.solutions >= self.table.searches => searched[0],
            Search::Solutions => searched[1],
        }
    }

    /// How many worlds of an intervention are searched, where a search is asked for.
    fn searched(&self) -> usize {
        let part = match self.intervened {
            Intervened::Part(part) => part,
            // A run that stops by error searches few worlds itself: half of them leave a share of these an error to speak of.
            Intervened::Settled | Intervened::Never => 2,
        };
        self.options.searches.div_ceil(part)
    }

    /// Can a world have what an intervention sets, over what is in force? Where it cannot, nothing is told.
    fn stands(&self, intervention: &Overrides) -> bool {
        let all = self.overrides.under(intervention);
        self.rules.stand(&Condition::of(&all))
    }

    /// How far packages must be searched for a test: as far as in the least searched worlds of the run that tell each of its entries.
    pub(super) fn searches(&self, test: &ShareTest) -> Search {
        let table = &*self.table;
        let solutions = self.options.solutions.min(table.searches);
        let of_entry = |entry: &QuantityEntry| {
            let layout = &table.layout;
            let column = layout.column_of(entry.lens, entry.quantity, &entry.index);
            let told_in =
                |mut worlds: Range<usize>| worlds.any(|row| !table.at(row, column).is_nan());
            if told_in(table.searches..table.worlds) {
                Search::None
            } else if told_in(solutions..table.searches) {
                Search::Zone
            } else if told_in(0..solutions) {
                Search::Solutions
            } else {
                // No search tells it.
                Search::None
            }
        };
        let predicates = std::iter::once(&test.holds_when).chain(&test.given);
        let entries = predicates.flat_map(Predicate::quantities);
        entries.map(of_entry).max().unwrap_or(Search::None)
    }

    /// Judges a test in the first worlds, at most so many.
    fn judge(&self, (test, most): (&ShareTest, usize), runs: &[Tried]) -> Heard {
        let worlds = runs.iter().map(|run| run.worlds.count()).min();
        let worlds = worlds.unwrap_or(0).min(most);
        let drawn = self.drawn(test, runs, worlds);
        let (mut given, mut all, mut untold) = (0.0, 0.0, 0);
        let mut verdicts = Vec::with_capacity(worlds);
        let mut by_set = Vec::with_capacity(runs.len());
        for i in 0..worlds.min(self.table.worlds) {
            let facts = |r: usize| World {
                table: &self.table,
                tried: match runs[r].worlds {
                    Worlds::Run(_) => None,
                    Worlds::Tried(kept) => Some((kept, i)),
                },
                drawn: &drawn,
                plan: self.plan,
                overrides: [&self.overrides, &runs[r].overrides],
                place: (i, r),
            };
            // A condition that cannot be told leaves the claim untold.
            let met = match &test.given {
                None => Some(true),
                Some(given) if runs[0].stands => given.holds(&facts(0)),
                Some(_) => None,
            };
            let weight = self.table.weight(i);
            all += weight;
            given += if met == Some(true) { weight } else { 0.0 };
            let told = match met {
                Some(true) => {
                    by_set.clear();
                    let told = |r: usize| runs[r].stands.then(|| test.holds_when.holds(&facts(r)));
                    by_set.extend((0..runs.len()).map(|r| told(r).flatten()));
                    match &test.over {
                        Some(over) => over.sets.holds(&by_set),
                        None => ForSets::Every.holds(&by_set),
                    }
                }
                Some(false) => {
                    verdicts.push(f64::NAN);
                    continue;
                }
                None => None,
            };
            untold += usize::from(told.is_none());
            verdicts.push(told.map_or(f64::NAN, |holds| f64::from(u8::from(holds))));
        }
        let share = ClaimShare {
            holds: self.table.mean_of(verdicts.iter().copied()),
            given: if all > 0.0 { given / all } else { 0.0 },
            untold,
            worlds,
        };
        Heard { share, verdicts }
    }
}

impl Court<'_> {
    /// Draws what a test speaks of in the first worlds, under what was put over the run and over each of its interventions.
    fn drawn(&self, test: &ShareTest, runs: &[Tried], worlds: usize) -> Drawn {
        let predicates = std::iter::once(&test.holds_when).chain(&test.given);
        let inputs: Vec<InputId> = predicates.flat_map(Predicate::inputs).collect();
        let mut cells = Vec::new();
        let mut uniforms = Uniforms::default();
        // Drawing the inputs again costs more than reading a row.
        for i in (0..worlds).filter(|_| !inputs.is_empty()) {
            let plan = self.plan;
            plan.draw_uniforms(self.options.stream, self.table.world(i), &mut uniforms);
            let interventions = runs.iter().map(|run| &run.overrides);
            for overrides in std::iter::once(&self.overrides).chain(interventions) {
                let values = plan.values(&uniforms, overrides);
                cells.extend(inputs.iter().map(|id| values[id.0 as usize]));
            }
        }
        Drawn {
            inputs,
            sets: 1 + runs.len(),
            cells,
        }
    }
}

/// What a test asks of a run.
pub(super) fn scope_of(case: &Case, test: &ShareTest) -> Scope {
    let mut scope = Scope::none(&case.setting);
    let predicates = std::iter::once(&test.holds_when).chain(&test.given);
    for entry in predicates.flat_map(Predicate::quantities) {
        scope.add(entry.lens, entry.quantity, &entry.index);
    }
    scope
}

/// What a test sets, one intervention for each set of levers that it tries; nothing at all where it only looks.
pub(super) fn interventions(case: &Case, test: &ShareTest) -> Vec<Overrides> {
    let with = Overrides::with(&test.with);
    let Some(over) = &test.over else {
        return vec![with];
    };
    let sets = 0..1_usize << over.levers.len();
    sets.map(|set| {
        let mut intervention = with.clone();
        for (k, lever) in over.levers.iter().enumerate() {
            let pulled = f64::from(u8::from(set >> k & 1 == 1));
            make_certain(case, *lever, pulled, &mut intervention);
        }
        intervention
    })
    .collect()
}

/// Does a test set nothing?
pub(super) fn only_looks(case: &Case, test: &ShareTest) -> bool {
    interventions(case, test) == [Overrides::default()]
}

/// Makes a lever certain to be pulled (1) or not (0): one that runs whatever the talks bring by its switch, another by its chance.
fn make_certain(case: &Case, lever: usize, pulled: f64, intervention: &mut Overrides) {
    let setting = &case.setting.levers[lever];
    if setting.trigger == Trigger::Now {
        let path = format!("lever.{}.on", setting.id);
        if let Some(place) = case.inputs.iter().position(|input| input.path == path) {
            let switch = (InputId::from_index(place), Distribution::Exact(pulled));
            intervention.replaced.push(switch);
        }
    } else {
        intervention.fixed.push(Fixed {
            lens: "leverage",
            quantity: "credibility",
            index: vec![lever],
            value: pulled,
        });
    }
}

/// Numbers that a test speaks of as they were drawn.
struct Drawn {
    inputs: Vec<InputId>,
    /// How many sets of overrides they were drawn under: those of the run first, then those of each intervention.
    sets: usize,
    /// By world, by set, by input.
    cells: Vec<f64>,
}

impl Drawn {
    fn at(&self, world: usize, set: usize, id: InputId) -> f64 {
        let place = self.inputs.iter().position(|known| *known == id);
        let place = place.expect("an input that the test speaks of");
        self.cells[(world * self.sets + set) * self.inputs.len() + place]
    }
}

/// A world as a predicate sees it.
struct World<'a> {
    table: &'a Table,
    /// What was kept of an intervention, and which of its worlds; nothing: the world of the run.
    tried: Option<(&'a Kept, usize)>,
    drawn: &'a Drawn,
    plan: &'a Plan,
    /// What was put over the case, without the claim's intervention and with it.
    overrides: [&'a Overrides; 2],
    /// Its place, and that of its intervention.
    place: (usize, usize),
}

impl Facts for World<'_> {
    fn input(&self, id: InputId, base: bool) -> f64 {
        let (world, intervention) = self.place;
        let set = if base { 0 } else { 1 + intervention };
        self.drawn.at(world, set, id)
    }

    fn quantity(&self, entry: &QuantityEntry, base: bool) -> f64 {
        let layout = &self.table.layout;
        let column = layout.column_of(entry.lens, entry.quantity, &entry.index);
        match self.tried.filter(|_| !base) {
            None => self.table.at(self.place.0, column),
            Some((kept, world)) => kept.at(world, column),
        }
    }

    fn learned(&self, prior: InputId, base: bool) -> f64 {
        let learned = self.table.learned(self.place.0);
        let over = self.overrides[usize::from(!base)];
        self.plan.learned_of(over, learned, prior)
    }
}
