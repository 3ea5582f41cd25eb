//! What must hold of the numbers of a case together. A text gets these checks, and so does whatever is put over it before it is
//! drawn: readings, numbers set for a run, an expert heard alone, what claims set. One list of rules serves them all.

mod intervention;
mod rates;

use std::collections::{BTreeSet, HashMap};

use detente_core::{Numbers, Setting};
use detente_diag::{Code, Diagnostic, Span};
use detente_math::Distribution;

use crate::{Case, Draw, Input, InputId, Overrides, Replacement, Status};

pub use intervention::Intervention;

/// A chance below this is one that no run meets.
const NEVER: f64 = 1e-9;
/// Places shown of a fault.
const PLACES: usize = 3;

/// A number put over a case's own, and where that is said.
#[derive(Clone, Copy, Debug)]
pub struct Put<'a> {
    /// Which.
    pub input: InputId,
    /// By what.
    pub distribution: &'a Distribution,
    /// Where.
    pub span: Option<Span>,
}

impl<'a> From<&'a Replacement> for Put<'a> {
    fn from(replacement: &'a Replacement) -> Self {
        Self {
            input: replacement.input,
            distribution: &replacement.distribution,
            span: Some(replacement.span),
        }
    }
}

/// What numbers are put over a case, the later of two on one number in force.
#[derive(Clone, Debug, Default)]
pub struct Condition<'a> {
    puts: Vec<Put<'a>>,
    places: HashMap<InputId, usize>,
    /// What a message says of it, such as " under the reading `x`".
    under: String,
}

impl<'a> Condition<'a> {
    /// These numbers; `under` is what messages say of them.
    pub fn new(puts: impl IntoIterator<Item = Put<'a>>, under: impl Into<String>) -> Self {
        let mut condition = Self {
            under: under.into(),
            ..Self::default()
        };
        condition.extend(puts);
        condition
    }

    /// What overrides put over a case.
    pub fn of(overrides: &'a Overrides) -> Self {
        let puts = overrides.replaced.iter().map(|(input, distribution)| Put {
            input: *input,
            distribution,
            span: None,
        });
        Self::new(puts, "")
    }

    fn extend(&mut self, puts: impl IntoIterator<Item = Put<'a>>) {
        for put in puts {
            self.places.insert(put.input, self.puts.len());
            self.puts.push(put);
        }
    }

    /// More numbers over these.
    fn and(&self, puts: impl IntoIterator<Item = Put<'a>>, under: &str) -> Self {
        let mut both = self.clone();
        both.extend(puts);
        both.under.push_str(under);
        both
    }

    fn get(&self, id: InputId) -> Option<&Put<'a>> {
        self.places.get(&id).map(|place| &self.puts[*place])
    }
}

/// What a rule is about, for messages and to find its place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// The priors of a party's types.
    Priors(usize),
    /// What a type believes of the types of a party.
    Beliefs(usize, usize),
    /// The types of a party's successor: place in `Setting::turnovers`.
    Successor(usize),
    /// The contributions to a nest.
    Contributions(usize),
    /// What a party wants.
    Preferences(usize),
    /// Where the options of the line issue lie.
    Positions,
    /// Two levers that set the same number.
    Levers(usize, usize),
    /// Rounds of talks.
    Rounds,
    /// How quickly a state of a process is left.
    Rates(usize),
}

struct Rule {
    about: About,
    members: Vec<InputId>,
}

/// A rule that does not hold.
pub(crate) struct Broken {
    pub(crate) about: About,
    pub(crate) fault: Diagnostic,
    /// The numbers that it was read off.
    pub(crate) members: Vec<InputId>,
}

/// What must hold of the numbers of a case together.
pub struct Rules<'a> {
    setting: &'a Setting,
    shape: &'a Numbers<InputId>,
    inputs: &'a [Input],
    all: Vec<Rule>,
    /// The rules that a number has a part in, itself or through those that are the same as it.
    of_input: HashMap<InputId, Vec<usize>>,
}

/// A number as it is drawn: which input's draw it is in the end, from what, and where that is said.
struct Effective<'a> {
    root: InputId,
    /// `None`: a rank.
    distribution: Option<&'a Distribution>,
    span: Option<Span>,
    put: bool,
}

impl<'a> Rules<'a> {
    /// The rules of a checked case.
    pub fn of(case: &'a Case) -> Self {
        Self::new(&case.setting, &case.shape, &case.inputs)
    }

    pub(crate) fn new(
        setting: &'a Setting,
        shape: &'a Numbers<InputId>,
        inputs: &'a [Input],
    ) -> Self {
        let mut rules = Self {
            setting,
            shape,
            inputs,
            all: Vec::new(),
            of_input: HashMap::new(),
        };
        rules.gather();
        rules
    }

