//! The same talks if everybody knew everybody's type: backward induction for each combination of types.

use super::form::{Form, Outcome, Step};

/// Ties within this many points go to the first of the moves: an offer, its acceptance.
const TIE: f64 = 1e-9;

/// What would come of it.
pub(super) struct Known {
    /// By round: chance that the deal comes in it, not counting what ends otherwise.
    pub(super) deal_in: Vec<f64>,
    /// By type: what it is worth, on average over the others.
    pub(super) worth: Vec<(usize, f64)>,
}

/// Solves every combination of types backwards.
pub(super) fn known(form: &Form) -> Known {
    let mut deal_in = vec![0.0; form.table.rounds];
    let mut sums: Vec<(usize, f64, f64)> = Vec::new();
    for (types, chance) in form.profiles() {
        let mut solving = Solving {
            form,
            types: &types,
            deal: vec![vec![0.0; form.table.rounds]; form.places.len()],
        };
        let worth = solving.worth(0);
        for (sum, p) in deal_in.iter_mut().zip(&solving.deal[0]) {
            *sum += chance * p;
        }
        for (t, worth) in types.iter().zip(worth) {
            match sums.iter_mut().find(|(known, ..)| known == t) {
                Some((_, all, sum)) => {
                    *all += chance;
                    *sum += chance * worth;
                }
                None => sums.push((*t, chance, chance * worth)),
            }
        }
    }
    let worth = sums.into_iter().map(|(t, all, sum)| (t, sum / all));
    Known {
        deal_in,
        worth: worth.collect(),
    }
}

struct Solving<'a> {
    form: &'a Form<'a>,
    /// By player.
    types: &'a [usize],
    /// By place, by round: chance of a deal in it once play is there.
    deal: Vec<Vec<f64>>,
}

impl Solving<'_> {
    /// What a place is worth to every player.
    fn worth(&mut self, place: usize) -> Vec<f64> {
        let form = self.form;
        let here = &form.places[place];
        match &here.step {
            Step::Ends(end) => {
                let types = |party: usize| {
                    let player = form.players.iter().position(|own| *own == party);
                    player.map(|player| self.types[player])
                };
                if let Outcome::Deal(_) = end.outcome {
                    self.deal[place][here.round] = 1.0;
                }
                let worth = self.types.iter().map(|t| form.worth(place, *t, &types));
                worth.collect()
            }
            Step::News => {
                let party = form.talks.news.expect("news of a party");
                let player = form.players.iter().position(|own| *own == party);
                let t = self.types[player.expect("a player")];
                let p = detente_core::talks::chance_of_news(form.scene.world, t);
                self.by_chance(place, &[(0, p), (1, 1.0 - p)])
            }
            Step::Moves(party, _) => {
                let player = form.players.iter().position(|own| own == party);
                let player = player.expect("who moves is a player");
                if form.given(place, self.types[player]).is_some() {
                    let does = form.unchosen(place, self.types[player]);
                    return self.by_chance(place, &does);
                }
                let mut best: Option<(usize, Vec<f64>)> = None;
                for made in form.moves_of(place, self.types[player]) {
                    let next = here.next[made];
                    let worth = self.worth(next);
                    if best
                        .as_ref()
                        .is_none_or(|(_, most)| worth[player] > most[player] + TIE)
                    {
                        best = Some((next, worth));
                    }
                }
                let (next, worth) = best.expect("a move");
                self.adopt(place, next, 1.0);
                worth
            }
        }
    }

    /// What a place is worth where chance goes on by these branches.
    fn by_chance(&mut self, place: usize, branches: &[(usize, f64)]) -> Vec<f64> {
        let mut all = vec![0.0; self.types.len()];
        for (made, chance) in branches {
            let next = self.form.places[place].next[*made];
            let worth = self.worth(next);
            let sums = all.iter_mut().zip(worth);
            sums.for_each(|(sum, x)| *sum += chance * x);
            self.adopt(place, next, *chance);
        }
        all
    }

    fn adopt(&mut self, place: usize, next: usize, chance: f64) {
        let from = self.deal[next].clone();
        for (sum, p) in self.deal[place].iter_mut().zip(from) {
            *sum += chance * p;
        }
    }
}
