//! Which defaults does a case use? A number that nobody stated counts only where a lens reads it and it could matter there: this is
//! the one place that says which those are, read off the models (`detente-lens`: `no_deal`, `refusal.rs`, `durable`, `lenses`).

use std::collections::{HashMap, HashSet};

use detente_core::asks::signing;
use detente_core::{Numbers, ProcessSetting, Role, Setting, Side, Trigger};

use crate::{Draw, Input, InputId};

/// What is known of a case when its defaults are sought.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) setting: &'a Setting,
    pub(crate) shape: &'a Numbers<InputId>,
    pub(crate) inputs: &'a [Input],
    /// Numbers that a reading, a claim, a lever or an option of the case may set to something else, and those that could not be read.
    pub(crate) set_elsewhere: &'a HashSet<InputId>,
    /// Is a choice on record that is blurred as every other is?
    pub(crate) chose: bool,
    /// The noise of every observable, and the path of what it tells of.
    pub(crate) watched: &'a [(InputId, String)],
}

impl Known<'_> {
    /// Is the number exactly this in every world, under every reading?
    pub(crate) fn always(&self, id: InputId, value: f64) -> bool {
        self.exact(id) == Some(value)
    }

    /// What the number is in every world, under every reading, if it is one.
    pub(crate) fn exact(&self, id: InputId) -> Option<f64> {
        if self.set_elsewhere.contains(&id) {
            return None;
        }
        match &self.inputs[id.0 as usize].draw {
            Draw::Own(distribution) => distribution.exact(),
            Draw::Inherited(same) => self.exact(*same),
            Draw::Ranked { .. } => None,
        }
    }
}

/// The numbers that nobody stated and that answers depend on, in the order of the case; those at which nothing is assumed are among
/// them, since the field of each says which those are.
pub(crate) fn in_use(known: &Known) -> Vec<InputId> {
    let mut uses = Uses {
        known,
        found: Vec::new(),
    };
    uses.of_gates();
    // Where nothing says what no deal is worth, nothing else is computed.
    if known.setting.has_no_deal() {
        uses.of_types();
        uses.of_contest();
        uses.of_levers();
        uses.of_refusals();
        uses.of_durability();
        uses.of_behaviour();
    }
    let unstated = |id: &InputId| {
        let input = &known.inputs[id.0 as usize];
        input.span.is_none() && matches!(input.draw, Draw::Own(_))
    };
    let mut found = uses.found;
    found.retain(unstated);
    found.sort_unstable();
    found.dedup();
    found
}

/// Numbers that somebody stated and that no answer depends on: a party's that all of its types state for themselves, what a guarantee
/// does to the rate of breakdowns where a contest says what it is worth, what belongs to another kind of no deal, and what is seen of a
/// number on which nothing depends.
pub(crate) fn idle(known: &Known) -> Vec<InputId> {
    let Known {
        setting,
        shape,
        inputs,
        ..
    } = *known;
    let place: HashMap<&str, &Input> = inputs.iter().map(|i| (i.path.as_str(), i)).collect();
    let covered = |input: &Input| {
        let (party, field) = input.path.strip_prefix("party.")?.split_once('.')?;
        let party = setting.parties.iter().find(|p| p.id == party)?;
        let own = |t: usize| {
            let path = format!("party.{}.type.{}.{field}", party.id, setting.types[t].id);
            let own = place.get(path.as_str());
            own.is_some_and(|own| !matches!(own.draw, Draw::Inherited(_)))
        };
        Some(party.types.clone().all(own))
    };
    let mut found: Vec<InputId> = (0..inputs.len())
        .filter(|i| inputs[*i].span.is_some())
        .filter(|i| {
            let input = &inputs[*i];
            covered(input) == Some(true) || unread(setting, shape, &input.path).is_some()
        })
        .map(InputId::from_index)
        .collect();
    if let (Some(numbers), Some(_)) = (shape.durability.first(), &setting.contest) {
        let acts = [numbers.guarantee, numbers.mean_guarantee];
        found.extend(
            acts.iter()
                .filter(|id| inputs[id.0 as usize].span.is_some()),
        );
    }
    // What is watched tells nothing where nothing that is told depends on it.
    let tells_nothing = |about: &str| {
        let place = inputs.iter().position(|input| input.path == about);
        let Some(mut id) = place.map(InputId::from_index) else {
            return false;
        };
        while let Draw::Inherited(same) = &inputs[id.0 as usize].draw {
            id = *same;
        }
        let known_exactly =
            matches!(&inputs[id.0 as usize].draw, Draw::Own(own) if own.exact().is_some());
        found.contains(&id) || known_exactly && !known.set_elsewhere.contains(&id)
    };
    let watched = known.watched.iter();
    let watched: Vec<InputId> = watched
        .filter(|(_, about)| tells_nothing(about))
        .map(|(noise, _)| *noise)
        .collect();
    found.extend(watched);
    found
}