    fn gather(&mut self) {
        let (setting, shape) = (self.setting, self.shape);
        for (p, party) in setting.parties.iter().enumerate() {
            let types = &shape.types[party.types.clone()];
            self.add(About::Priors(p), types.iter().map(|t| t.prior).collect());
            let wants = types
                .iter()
                .flat_map(|t| t.weights.iter().chain(&t.values).copied());
            self.add(About::Preferences(p), wants.collect());
            for (t, numbers) in shape.types.iter().enumerate() {
                if let Some(about) = numbers.about.get(party.types.clone()) {
                    self.add(About::Beliefs(t, p), about.to_vec());
                }
            }
        }
        for (place, turnover) in shape.turnovers.iter().enumerate() {
            self.add(About::Successor(place), turnover.prior.clone());
        }
        for (contest, numbers) in setting.contest.iter().zip(&shape.contest) {
            for nest in 0..contest.nests.len() {
                let of_nest = contest.supplies.iter().zip(&numbers.supplies);
                let shares = of_nest.filter(|(supply, _)| supply.nest == nest);
                let shares = shares.map(|(_, numbers)| numbers.share).collect();
                self.add(About::Contributions(nest), shares);
            }
            self.add(About::Positions, shape.positions.clone());
        }
        for (b, second) in setting.levers.iter().enumerate() {
            for (a, first) in setting.levers[..b].iter().enumerate() {
                let alike = first.trigger == second.trigger
                    && first.sets.iter().any(|target| second.sets.contains(target));
                if alike {
                    let on = vec![shape.levers[a].on, shape.levers[b].on];
                    self.add(About::Levers(a, b), on);
                }
            }
        }
        let rounds = self.inputs.iter().position(|i| i.path == "talks.rounds");
        if let Some(place) = rounds {
            self.add(About::Rounds, vec![InputId::from_index(place)]);
        }
        self.gather_rates();
    }

    fn add(&mut self, about: About, members: Vec<InputId>) {
        let known = |rule: &Rule| {
            matches!(
                (&rule.about, &about),
                (About::Priors(_) | About::Beliefs(..), About::Beliefs(..))
            ) && rule.members == members
        };
        if members.is_empty() || self.all.iter().any(known) {
            return;
        }
        let place = self.all.len();
        for member in &members {
            let mut id = *member;
            loop {
                let of = self.of_input.entry(id).or_default();
                if of.last() != Some(&place) {
                    of.push(place);
                }
                match &self.inputs[id.0 as usize].draw {
                    Draw::Inherited(same) => id = *same,
                    Draw::Own(_) | Draw::Ranked { .. } => break,
                }
            }
        }
        self.all.push(Rule { about, members });
    }

    /// The rules that do not hold under a condition.
    pub(crate) fn broken(&self, condition: &Condition) -> Vec<Broken> {
        (0..self.all.len())
            .flat_map(|rule| self.look(rule, condition))
            .collect()
    }

    /// What is wrong with the case under a condition.
    pub fn faults(&self, condition: &Condition) -> Vec<Diagnostic> {
        let broken = self.broken(condition).into_iter();
        broken.map(|b| self.placed(b, condition)).collect()
    }

    /// Do all rules hold that these numbers have a part in?
    pub fn stand(&self, condition: &Condition) -> bool {
        let touched = self.touched(condition.puts.iter().map(|put| put.input));
        let holds = |rule: usize| self.look(rule, condition).is_empty();
        touched.into_iter().all(holds)
    }

    /// The rules that these numbers have a part in.
    fn touched(&self, inputs: impl Iterator<Item = InputId>) -> BTreeSet<usize> {
        let rules = inputs.filter_map(|id| self.of_input.get(&id));
        rules.flatten().copied().collect()
    }

    /// A fault with its places: where the numbers are put that break the rule, or else where they stand.
    pub(crate) fn placed(&self, broken: Broken, condition: &Condition) -> Diagnostic {
        let mut fault = broken.fault;
        let mut places: Vec<(bool, Span)> = Vec::new();
        for member in &broken.members {
            let found = self.effective(*member, condition);
            let set = found.put || self.inputs[found.root.0 as usize].status == Status::Set;
            if let Some(span) = found.span
                && !places.iter().any(|(_, known)| *known == span)
            {
                places.push((set, span));
            }
        }
        // Those that are put over the case first, the last of them foremost.
        places.sort_by_key(|(set, span)| (!set, std::cmp::Reverse(*span)));
        for (set, span) in places.into_iter().take(PLACES) {
            fault = fault.at(span, if set { "set here" } else { "stated here" });
        }
        fault
    }

