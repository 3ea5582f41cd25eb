//! The game of one world: what everybody sees of it (a tree of public histories), what each end is worth to each type, and the game tree that
//! follows, a copy of the public one for each combination of types.

use detente_core::talks::{
    Table, TalksSetting, given_announcement, given_pull, given_refusal, pulled_on,
};
use detente_core::{LeverProfile, Query, Scene};

use super::promise::{Promise, promises};

/// A place in the tree of public histories.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) step: Step,
    /// The round that is on, from 0.
    pub(super) round: usize,
    /// What follows, by move or branch.
    pub(super) next: Vec<usize>,
    /// The place before, and which of its moves leads here.
    pub(super) before: Option<(usize, usize)>,
}

/// What happens at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A party moves.
    Moves(usize, Move),
    /// The months between two rounds bring news (the first branch) or not.
    News,
    /// The talks end.
    Ends(End),
}

/// What a party decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// To announce a lever, or not.
    Announce(usize),
    /// Which of these packages to offer; where there is a move more, the last one offers nothing.
    Offer(Vec<usize>),
    /// To accept an offer, or not.
    Answer(usize),
    /// To pull a lever, or not.
    Pull(usize),
}

/// How the talks end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub(super) outcome: Outcome,
    /// Levers that were pulled, and announced ones that were not when their time came, each with its round.
    pub(super) charges: Vec<(usize, usize, bool)>,
}

/// What comes of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// An offer is accepted.
    Deal(usize),
    /// There is no deal, and these levers are pulled.
    None(LeverProfile),
}

/// What is worth what.
#[derive(Clone)]
pub(super) struct Form<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) talks: &'a TalksSetting,
    pub(super) table: Table,
    pub(super) places: Vec<Place>,
    /// Who has a part, in order.
    pub(super) players: Vec<usize>,
    /// By player: its types that there may be.
    pub(super) types: Vec<Vec<usize>>,
    /// A player whose one type all know.
    told: Option<usize>,
    /// By round: what waiting for it is worth to each type, and the chance that it comes to it, as it sees it.
    wait: Vec<Vec<[f64; 2]>>,
    /// By round, by set of levers: what no deal from then on is worth in all.
    none: Vec<Vec<(LeverProfile, Vec<f64>)>>,
    /// By offer: D by type, and whether it crosses a hard red line of it.
    deals: Vec<Vec<(f64, bool)>>,
    /// By offer: whom it needs, with those who answer every offer.
    needed: Vec<detente_core::PartySet>,
    /// Promises that pay once a deal is signed.
    promises: Vec<Promise>,
}

/// The queries whose answers a game needs: by round, with each set of levers that a refusal may bring.
pub(super) fn queries(
    scene_of: (&detente_core::Setting, &detente_core::World),
    talks: &TalksSetting,
    rounds: usize,
    levers: &[usize],
    queries: &mut Vec<Query>,
) {
    let (setting, world) = scene_of;
    if rounds == 0 {
        queries.push(analysts(setting, world, 0, LeverProfile::default()));
    }
    for round in 0..rounds {
        for set in sets(setting, levers) {
            for t in 0..setting.types.len() {
                queries.push(query(setting, world, talks.month(round), set, t));
            }
            queries.push(analysts(setting, world, talks.month(round), set));
        }
    }
}

/// Every set of levers that one refusal may bring, none first.
fn sets(setting: &detente_core::Setting, levers: &[usize]) -> Vec<LeverProfile> {
    let mut all = vec![LeverProfile::default()];
    for party in 0..setting.parties.len() {
        let own = pulled_on(setting, levers, party);
        for set in 1..1_u32 << own.len() {
            let pulled = own.iter().enumerate().filter(|(k, _)| set >> k & 1 == 1);
            all.push(pulled.fold(LeverProfile::default(), |all, (_, l)| all.with(*l)));
        }
    }
    all
}

/// No deal from a month on with some levers pulled then, as the analyst sees it, with the months in which it ends.
pub(super) fn analysts(
    setting: &detente_core::Setting,
    world: &detente_core::World,
    month: usize,
    pulled: LeverProfile,
) -> Query {
    let own = Query::analyst(setting, world);
    Query {
        levers: own.levers.union(pulled),
        talks: Some(month),
        ..own
    }
}

/// The same as a type sees it.
pub(super) fn query(
    setting: &detente_core::Setting,
    world: &detente_core::World,
    month: usize,
    pulled: LeverProfile,
    t: usize,
) -> Query {
    let own = Query::own(setting, world, t);
    Query {
        levers: own.levers.union(pulled),
        // What is pulled at once is what a refusal brings anyway.
        talks: (month > 0).then_some(month),
        ..own
    }
}

