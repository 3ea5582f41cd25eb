//! Chances over the types that sign. A unilateral improvement is a matter of the mover's own type; what sanctions it, of all types.

use std::cell::OnceCell;

use detente_core::{NamedPackage, Outcome, Preferences, Row, Scene, Stand};

use super::graph::Room;
use super::states::{States, Step};
use super::{
    IMPROVES, NASH, NASH_IF_SIGNED, SEQUENTIAL, SEQUENTIAL_IF_SIGNED, WOULD_BREAK, WOULD_MOVE,
    WOULD_WITHHOLD,
};

pub(super) fn write(scene: &Scene, row: &mut Row) -> Outcome {
    let (mut told, mut too_many) = (false, false);
    let mut room = Room::default();
    for (p, package) in scene.setting.packages.iter().enumerate() {
        // What may follow a package that nobody asks about is not known.
        let mut weighed = scene.aftermath.prospects.iter().skip(p).take(1);
        if !weighed.all(|found| !found.worth.is_empty()) {
            continue;
        }
        match States::of(scene.setting, package) {
            Some(states) => {
                told = true;
                Signed::new(scene, package, &states).write(p, &mut room, row);
            }
            None => too_many = true,
        }
    }
    match (told, too_many) {
        (true, true) => Outcome::Partly(
            "a package has more than eight clauses to perform, and its states are too many",
        ),
        (false, true) => Outcome::GaveUp(
            "each package has more than eight clauses to perform, and their states are too many",
        ),
        _ => Outcome::Done,
    }
}

/// A package and the types that sign it.
struct Signed<'a> {
    scene: &'a Scene<'a>,
    states: &'a States,
    /// By mover: the types that accept the package; none where some party never signs.
    signers: Vec<Vec<Signer>>,
    /// All of these types.
    types: Vec<usize>,
    /// By what is performed in some state: what it is worth, once somebody asked.
    worths: Vec<OnceCell<Worths>>,
}

/// What is performed in some state, to every type that signs.
struct Worths {
    /// While the deal stands, by type.
    standing: Vec<f64>,
    /// Once it has been ended, by who ended it, by type.
    ended: Vec<OnceCell<Vec<f64>>>,
}

/// A type that accepts.
struct Signer {
    t: usize,
    prior: f64,
    /// States that it could move to from the package and prefers to it.
    improvements: Vec<usize>,
}

impl<'a> Signed<'a> {
    fn new(scene: &'a Scene<'a>, package: &NamedPackage, states: &'a States) -> Self {
        let (setting, world) = (scene.setting, scene.world);
        let accepts = |t: &usize| {
            let stand = scene.stand(*t, &package.choice);
            stand.is_some_and(Stand::accepts) && world.numbers.types[*t].prior > 0.0
        };
        let signers = states.movers.iter().map(|party| {
            let types = setting.parties[*party].types.clone().filter(accepts);
            let signer = |t: usize| Signer {
                t,
                prior: world.numbers.types[t].prior,
                improvements: Vec::new(),
            };
            types.map(signer).collect()
        });
        let mut signed = Self {
            scene,
            states,
            signers: signers.collect(),
            types: Vec::new(),
            worths: Vec::new(),
        };
        if signed.signers.iter().any(Vec::is_empty) {
            signed.signers.iter_mut().for_each(Vec::clear);
            return signed;
        }
        signed
            .worths
            .resize_with(states.packages.len(), OnceCell::new);
        let mut signers = std::mem::take(&mut signed.signers);
        signed
            .types
            .extend(signers.iter().flatten().map(|signer| signer.t));
        for (mover, signers) in signers.iter_mut().enumerate() {
            for signer in signers {
                let (t, graph) = (signer.t, &states.graph);
                let worth = |_, state| signed.worth(t, state);
                signer.improvements = graph.improvements(mover, 0, &worth).collect();
            }
        }
        signed.signers = signers;
        signed
    }

    /// What a state is worth to a type.
    fn worth(&self, t: usize, state: usize) -> f64 {
        if let Some((_, performed)) = self.states.standing.get(state) {
            return self.worths(*performed).standing[t];
        }
        let (performed, ender) = self.states.was(state);
        let ended = &self.worths(performed).ended[ender];
        let left = ended.get_or_init(|| {
            let mut left = Vec::new();
            let party = self.states.movers[self.states.enders[ender]];
            let package = &self.states.packages[performed];
            self.scene.broken(package, party, &mut left);
            left
        });
        left[t]
    }

