//! What everybody sees of the talks, from the case and from what is at the table.

use detente_core::talks::{
    Table, TalksSetting, given_announcement, given_pull, given_refusal, pulled_on,
};
use detente_core::{LeverProfile, Question};

use super::ends::Ends;

/// What happens at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    Say(usize),
    Offer(Vec<usize>),
    Answer(usize),
    Pull(usize),
    News,
    Deal(usize),
    NoDeal(LeverProfile),
}

/// A place.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) what: What,
    /// Who moves, where somebody does.
    pub(super) by: usize,
    pub(super) round: usize,
    pub(super) next: Vec<usize>,
    /// Levers that have been announced.
    pub(super) said: LeverProfile,
    /// What has been paid: lever, round, pulled or called as a bluff.
    pub(super) paid: Vec<(usize, usize, bool)>,
    /// By type of who moves.
    pub(super) own: Vec<Own>,
}

/// A type at a place.
#[derive(Clone, Debug)]
pub(super) struct Own {
    pub(super) t: usize,
    /// Which of the place's moves it has.
    pub(super) moves: Vec<usize>,
    /// Where these stand among all moves; nothing where there is no choice.
    pub(super) first: Option<usize>,
    /// How likely it makes each, where there is no choice.
    pub(super) by_chance: Vec<f64>,
}

/// A combination of types.
#[derive(Clone, Debug)]
pub(super) struct Profile {
    /// By player: its type, and where that stands among the types that it may be of.
    pub(super) types: Vec<usize>,
    places: Vec<usize>,
    pub(super) chance: f64,
}

/// All of it.
pub(super) struct Histories {
    pub(super) places: Vec<Place>,
    pub(super) players: Vec<usize>,
    pub(super) types: Vec<Vec<usize>>,
    pub(super) profiles: Vec<Profile>,
    /// Moves over all information sets.
    pub(super) moves: usize,
}

/// What has happened so far.
#[derive(Clone, Default)]
struct Past {
    round: usize,
    said: LeverProfile,
    refused: Vec<usize>,
    paid: Vec<(usize, usize, bool)>,
    pulled: LeverProfile,
}

/// What comes next.
#[derive(Clone)]
enum Due {
    Say(usize),
    Round,
    Ask(usize, Vec<usize>),
    Pull(Vec<usize>),
}

impl Histories {
    pub(super) fn new(
        question: Question,
        talks: &TalksSetting,
        table: &Table,
        ends: &Ends,
    ) -> Self {
        let mut laying = Laying {
            question,
            talks,
            table,
            ends,
            places: Vec::new(),
        };
        laying.lay(&Past::default(), Due::Say(0));
        let mut places = laying.places;
        let mover = |place: &Place| !place.next.is_empty() && place.what != What::News;
        let mut players: Vec<usize> = places
            .iter()
            .filter(|place| mover(place))
            .map(|place| place.by)
            .collect();
        players.extend(talks.news);
        players.sort_unstable();
        players.dedup();
        let numbers = &question.world.numbers;
        let there = |party: usize| -> Vec<usize> {
            let own = question.setting.parties[party].types.clone();
            own.filter(|t| numbers.types[*t].prior > 0.0).collect()
        };
        let types: Vec<Vec<usize>> = players.iter().map(|party| there(*party)).collect();
        let mut profiles = vec![Profile {
            types: Vec::new(),
            places: Vec::new(),
            chance: 1.0,
        }];
        for own in &types {
            let mut more = Vec::new();
            for profile in &profiles {
                for (place, t) in own.iter().enumerate() {
                    let mut next = profile.clone();
                    next.types.push(*t);
                    next.places.push(place);
                    next.chance *= numbers.types[*t].prior;
                    more.push(next);
                }
            }
            profiles = more;
        }
        let mut moves = 0;
        for at in 0..places.len() {
            if !mover(&places[at]) {
                continue;
            }
            let by = places[at].by;
            for t in there(by) {
                let mine = may(&places[at], talks, by, t, ends);
                let given = given(question, table, &places[at], t);
                let own = match given.filter(|_| mine.len() > 1) {
                    Some(first) => {
                        let both = [(0, first), (1, 1.0 - first)];
                        let possible = both.into_iter().filter(|(_, p)| *p > 0.0);
                        let (mine, by_chance) = possible.unzip();
                        Own {
                            t,
                            moves: mine,
                            first: None,
                            by_chance,
                        }
                    }
                    None => Own {
                        t,
                        first: (mine.len() > 1).then_some(moves),
                        by_chance: vec![1.0; mine.len()],
                        moves: mine,
                    },
                };
                moves += own.first.map_or(0, |_| own.moves.len());
                places[at].own.push(own);
            }
        }
        Self {
            places,
            players,
            types,
            profiles,
            moves,
        }
    }