impl<'a> Form<'a> {
    /// The game of a table; `None` where what it needs was not solved.
    pub(super) fn new(scene: &'a Scene<'a>, talks: &'a TalksSetting, table: Table) -> Option<Self> {
        let (setting, world) = (scene.setting, scene.world);
        let types = setting.types.len();
        let (mut wait, mut none) = (Vec::new(), Vec::new());
        for round in 0..table.rounds {
            let month = talks.month(round);
            let mut sets_of_round = Vec::new();
            for set in sets(setting, &table.levers) {
                let mut values = Vec::with_capacity(types);
                for t in 0..types {
                    let found = scene.no_deal(&query(setting, world, month, set, t))?;
                    values.push(found.values[t]);
                }
                sets_of_round.push((set, values));
            }
            none.push(sets_of_round);
            let until = (0..types).map(|t| {
                if month == 0 {
                    return Some([0.0, 1.0]);
                }
                let now = query(setting, world, month, LeverProfile::default(), t);
                let found = scene.no_deal(&now)?;
                Some([found.meanwhile[t], found.lasts[t]])
            });
            wait.push(until.collect::<Option<Vec<_>>>()?);
        }
        let mut deals = Vec::new();
        let mut needed = Vec::new();
        for offer in &table.offers {
            let worth = (0..types).map(|t| {
                let stand = scene.stand_asking(t, offer, 0.0);
                (stand.margin, stand.crossed)
            });
            deals.push(worth.collect());
            needed.push(Table::needed(setting, offer).union(talks.agree));
        }
        let mut form = Self {
            scene,
            talks,
            places: Vec::new(),
            players: Vec::new(),
            types: Vec::new(),
            told: None,
            wait,
            none,
            deals,
            needed,
            promises: promises(scene),
            table,
        };
        form.grow();
        Some(form)
    }

    /// Lays the tree of public histories.
    fn grow(&mut self) {
        let history = History::default();
        self.announce(0, &history, None);
        let mut moving: Vec<usize> = self
            .places
            .iter()
            .filter_map(|place| match &place.step {
                Step::Moves(party, _) => Some(*party),
                _ => None,
            })
            .collect();
        moving.sort_unstable();
        moving.dedup();
        let (setting, world) = (self.scene.setting, self.scene.world);
        // Whom the news tells of has a type that matters, though it may have no move.
        if let Some(party) = self.talks.news
            && !moving.contains(&party)
        {
            moving.push(party);
            moving.sort_unstable();
        }
        self.types = moving
            .iter()
            .map(|party| {
                let own = setting.parties[*party].types.clone();
                own.filter(|t| world.numbers.types[*t].prior > 0.0)
                    .collect()
            })
            .collect();
        self.players = moving;
    }

    fn add(&mut self, step: Step, round: usize, before: Option<(usize, usize)>) -> usize {
        let here = self.places.len();
        self.places.push(Place {
            step,
            round,
            next: Vec::new(),
            before,
        });
        if let Some((parent, _)) = before {
            self.places[parent].next.push(here);
        }
        here
    }

    /// Announcements from the k-th lever on, then the first round.
    fn announce(&mut self, k: usize, history: &History, before: Option<(usize, usize)>) {
        let Some(lever) = self.table.announced.get(k).copied() else {
            return self.round(0, history, before);
        };
        let by = self.scene.setting.levers[lever].by;
        let here = self.add(Step::Moves(by, Move::Announce(lever)), 0, before);
        let mut announced = history.clone();
        announced.announced.push(lever);
        self.announce(k + 1, &announced, Some((here, 0)));
        self.announce(k + 1, history, Some((here, 1)));
    }

    fn round(&mut self, round: usize, history: &History, before: Option<(usize, usize)>) {
        if round >= self.table.rounds {
            return self.end(
                round.saturating_sub(1),
                Outcome::None(LeverProfile::default()),
                history,
                before,
            );
        }
        let by = self.talks.proposer(round);
        let offers: Vec<usize> = (0..self.table.offers.len())
            .filter(|offer| !history.refused.contains(offer))
            .collect();
        let passes = self.talks.passes || !self.can_offer(by, &offers);
        let here = self.add(Step::Moves(by, Move::Offer(offers.clone())), round, before);
        for (place, offer) in offers.iter().enumerate() {
            let asked = self.talks.answering(by, self.needed[*offer]);
            self.answer(round, *offer, &asked, history, Some((here, place)));
        }
        if passes {
            self.next(round, history, Some((here, offers.len())));
        }
    }