    /// What a package is worth that is performed in some state. A type would never accept what crosses a hard red line of its own, so that it leaves that for anything.
    fn worths(&self, performed: usize) -> &Worths {
        self.worths[performed].get_or_init(|| {
            let scene = self.scene;
            let package = &self.states.packages[performed];
            let worth = |t: usize| {
                if Preferences::crossed(scene.setting, scene.world, t, package).is_some() {
                    f64::NEG_INFINITY
                } else {
                    scene.deal(t, package) + scene.refusals.promise(t)
                }
            };
            let mut standing = vec![f64::NAN; scene.setting.types.len()];
            for t in &self.types {
                standing[*t] = worth(*t);
            }
            let mut ended = Vec::new();
            ended.resize_with(self.states.enders.len(), OnceCell::new);
            Worths { standing, ended }
        })
    }

    fn write(&self, p: usize, room: &mut Room, row: &mut Row) {
        let movers = &self.states.movers;
        let share = |of: &dyn Fn(&Signer) -> bool| -> Vec<f64> {
            let each = self.signers.iter().map(|signers| {
                let those = signers.iter().filter(|signer| of(signer));
                those.fold(0.0, |sum, signer| sum + signer.prior).min(1.0)
            });
            each.collect()
        };
        let accepting = share(&|_| true);
        let content = share(&|signer| signer.improvements.is_empty());
        let signed: f64 = accepting.iter().product();
        let nash: f64 = content.iter().product();
        for (m, party) in movers.iter().enumerate() {
            let others = accepting.iter().enumerate().filter(|(k, _)| *k != m);
            let others: f64 = others.map(|(_, share)| share).product();
            let improves = others * (accepting[m] - content[m]);
            row.set(IMPROVES, &[*party, p], improves.clamp(0.0, 1.0));
            row.set(WOULD_MOVE, &[*party, p], 0.0);
        }
        for mover in &self.states.enders {
            row.set(WOULD_BREAK, &[movers[*mover], p], 0.0);
        }
        for clause in &self.states.clauses {
            let party = movers[clause.mover];
            row.set(WOULD_WITHHOLD, &[party, p, clause.issue], 0.0);
        }
        let mut sequential = 0.0;
        if nash < signed {
            let mut profile = Vec::with_capacity(movers.len());
            self.each_profile(&mut profile, 1.0, &mut |profile, prior| {
                if self.is_stable(profile, prior, p, room, row) {
                    sequential += prior;
                }
            });
        } else {
            sequential = signed;
        }
        row.set(NASH, &[p], nash);
        row.set(SEQUENTIAL, &[p], sequential.min(1.0));
        if signed > 0.0 {
            row.set(NASH_IF_SIGNED, &[p], (nash / signed).min(1.0));
            row.set(SEQUENTIAL_IF_SIGNED, &[p], (sequential / signed).min(1.0));
        }
    }

    /// Visits every profile of types that sign, with its prior.
    fn each_profile<'s>(
        &'s self,
        profile: &mut Vec<&'s Signer>,
        prior: f64,
        visit: &mut impl FnMut(&[&'s Signer], f64),
    ) {
        let Some(signers) = self.signers.get(profile.len()) else {
            return visit(profile, prior);
        };
        for signer in signers {
            profile.push(signer);
            self.each_profile(profile, prior * signer.prior, visit);
            profile.pop();
        }
    }

    /// Is the package sequentially stable for these types? Counts who would move, and how, where it is not.
    fn is_stable(
        &self,
        profile: &[&Signer],
        prior: f64,
        p: usize,
        room: &mut Room,
        row: &mut Row,
    ) -> bool {
        let worth = |mover: usize, state| self.worth(profile[mover].t, state);
        let mut stable = true;
        for (mover, signer) in profile.iter().enumerate() {
            let party = self.states.movers[mover];
            let mut moves = false;
            for to in &signer.improvements {
                let graph = &self.states.graph;
                if graph.is_sanctioned(mover, (0, *to), &worth, room) {
                    continue;
                }
                moves = true;
                match self.states.step(*to) {
                    Step::Withhold(issue) => row.add(WOULD_WITHHOLD, &[party, p, issue], prior),
                    Step::End => row.add(WOULD_BREAK, &[party, p], prior),
                }
            }
            if moves {
                row.add(WOULD_MOVE, &[party, p], prior);
                stable = false;
            }
        }
        stable
    }
}