    /// The place of a party among the players, if it is one.
    pub(super) fn player_of(&self, party: usize) -> Option<usize> {
        self.players.iter().position(|own| *own == party)
    }

    /// The place of a party that moves.
    pub(super) fn player(&self, party: usize) -> usize {
        self.player_of(party).expect("who moves is a player")
    }

    /// Combinations in which a player is of a type.
    pub(super) fn with(&self, player: usize, t: usize) -> impl Iterator<Item = usize> + '_ {
        let all = self.profiles.iter().enumerate();
        let mine = all.filter(move |(_, profile)| profile.types[player] == t);
        mine.map(|(p, _)| p)
    }

    /// The same if all know which type a player is.
    pub(super) fn told(&self, player: usize, t: usize) -> Self {
        let mut profiles = self.profiles.clone();
        profiles.retain(|profile| profile.types[player] == t);
        let all: f64 = profiles.iter().map(|profile| profile.chance).sum();
        for profile in &mut profiles {
            profile.chance /= all;
        }
        let mut types = self.types.clone();
        types[player] = vec![t];
        Self {
            places: self.places.clone(),
            players: self.players.clone(),
            types,
            profiles,
            moves: self.moves,
        }
    }

    /// The type of a party in a combination; nothing where it has no part.
    pub(super) fn type_in(&self, profile: &Profile, party: usize) -> Option<usize> {
        Some(profile.types[self.player_of(party)?])
    }

    /// The type of who moves at a place.
    pub(super) fn own<'a>(&self, place: &'a Place, profile: &Profile) -> (usize, &'a Own) {
        let at = profile.places[self.player(place.by)];
        (at, &place.own[at])
    }
}

/// How likely a type makes the first of two moves at a place, where that is given and not its choice.
fn given(question: Question, table: &Table, place: &Place, t: usize) -> Option<f64> {
    let (setting, world) = (question.setting, question.world);
    match &place.what {
        What::Say(l) => given_announcement(world, *l, t),
        What::Pull(l) => given_pull(world, *l, t),
        What::Answer(o) => {
            let refuses = given_refusal(setting, world, t, &table.offers[*o]);
            refuses.map(|refuses| 1.0 - refuses)
        }
        _ => None,
    }
}

/// Which moves a type has: it never accepts what its hard red line rules out, nor offers that where it must agree.
fn may(place: &Place, talks: &TalksSetting, by: usize, t: usize, ends: &Ends) -> Vec<usize> {
    let all = 0..place.next.len();
    match &place.what {
        What::Answer(offer) if ends.crosses(*offer, t) => vec![1],
        What::Offer(offers) => {
            let out = |k: &usize| {
                let offer = offers.get(*k);
                offer.is_some_and(|o| {
                    ends.needed(*o).union(talks.agree).contains(by) && ends.crosses(*o, t)
                })
            };
            all.filter(|k| !out(k)).collect()
        }
        _ => all.collect(),
    }
}

struct Laying<'a> {
    question: Question<'a>,
    talks: &'a TalksSetting,
    table: &'a Table,
    ends: &'a Ends<'a>,
    places: Vec<Place>,
}