    fn effective<'c>(&'c self, id: InputId, condition: &'c Condition) -> Effective<'c> {
        let mut root = id;
        let mut span = None;
        loop {
            if let Some(put) = condition.get(root) {
                return Effective {
                    root,
                    distribution: Some(put.distribution),
                    span: put.span,
                    put: true,
                };
            }
            let input = &self.inputs[root.0 as usize];
            span = input.span.or(span);
            match &input.draw {
                Draw::Inherited(same) => root = *same,
                Draw::Own(own) => {
                    return Effective {
                        root,
                        distribution: Some(own),
                        span,
                        put: false,
                    };
                }
                Draw::Ranked { .. } => {
                    return Effective {
                        root,
                        distribution: None,
                        span,
                        put: false,
                    };
                }
            }
        }
    }

    fn look(&self, rule: usize, condition: &Condition) -> Vec<Broken> {
        let Rule { about, members } = &self.all[rule];
        let under = &condition.under;
        let one = |fault: Option<Diagnostic>| -> Vec<Broken> {
            let broken = fault.map(|fault| Broken {
                about: about.clone(),
                fault,
                members: members.clone(),
            });
            broken.into_iter().collect()
        };
        match about {
            About::Preferences(party) => self.unmoved(*party, condition),
            About::Positions => one(self.coinciding(members, condition)),
            About::Rates(state) => {
                let mut broken = one(self.too_quick(*state, condition));
                // Many numbers have a part in it: what is put over the case is the one to look at.
                for broken in &mut broken {
                    let put = broken.members.iter().copied();
                    let put: Vec<InputId> = put
                        .filter(|id| self.effective(*id, condition).put)
                        .collect();
                    if !put.is_empty() {
                        broken.members = put;
                    }
                }
                broken
            }
            About::Levers(a, b) => {
                let on = |id: &InputId| {
                    let drawn = self.effective(*id, condition).distribution;
                    drawn.is_some_and(|drawn| drawn.cdf(0.5) < 1.0 - NEVER)
                };
                let [a, b] = [a, b].map(|l| &self.setting.levers[*l].id);
                one(members.iter().all(on).then(|| {
                    let message = format!("levers `{a}` and `{b}` set the same number{under}");
                    Diagnostic::new(Code::LEVER_CLASH, message)
                        .help("switch one of them off: on = false")
                }))
            }
            About::Rounds => {
                let drawn = self.effective(members[0], condition).distribution;
                let whole = drawn.and_then(Distribution::exact);
                one(whole.is_none_or(|x| x.fract() != 0.0).then(|| {
                    Diagnostic::new(Code::OUT_OF_BOUNDS, format!("rounds are counted{under}"))
                        .help("write a whole number from 0 to 12")
                }))
            }
            shares => {
                let what = self.whole(shares);
                let chance = self.all_zero(members, condition);
                one((chance > NEVER).then(|| {
                    let message = format!("{what} are all zero{under}{}", in_worlds(chance));
                    Diagnostic::new(Code::NOTHING_LEFT, message)
                        .help("they are shares of a whole: at least one must be above zero")
                }))
            }
        }
    }

    /// What shares are shares of.
    fn whole(&self, about: &About) -> String {
        let party = |p: usize| &self.setting.parties[p].id;
        match about {
            About::Priors(p) => format!("the priors of the types of `{}`", party(*p)),
            About::Beliefs(t, p) => {
                let kind = &self.setting.types[*t];
                let whose = party(kind.party);
                format!(
                    "the chances that `{whose}` ({}) gives the types of `{}`",
                    kind.id,
                    party(*p)
                )
            }
            About::Successor(place) => {
                let turnover = &self.setting.turnovers[*place];
                format!(
                    "the chances of the types of the successor of `{}`",
                    party(turnover.party)
                )
            }
            About::Contributions(nest) => {
                let nests = self
                    .setting
                    .contest
                    .iter()
                    .flat_map(|contest| &contest.nests);
                let id = nests
                    .map(|nest| nest.id.as_str())
                    .nth(*nest)
                    .unwrap_or_default();
                format!("the shares of the contributions to `{id}`")
            }
            _ => "the numbers".to_owned(),
        }
    }

    /// The chance that numbers, none of them below zero, are all zero.
    fn all_zero(&self, members: &[InputId], condition: &Condition) -> f64 {
        let mut roots: Vec<InputId> = Vec::new();
        let mut chance = 1.0;
        for member in members {
            let drawn = self.effective(*member, condition);
            if roots.contains(&drawn.root) {
                continue;
            }
            roots.push(drawn.root);
            chance *= drawn.distribution.map_or(0.0, |d| d.cdf(0.0));
        }
        chance
    }