/// Why no answer depends on the number at this path, which is an idle one, in words.
pub(crate) fn why_idle(setting: &Setting, shape: &Numbers<InputId>, path: &str) -> &'static str {
    if path.starts_with("durability.") {
        "with a contest a guarantee acts through who comes when war resumes, and through nothing else"
    } else if path.starts_with("observable.") {
        "what it tells of is stated exactly, or no answer depends on it"
    } else {
        unread(setting, shape, path).unwrap_or("each of the party's types states its own")
    }
}

/// Why no answer depends on the number at this path, whatever it is; `None` where one may.
fn unread(setting: &Setting, shape: &Numbers<InputId>, path: &str) -> Option<&'static str> {
    const NO_CONTEST: &str = "only a contest reads it, and no deal is none here";
    const NO_LOTTERY: &str = "only a lottery reads it, and no deal is none here";
    // Where nothing says what no deal is worth, that is what is said.
    if !setting.has_no_deal() {
        return None;
    }
    let contest = setting.contest.is_some();
    let ended = setting
        .process
        .as_ref()
        .is_some_and(ProcessSetting::says_who_ends_it);
    let rates = setting
        .process
        .as_ref()
        .is_some_and(|process| !process.believed.is_empty());
    let keys: Vec<&str> = path.split('.').collect();
    let of_party = match keys.as_slice() {
        ["party", _, "type", _, own @ ..] | ["party", _, own @ ..] => own,
        _ => &[],
    };
    match of_party {
        ["burden" | "scar" | "escalation_cost"]
        | ["believes", "edge" | "escalation" | "own_sd" | "news_bias"]
        | ["refusal", "line_loss" | "endures"]
            if !contest =>
        {
            return Some(NO_CONTEST);
        }
        ["refusal", "compelled_bar"] if !contest && !ended => {
            return Some("nothing says who ends what follows a refusal");
        }
        ["fighting_cost"] | ["believes", "chance"] if setting.lottery.is_none() => {
            return Some(NO_LOTTERY);
        }
        ["believes", "open_to_news" | "learning_rate"] if !contest && !rates => {
            return Some("nobody holds a belief of its own that news could move");
        }
        _ => {}
    }
    match keys.as_slice() {
        ["turnover", id, "prior", ..] => {
            let place = setting
                .turnovers
                .iter()
                .position(|turnover| turnover.id == *id)?;
            let party = setting.turnovers[place].party;
            let mut levers = 0..setting.levers.len();
            let comes = levers.any(|l| setting.levers[l].by == party && comes(setting, shape, l));
            (!comes).then_some("none of the party's levers is pulled once a deal has broken down")
        }
        ["lever", id, "lasts"] => {
            let lever = setting.levers.iter().find(|lever| lever.id == *id)?;
            let once = lever.trigger == Trigger::Accept && lever.flow_to.is_empty();
            once.then_some(
                "the lever pays once (`pays`) and costs nothing by the month (`flow_cost`)",
            )
        }
        ["messenger", ..] if !contest && setting.lottery.is_none() && !rates => {
            Some("nobody holds a belief of its own about what no deal brings")
        }
        _ => None,
    }
}