    /// Can every type of a party offer something?
    fn can_offer(&self, by: usize, offers: &[usize]) -> bool {
        let mut types = self.scene.setting.parties[by].types.clone();
        types.all(|t| offers.iter().any(|offer| self.may_offer(by, t, *offer)))
    }

    /// May a type offer a package? Not what its own red line rules out, if it must agree.
    fn may_offer(&self, by: usize, t: usize, offer: usize) -> bool {
        !(self.needed[offer].contains(by) && self.deals[offer][t].1)
    }

    fn answer(
        &mut self,
        round: usize,
        offer: usize,
        asked: &[usize],
        history: &History,
        before: Option<(usize, usize)>,
    ) {
        let Some((party, rest)) = asked.split_first() else {
            return self.end(round, Outcome::Deal(offer), history, before);
        };
        let here = self.add(Step::Moves(*party, Move::Answer(offer)), round, before);
        self.answer(round, offer, rest, history, Some((here, 0)));
        let mut refused = history.clone();
        refused.refused.push(offer);
        let levers = pulled_on(self.scene.setting, &self.table.levers, *party);
        let levers: Vec<usize> = levers
            .into_iter()
            .filter(|l| {
                let must = self.talks.only_announced && self.talks.announced.contains(l);
                !must || history.announced.contains(l)
            })
            .collect();
        self.pull(
            round,
            &levers,
            LeverProfile::default(),
            &refused,
            Some((here, 1)),
        );
    }

    fn pull(
        &mut self,
        round: usize,
        levers: &[usize],
        pulled: LeverProfile,
        history: &History,
        before: Option<(usize, usize)>,
    ) {
        let Some((lever, rest)) = levers.split_first() else {
            if pulled.0 == 0 {
                return self.next(round, history, before);
            }
            return self.end(round, Outcome::None(pulled), history, before);
        };
        let by = self.scene.setting.levers[*lever].by;
        let here = self.add(Step::Moves(by, Move::Pull(*lever)), round, before);
        let mut done = history.clone();
        done.charges.push((*lever, round, true));
        self.pull(round, rest, pulled.with(*lever), &done, Some((here, 0)));
        let mut left = history.clone();
        // A bluff is called once.
        let due = left.announced.contains(lever)
            && !left.charges.iter().any(|(known, ..)| known == lever);
        if due {
            left.charges.push((*lever, round, false));
        }
        self.pull(round, rest, pulled, &left, Some((here, 1)));
    }

    /// What follows a round without a deal.
    fn next(&mut self, round: usize, history: &History, before: Option<(usize, usize)>) {
        let last = round + 1 == self.table.rounds;
        if last || self.talks.news.is_none() {
            return self.round(round + 1, history, before);
        }
        let here = self.add(Step::News, round, before);
        self.round(round + 1, history, Some((here, 0)));
        self.round(round + 1, history, Some((here, 1)));
    }

    fn end(
        &mut self,
        round: usize,
        outcome: Outcome,
        history: &History,
        before: Option<(usize, usize)>,
    ) {
        let charges = history.charges.clone();
        self.add(Step::Ends(End { outcome, charges }), round, before);
    }

    /// The chance of the first of a place's two moves, where it is given what a type does there and not its choice.
    pub(super) fn given(&self, place: usize, t: usize) -> Option<f64> {
        let Step::Moves(_, what) = &self.places[place].step else {
            return None;
        };
        let (setting, world) = (self.scene.setting, self.scene.world);
        match what {
            Move::Announce(l) => given_announcement(world, *l, t),
            Move::Pull(l) => given_pull(world, *l, t),
            Move::Answer(offer) if self.deals[*offer][t].1 => None,
            Move::Answer(offer) => {
                let offer = &self.table.offers[*offer];
                given_refusal(setting, world, t, offer).map(|refuses| 1.0 - refuses)
            }
            Move::Offer(_) => None,
        }
    }

    /// Which of a place's moves a type has.
    pub(super) fn moves_of(&self, place: usize, t: usize) -> Vec<usize> {
        let here = &self.places[place];
        let Step::Moves(party, what) = &here.step else {
            return Vec::new();
        };
        match what {
            Move::Answer(offer) if self.deals[*offer][t].1 => vec![1],
            Move::Offer(offers) => {
                let may = |k: &usize| {
                    offers
                        .get(*k)
                        .is_none_or(|offer| self.may_offer(*party, t, *offer))
                };
                (0..here.next.len()).filter(may).collect()
            }
            _ => (0..here.next.len()).collect(),
        }
    }

