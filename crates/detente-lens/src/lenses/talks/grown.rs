//! The game tree of a form: the public histories once for each combination of types.

use detente_core::talks::chance_of_news;
use detente_games::{NONE, Tree};

use super::form::{Form, Set, Step};

/// The game tree, and for each of its nodes the place and the combination of types that it is of.
#[derive(Clone, Debug)]
pub(super) struct Grown {
    pub(super) tree: Tree,
    pub(super) place: Vec<u32>,
    pub(super) profile: Vec<u32>,
    pub(super) profiles: Vec<(Vec<usize>, f64)>,
}

impl Grown {
    pub(super) fn new(form: &Form) -> Self {
        let sets = form.sets();
        let profiles = form.profiles();
        let mut first_action = vec![0_u32];
        let mut set_of = Vec::new();
        for (s, set) in sets.iter().enumerate() {
            set_of.extend(std::iter::repeat_n(index(s), set.moves.len()));
            first_action.push(index(set_of.len()));
        }
        let mut growing = Growing {
            form,
            sets: sets
                .iter()
                .enumerate()
                .map(|(s, set)| ((set.place, set.t), (index(s), set)))
                .collect(),
            members: vec![Vec::new(); sets.len()],
            grown: Self {
                tree: Tree {
                    players: form.players.len(),
                    parent: Vec::new(),
                    action: Vec::new(),
                    chance: Vec::new(),
                    set: Vec::new(),
                    end: Vec::new(),
                    leaves: Vec::new(),
                    payoff: Vec::new(),
                    player: sets.iter().map(|set| index(set.player)).collect(),
                    first_action,
                    set_of,
                    first_member: vec![0],
                    members: Vec::new(),
                },
                place: Vec::new(),
                profile: Vec::new(),
                profiles: profiles.clone(),
            },
        };
        if profiles.len() > 1 {
            growing.push(0, NONE, 1.0, (u32::MAX, u32::MAX));
        }
        for (k, (types, chance)) in profiles.iter().enumerate() {
            growing.descend(0, (0, NONE, *chance), (k, types));
        }
        let Growing {
            mut grown, members, ..
        } = growing;
        let all = index(grown.tree.parent.len());
        if profiles.len() > 1 {
            grown.tree.end[0] = all;
        }
        for own in &members {
            grown.tree.members.extend(own);
            let so_far = index(grown.tree.members.len());
            grown.tree.first_member.push(so_far);
        }
        grown
    }
}

struct Growing<'a> {
    form: &'a Form<'a>,
    /// By place and type: which information set.
    sets: std::collections::HashMap<(usize, usize), (u32, &'a Set)>,
    members: Vec<Vec<u32>>,
    grown: Grown,
}

impl Growing<'_> {
    fn push(&mut self, parent: u32, action: u32, chance: f64, of: (u32, u32)) -> u32 {
        let tree = &mut self.grown.tree;
        let here = index(tree.parent.len());
        tree.parent.push(parent);
        tree.action.push(action);
        tree.chance.push(chance);
        tree.set.push(NONE);
        tree.end.push(0);
        self.grown.place.push(of.0);
        self.grown.profile.push(of.1);
        here
    }

    fn descend(
        &mut self,
        place: usize,
        (parent, action, chance): (u32, u32, f64),
        (profile, types): (usize, &[usize]),
    ) {
        let form = self.form;
        let here = &form.places[place];
        let of = (index(place), index(profile));
        match &here.step {
            Step::Moves(party, _) => {
                let player = form.players.iter().position(|own| own == party);
                let t = types[player.expect("who moves is a player")];
                let Some((at, set)) = self.sets.get(&(place, t)).copied() else {
                    // Nothing to choose: the one move is made, or chance does what is given.
                    let node = self.push(parent, action, chance, of);
                    for (made, chance) in form.unchosen(place, t) {
                        self.descend(here.next[made], (node, NONE, chance), (profile, types));
                    }
                    return self.close(node);
                };
                let node = self.push(parent, action, chance, of);
                self.grown.tree.set[node as usize] = at;
                self.members[at as usize].push(node);
                let first = self.grown.tree.first_action[at as usize];
                for (k, made) in set.moves.iter().enumerate() {
                    self.descend(
                        here.next[*made],
                        (node, first + index(k), 1.0),
                        (profile, types),
                    );
                }
                self.close(node);
            }
            Step::News => {
                let party = form.talks.news.expect("news of a party");
                let player = form.players.iter().position(|own| *own == party);
                let t = types[player.expect("whom news tells of is a player")];
                let p = chance_of_news(form.scene.world, t);
                let node = self.push(parent, action, chance, of);
                for (next, chance) in here.next.iter().zip([p, 1.0 - p]) {
                    if chance > 0.0 {
                        self.descend(*next, (node, NONE, chance), (profile, types));
                    }
                }
                self.close(node);
            }
            Step::Ends(_) => {
                let node = self.push(parent, action, chance, of);
                self.grown.tree.leaves.push(node);
                let by_party = |party: usize| {
                    let player = form.players.iter().position(|own| *own == party);
                    player.map(|player| types[player])
                };
                for t in types {
                    let worth = form.worth(place, *t, &by_party);
                    self.grown.tree.payoff.push(worth);
                }
                self.close(node);
            }
        }
    }

    fn close(&mut self, node: u32) {
        self.grown.tree.end[node as usize] = index(self.grown.tree.parent.len());
    }
}

/// A count as trees store it.
pub(super) fn index(count: usize) -> u32 {
    u32::try_from(count).expect("fewer than 2^32 of anything in a game")
}