impl Laying<'_> {
    /// Lays what is due after what has happened; its place.
    fn lay(&mut self, past: &Past, due: Due) -> usize {
        let levers = &self.question.setting.levers;
        match due {
            Due::Say(k) => {
                let Some(l) = self.table.announced.get(k).copied() else {
                    return self.lay(past, Due::Round);
                };
                let here = self.place(What::Say(l), levers[l].by, past);
                let mut said = past.clone();
                said.said = said.said.with(l);
                let both = [(said, Due::Say(k + 1)), (past.clone(), Due::Say(k + 1))];
                self.follow(here, both.into())
            }
            Due::Round => {
                let by = self.talks.order[past.round % self.talks.order.len()];
                let offers: Vec<usize> = (0..self.table.offers.len())
                    .filter(|o| !past.refused.contains(o))
                    .collect();
                let here = self.place(What::Offer(offers.clone()), by, past);
                let mut next = Vec::new();
                for o in &offers {
                    let asked = self.ends.needed(*o).union(self.talks.agree);
                    let asked = asked.iter().filter(|party| *party != by).collect();
                    next.push((past.clone(), Due::Ask(*o, asked)));
                }
                let place = &self.places[here];
                let open = |t: usize| {
                    offers.iter().any(|o| {
                        !(self.ends.needed(*o).union(self.talks.agree).contains(by)
                            && self.ends.crosses(*o, t))
                    })
                };
                let stuck = !self.question.setting.parties[place.by]
                    .types
                    .clone()
                    .all(open);
                let here = self.follow(here, next);
                if self.talks.passes || stuck {
                    let on = self.on(past);
                    self.places[here].next.push(on);
                }
                here
            }
            Due::Ask(o, mut asked) => {
                if asked.is_empty() {
                    return self.place(What::Deal(o), 0, past);
                }
                let party = asked.remove(0);
                let here = self.place(What::Answer(o), party, past);
                let mut refused = past.clone();
                refused.refused.push(o);
                let levers = pulled_on(self.question.setting, &self.table.levers, party);
                let bound =
                    |l: &usize| self.talks.only_announced && self.talks.announced.contains(l);
                let levers = levers
                    .into_iter()
                    .filter(|l| !bound(l) || past.said.contains(*l));
                let due = Due::Pull(levers.collect());
                self.follow(
                    here,
                    vec![(past.clone(), Due::Ask(o, asked)), (refused, due)],
                )
            }
            Due::Pull(mut left) => {
                if left.is_empty() {
                    return if past.pulled.0 == 0 {
                        self.on(past)
                    } else {
                        self.place(What::NoDeal(past.pulled), 0, past)
                    };
                }
                let l = left.remove(0);
                let here = self.place(What::Pull(l), levers[l].by, past);
                let mut done = past.clone();
                done.paid.push((l, past.round, true));
                done.pulled = done.pulled.with(l);
                let mut called = past.clone();
                if past.said.contains(l) && past.paid.iter().all(|(paid, ..)| *paid != l) {
                    called.paid.push((l, past.round, false));
                }
                self.follow(
                    here,
                    vec![(done, Due::Pull(left.clone())), (called, Due::Pull(left))],
                )
            }
        }
    }

    /// What follows a round without a deal.
    fn on(&mut self, past: &Past) -> usize {
        let mut later = past.clone();
        later.round += 1;
        if later.round == self.table.rounds {
            return self.place(What::NoDeal(LeverProfile::default()), 0, past);
        }
        if self.talks.news.is_none() {
            return self.lay(&later, Due::Round);
        }
        let here = self.place(What::News, 0, past);
        self.follow(here, vec![(later.clone(), Due::Round), (later, Due::Round)])
    }

    fn follow(&mut self, here: usize, next: Vec<(Past, Due)>) -> usize {
        for (past, due) in next {
            let place = self.lay(&past, due);
            self.places[here].next.push(place);
        }
        here
    }

    fn place(&mut self, what: What, by: usize, past: &Past) -> usize {
        self.places.push(Place {
            what,
            by,
            round: past.round,
            next: Vec::new(),
            said: past.said,
            paid: past.paid.clone(),
            own: Vec::new(),
        });
        self.places.len() - 1
    }
}