    /// What a type does at a place where it has no choice: moves with their chances.
    pub(super) fn unchosen(&self, place: usize, t: usize) -> Vec<(usize, f64)> {
        match self.given(place, t) {
            Some(first) => {
                let both = [(0, first), (1, 1.0 - first)];
                both.into_iter().filter(|(_, p)| *p > 0.0).collect()
            }
            None => vec![(self.moves_of(place, t)[0], 1.0)],
        }
    }

    /// What a point in a round is worth to type `t` today: by its patience, and by how likely it thinks the round to come.
    pub(super) fn later(&self, round: usize, t: usize) -> f64 {
        let [_, lasts] = self.wait[round][t];
        let patience = self.scene.world.numbers.types[t].patience;
        libm::pow(patience, self.talks.month(round) as f64) * lasts
    }

    /// What an end is worth to type `t`, where `types` says who is there, by party; nothing of a party: it may be any of its types.
    pub(super) fn worth(
        &self,
        place: usize,
        t: usize,
        types: &dyn Fn(usize) -> Option<usize>,
    ) -> f64 {
        let here = &self.places[place];
        let Step::Ends(end) = &here.step else {
            return 0.0;
        };
        let numbers = &self.scene.world.numbers;
        let at = |round: usize| self.later(round, t);
        let mut worth = match end.outcome {
            Outcome::Deal(offer) => {
                let promised: f64 = self
                    .promises
                    .iter()
                    .map(|own| own.brings(t, types, self.scene))
                    .sum();
                self.wait[here.round][t][0] + at(here.round) * (self.deals[offer][t].0 + promised)
            }
            Outcome::None(pulled) => {
                let sets = self.none[here.round].iter();
                let found = sets.clone().find(|(set, _)| *set == pulled);
                found.map_or(f64::NAN, |(_, values)| values[t])
            }
        };
        for (lever, round, pulled) in &end.charges {
            if self.scene.setting.levers[*lever].by == self.scene.setting.types[t].party {
                let own = &numbers.levers[*lever];
                worth -= at(*round) * if *pulled { own.cost } else { own.audience_cost };
            }
        }
        worth
    }

    /// Combinations of types with their chances, in order.
    pub(super) fn profiles(&self) -> Vec<(Vec<usize>, f64)> {
        let mut all = vec![(Vec::new(), 1.0)];
        for (player, own) in self.types.iter().enumerate() {
            let known = self.told == Some(player);
            let prior = |t: usize| {
                if known {
                    1.0
                } else {
                    self.scene.world.numbers.types[t].prior
                }
            };
            all = all
                .into_iter()
                .flat_map(|(types, chance)| {
                    own.iter().map(move |t| {
                        let mut types: Vec<usize> = types.clone();
                        types.push(*t);
                        (types, chance * prior(*t))
                    })
                })
                .collect();
        }
        all
    }

    /// The same talks if all know which type a player is.
    pub(super) fn told(&self, player: usize, t: usize) -> Self {
        let mut form = self.clone();
        form.types[player] = vec![t];
        form.told = Some(player);
        form
    }

    /// Moves over all information sets.
    pub(super) fn count(&self) -> usize {
        self.sets().iter().map(|set| set.moves.len()).sum()
    }

    /// Information sets where there is a choice, in the order of places, then of types.
    pub(super) fn sets(&self) -> Vec<Set> {
        let mut all = Vec::new();
        for (at, place) in self.places.iter().enumerate() {
            let Step::Moves(party, _) = &place.step else {
                continue;
            };
            let player = self.players.iter().position(|own| own == party);
            let Some(player) = player else { continue };
            for t in &self.types[player] {
                let moves = self.moves_of(at, *t);
                if moves.len() > 1 && self.given(at, *t).is_none() {
                    all.push(Set {
                        place: at,
                        player,
                        t: *t,
                        moves,
                    });
                }
            }
        }
        all
    }
}

/// An information set: a type of a party at a place.
#[derive(Clone, Debug)]
pub(super) struct Set {
    pub(super) place: usize,
    pub(super) player: usize,
    pub(super) t: usize,
    /// Which of the place's moves it has.
    pub(super) moves: Vec<usize>,
}

/// What has happened on the way to a place.
#[derive(Clone, Debug, Default)]
struct History {
    announced: Vec<usize>,
    refused: Vec<usize>,
    charges: Vec<(usize, usize, bool)>,
}