/// May the lever be pulled once a deal has broken down, since it answers a breach or is a guarantor's?
fn comes(setting: &Setting, shape: &Numbers<InputId>, lever: usize) -> bool {
    let lever = &setting.levers[lever];
    let may = match lever.trigger {
        Trigger::Violate(_) => true,
        // A promise that pays is kept or not as its chance says; one that is tested in a war costs who stays away.
        Trigger::Accept => !lever.sets.is_empty(),
        Trigger::Refuse(_) | Trigger::Now => false,
    };
    let resumes = setting.contest.is_some() || setting.process.is_some();
    may && resumes && !shape.durability.is_empty()
}

struct Uses<'a> {
    known: &'a Known<'a>,
    found: Vec<InputId>,
}

impl Uses<'_> {
    /// An answer depends on this number, or on the one that it is the same as.
    fn take(&mut self, id: InputId) {
        let mut id = id;
        while let Draw::Inherited(same) = &self.known.inputs[id.0 as usize].draw {
            id = *same;
        }
        self.found.push(id);
    }

    fn always(&self, id: InputId, value: f64) -> bool {
        self.known.always(id, value)
    }

    /// Is there a hazard of escalation, at least under some reading?
    fn escalates(&self) -> bool {
        let mut contests = self.known.shape.contest.iter();
        contests.any(|contest| !self.always(contest.escalation, 0.0))
    }

    fn has_durability(&self) -> bool {
        !self.known.shape.durability.is_empty()
    }

    fn of_types(&mut self) {
        let Known { setting, shape, .. } = *self.known;
        let (contest, durable) = (setting.contest.is_some(), self.has_durability());
        let escalates = self.escalates();
        // What is paid for some months is worth what its receiver makes of time.
        let mut levers = setting.levers.iter().zip(&shape.levers);
        let promised = levers.any(|(lever, numbers)| {
            let lasts = &self.known.inputs[numbers.lasts.0 as usize];
            lever.trigger == Trigger::Accept && !lever.flow_to.is_empty() && lasts.span.is_some()
        });
        for (kind, numbers) in setting.types.iter().zip(&shape.types) {
            let party = &setting.parties[kind.party];
            if contest || durable || promised || setting.process.is_some() {
                self.take(numbers.patience);
            }
            if contest {
                self.take(numbers.burden);
                self.take(numbers.scar);
                if escalates {
                    self.take(numbers.escalation_cost);
                }
                // News moves only who is open to it.
                if !self.always(numbers.open_to_news, 0.0) {
                    self.take(numbers.learning_rate);
                }
            }
            // What is seen moves only whose belief about some rate it can move.
            if setting.process.is_some() && !contest && self.learns_rates(numbers) {
                self.take(numbers.learning_rate);
            }
            if setting.lottery.is_some() {
                self.take(numbers.fighting_cost);
            }
            // Those who fight attack, and those who sign may end a deal.
            let mut packages = setting.packages.iter();
            let signs = packages.any(|p| signing(setting, p).contains(kind.party));
            if durable && (party.is_principal() || signs) {
                self.take(numbers.renege_cost);
            }
        }
    }

    /// Does a type hold a belief of its own about a rate that what it sees may move?
    fn learns_rates(&self, numbers: &detente_core::TypeNumbers<InputId>) -> bool {
        let open = !self.always(numbers.open_to_news, 0.0);
        let mut rates = numbers.believes_rates.iter().zip(&numbers.rate_sds);
        rates.any(|(offset, sd)| !self.always(*offset, 0.0) && (open || !self.always(*sd, 0.0)))
    }

    fn of_contest(&mut self) {
        let Known { setting, shape, .. } = *self.known;
        let (Some(contest), Some(numbers)) = (&setting.contest, shape.contest.first()) else {
            return;
        };
        if !self.always(numbers.decisive, 0.0) {
            self.take(numbers.decisive_slope);
        }
        if contest.weapon.is_some() && self.escalates() {
            self.take(numbers.escalation_slope);
        }
        for side in [Side::A, Side::B] {
            let nests = contest.nests.iter().zip(&numbers.nests);
            let own: Vec<InputId> = nests
                .filter(|(nest, _)| nest.side == side)
                .map(|(_, numbers)| numbers.weight)
                .collect();
            // A single nest has all the weight there is.
            if own.len() > 1 {
                for weight in own {
                    self.take(weight);
                }
            }
        }
        for capacity in &numbers.capacities {
            if !self.always(capacity.low, 1.0) {
                self.take(capacity.from_month);
            }
        }
    }

    /// Levers that await an answer and are not switched off for good. What a lever that runs anyway costs is sunk.
    fn awaiting(&self) -> Vec<usize> {
        let Known { setting, shape, .. } = *self.known;
        let levers = setting.levers.iter().zip(&shape.levers).enumerate();
        levers
            .filter(|(_, (lever, numbers))| {
                lever.trigger != Trigger::Now && !self.always(numbers.on, 0.0)
            })
            .map(|(l, _)| l)
            .collect()
    }

    fn of_levers(&mut self) {
        let Known { setting, shape, .. } = *self.known;
        for l in self.awaiting() {
            let numbers = &shape.levers[l];
            self.take(numbers.cost);
            // Where the chance of being pulled is stated, breaking one's word costs only after a deal.
            let credibility = &self.known.inputs[numbers.credibility.0 as usize];
            if credibility.span.is_none() || comes(setting, shape, l) {
                self.take(numbers.audience_cost);
            }
        }
    }

    fn of_gates(&mut self) {
        for gate in &self.known.shape.gates {
            if !self.always(gate.on, 0.0) {
                self.take(gate.scale);
                self.take(gate.bar);
            }
        }
    }

    fn of_refusals(&mut self) {
        let setting = self.known.setting;
        let mut process = setting.process.iter();
        let ended = process.any(ProcessSetting::says_who_ends_it);
        for refusal in &self.known.shape.refusals {
            if setting.contest.is_some() {
                self.take(refusal.endures);
            }
            if setting.contest.is_some() || ended {
                self.take(refusal.compelled_bar);
            }
        }
    }

    fn of_durability(&mut self) {
        let Known { setting, shape, .. } = *self.known;
        let Some(numbers) = shape.durability.first() else {
            return;
        };
        self.take(numbers.kept_months);
        if setting.contest.is_some() || face_each_other(setting) {
            for (force, rebuild) in numbers.force.iter().zip(&numbers.rebuild) {
                self.take(*force);
                // Forces that are what they were refill nothing.
                if !self.always(*force, 1.0) {
                    self.take(*rebuild);
                }
            }
        }
        let dictates = setting.contest.is_some()
            || setting.lottery.is_some()
            || setting
                .issues
                .iter()
                .any(|i| i.options.iter().any(|o| o.imposed));
        let mediates = setting
            .parties
            .iter()
            .any(|p| p.roles.contains(&Role::Mediator));
        let fades = dictates && !self.always(numbers.imposed, 0.0)
            || mediates && !self.always(numbers.mediated, 0.0);
        if fades {
            self.take(numbers.fades);
        }
        // A mean is what a deal's own feature is compared with. A guarantee acts through the war where a contest says what war is worth.
        for (effect, mean) in [
            (numbers.verification, numbers.mean_verification),
            (numbers.separation, numbers.mean_separation),
        ] {
            if !self.always(effect, 0.0) {
                self.take(mean);
            }
        }
        if setting.contest.is_none() && !self.always(numbers.guarantee, 0.0) {
            self.take(numbers.mean_guarantee);
        }
    }

    fn of_behaviour(&mut self) {
        let Some(behaviour) = self.known.shape.behaviour.first() else {
            return;
        };
        // Whether a lever is pulled and a deal is broken is chosen, and so is what an act did; all other answers are exact comparisons.
        if self.has_durability() || self.known.chose || !self.awaiting().is_empty() {
            self.take(behaviour.noise);
        }
    }
}

/// Are there two principals, one a side? Powell's condition is about such.
fn face_each_other(setting: &Setting) -> bool {
    let fighting = setting.parties.iter();
    let mut fighting = fighting.filter(|party| party.is_principal());
    let pair = (fighting.next(), fighting.next(), fighting.next());
    let (Some(first), Some(second), None) = pair else {
        return false;
    };
    matches!((first.side, second.side), (Some(a), Some(b)) if a != b)
}