    /// The types of a party to which every package is worth the same: no issue has both a weight and values that differ.
    fn unmoved(&self, party: usize, condition: &Condition) -> Vec<Broken> {
        let own = &self.setting.parties[party];
        let mut idle: Vec<(usize, f64)> = Vec::new();
        for t in own.types.clone() {
            let numbers = &self.shape.types[t];
            let mut chance = 1.0;
            for (issue, weight) in self.setting.issues.iter().zip(&numbers.weights) {
                let first = issue.first_option;
                let values = &numbers.values[first..first + issue.options.len()];
                let none = self.all_zero(&[*weight], condition);
                let drawn: Vec<Effective> = values
                    .iter()
                    .map(|value| self.effective(*value, condition))
                    .collect();
                let alike = equal(&drawn.iter().collect::<Vec<_>>());
                chance *= none + alike - none * alike;
            }
            if chance > NEVER {
                idle.push((t, chance));
            }
        }
        let fault = |whose: String, chance: f64| {
            let message = format!(
                "[{whose}] does not care about any issue{}{}",
                condition.under,
                in_worlds(chance)
            );
            Diagnostic::new(Code::NO_SPREAD, message).help(format!(
                "give it an issue with a weight and different values: [{whose}.issue.NAME]"
            ))
        };
        let broken = |types: std::ops::Range<usize>, fault: Diagnostic| {
            let numbers = self.shape.types[types].iter();
            let members = numbers.flat_map(|t| t.weights.iter().chain(&t.values).copied());
            Broken {
                about: About::Preferences(party),
                fault,
                members: members.collect(),
            }
        };
        let path = format!("party.{}", own.id);
        if idle.len() == own.types.len() {
            let least = idle.iter().map(|(_, chance)| *chance).fold(1.0, f64::min);
            let all = fault(path, least);
            return idle
                .first()
                .map(|_| broken(own.types.clone(), all))
                .into_iter()
                .collect();
        }
        let of_type = |(t, chance): (usize, f64)| {
            let whose = format!("{path}.type.{}", self.setting.types[t].id);
            broken(t..t + 1, fault(whose, chance))
        };
        idle.into_iter().map(of_type).collect()
    }

    /// Two options of the line that lie, or may lie, at the same place; or fewer than two that lie anywhere.
    fn coinciding(&self, members: &[InputId], condition: &Condition) -> Option<Diagnostic> {
        let there = members.iter().filter(|id| {
            let own = self.effective(**id, condition).distribution;
            own.is_none_or(|own| own.exact().is_none_or(|x| !x.is_nan()))
        });
        let there: Vec<InputId> = there.copied().collect();
        let under = &condition.under;
        let help = "give its options `position = …`, each its own, in the contest's unit, + where side A gains";
        let fault = |what: String| Some(Diagnostic::new(Code::BAD_LINE, what).help(help));
        if there.len() < 2 {
            return fault(format!(
                "the line issue needs a position for two or more of its options{under}"
            ));
        }
        let drawn: Vec<(Effective, f64)> = there
            .iter()
            .map(|id| self.effective(*id, condition))
            .map(|own| {
                let median = own.distribution.map_or(f64::NAN, |d| d.quantile(0.5));
                (own, median)
            })
            .collect();
        for (i, (b, median)) in drawn.iter().enumerate() {
            for (a, other) in &drawn[..i] {
                let chance = equal(&[a, b]);
                if chance > NEVER || other == median {
                    let often = if other == median {
                        String::new()
                    } else {
                        in_worlds(chance)
                    };
                    return fault(format!(
                        "two options of the line issue lie at the same position{under}{often}"
                    ));
                }
            }
        }
        None
    }
}

/// The chance that numbers are all one and the same.
fn equal(numbers: &[&Effective]) -> f64 {
    let mut drawn: Vec<&Effective> = Vec::new();
    for found in numbers {
        if !drawn.iter().any(|known| known.root == found.root) {
            drawn.push(found);
        }
    }
    if drawn.len() < 2 {
        return 1.0;
    }
    let atoms: Vec<Vec<(f64, f64)>> = drawn
        .iter()
        .map(|found| found.distribution.map_or(Vec::new(), Distribution::atoms))
        .collect();
    let at = |x: f64| {
        let of_each = atoms.iter().map(|own| {
            let own = own.iter().filter(|(y, _)| *y == x);
            own.map(|(_, chance)| chance).sum::<f64>()
        });
        of_each.product::<f64>()
    };
    let mut values: Vec<f64> = atoms[0].iter().map(|(x, _)| *x).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    values.into_iter().map(at).sum()
}

/// In how many worlds something is so, unless it is in all.
fn in_worlds(chance: f64) -> String {
    if chance > 1.0 - NEVER {
        return String::new();
    }
    let of_hundred = (100.0 * chance).round();
    if of_hundred < 1.0 {
        " in some worlds".to_owned()
    } else {
        format!(" in about {of_hundred} of 100 worlds")
    }
}
