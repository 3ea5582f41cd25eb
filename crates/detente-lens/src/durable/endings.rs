//! What follows endings of a war: a system of linear equations a type, since wars end in endings again.
//!
//! A type's beliefs hold for the wars that follow as for the one that is fought. So endings are found once as every type sees them, and
//! again for whoever is asked what no deal would be worth to it if it believed something else.

use detente_core::{
    Beliefs, DealValue, Fate, NoDealSolution, OwnBeliefs, Payoffs, Query, Setting, TypeSet, World,
};

use super::law::{self, Terms};
use super::life::Lives;
use super::{Case, Changing, with_burdens};
use crate::{Identity, Workspace};

/// Rounds after which worths of endings are taken as they are; each shrinks what is left several times.
const ROUNDS: usize = 500;
/// Worths that change by fewer points have settled.
const SETTLED: f64 = 1e-12;

/// Endings of a world as types see them.
#[derive(Debug, Default)]
pub(crate) struct Endings(Vec<Ending>);

/// An ending of the no-deal model.
#[derive(Debug, Default)]
pub(super) struct Ending {
    pub(super) fate: Option<Fate>,
    pub(super) package: Vec<u8>,
    /// By type: what a point of peace, and a point of war whenever it comes, are worth.
    pub(super) shares: Vec<[f64; 2]>,
    /// By type: UL, V(resume) if every ending were worth UL, V(resume).
    paper: Vec<f64>,
    war_on_paper: Vec<f64>,
    pub(super) war: Vec<f64>,
    /// By type, by ending: what a point in that ending of the resumed war is worth.
    prices: Vec<f64>,
}

impl Endings {
    /// Lists them.
    pub(super) fn list(&mut self, case: Case, paper: &Payoffs, lives: &mut Lives) {
        let Case { setting, world, .. } = case;
        let mut count = 0;
        let mut push = |fate: Option<Fate>, package: &[u8], endings: &mut Vec<Ending>| {
            if endings.len() == count {
                endings.push(Ending::default());
            }
            endings[count].fate = fate;
            endings[count].package.clear();
            endings[count].package.extend_from_slice(package);
            count += 1;
        };
        if let Some(contest) = &setting.contest {
            let mut package = contest.armistice.clone();
            for knot in &paper.knots {
                let mut positions = world.numbers.positions.iter();
                let option = positions.position(|p| p == knot).unwrap_or(0);
                package[contest.line_issue] = u8::try_from(option).expect("at most 64 options");
                push(Some(Fate::Armistice), &package, &mut self.0);
            }
            push(Some(Fate::ADecisive), &contest.a_decisive, &mut self.0);
            push(Some(Fate::BDecisive), &contest.b_decisive, &mut self.0);
        } else if let Some(lottery) = &setting.lottery {
            push(Some(Fate::ADecisive), &lottery.a_wins, &mut self.0);
            push(Some(Fate::BDecisive), &lottery.b_wins, &mut self.0);
        } else {
            // Nothing ends a stated value: one entry, for what stands in.
            push(None, &vec![0; setting.issues.len()], &mut self.0);
        }
        self.0.truncate(count);
        for ending in &mut self.0 {
            let how = how(ending.fate);
            let terms = Terms::of(setting, world, &ending.package, &how);
            let life = lives.on(setting, world, terms);
            ending.shares.clear();
            for t in 0..setting.types.len() {
                let peace = lives.months(life, t).peace();
                ending.shares.push([peace, 1.0 - peace]);
            }
            let types = 0..setting.types.len();
            ending.paper.clear();
            ending.paper.extend(types.map(|t| {
                Identity.worth(setting, world, case.preferences, t, &ending.package, &how)
            }));
            ending.war_on_paper.clear();
            ending.war_on_paper.resize(setting.types.len(), f64::NAN);
            ending.prices.clear();
            ending.prices.resize(setting.types.len() * count, 0.0);
        }
    }

    /// Finds what follows them for types that believe this, of wars that resume with the edge moved by `offset`.
    pub(super) fn solve(
        &mut self,
        case: Case,
        paper: &Payoffs,
        (own, types): (OwnBeliefs, TypeSet),
        (workspace, changing, solution): (&mut Workspace, &mut Changing, &mut NoDealSolution),
    ) {
        let Case { setting, world, .. } = case;
        let offset = match world.numbers.durability.first() {
            Some(numbers) if setting.contest.is_some() => law::rebuilt(numbers, f64::INFINITY),
            _ => 0.0,
        };
        for ending in &mut self.0 {
            let sets = law::sets(setting, world, &ending.package);
            let world = changing.with(setting, world, &sets);
            let payoffs = with_burdens(paper, world, &sets);
            let payoffs = payoffs.as_ref().unwrap_or(paper);
            let start = law::position(setting, world, &ending.package);
            let query = resumed(setting, world, own, types, offset, start);
            let case = Case { world, ..case };
            price(case, &query, payoffs, workspace, solution, ending);
        }
    }

    /// Makes these the same as others, in the room that there is.
    pub(super) fn copy(&mut self, others: &Self) {
        self.0.resize_with(others.0.len(), Ending::default);
        for (own, other) in self.0.iter_mut().zip(&others.0) {
            own.fate = other.fate;
            own.package.clone_from(&other.package);
            own.shares.clone_from(&other.shares);
            own.paper.clone_from(&other.paper);
            own.war_on_paper.clone_from(&other.war_on_paper);
            own.war.clone_from(&other.war);
            own.prices.clone_from(&other.prices);
        }
    }

    pub(super) fn find(&self, package: &[u8], how: &[Fate]) -> Option<&Ending> {
        self.0.iter().find(|ending| {
            ending.fate.is_some_and(|fate| how.contains(&fate)) && ending.package == package
        })
    }

    /// V(resume) after one of them to a type.
    pub(super) fn war(&self, e: usize, t: usize) -> f64 {
        self.0[e].war[t]
    }

    /// D of endings: UL in peace and V(resume) after it, where V(resume) is linear in D of endings. From an unbroken peace and from
    /// war at once; returns how far apart the two come, at most.
    pub(super) fn settle(&mut self, types: TypeSet) -> f64 {
        let count = self.0.len();
        let mut apart: f64 = 0.0;
        let [mut kept, mut now, mut alone] = [(); 3].map(|()| vec![0.0; count]);
        let mut shares = vec![0.0; count * count];
        let all = self.0.first().map_or(0, |ending| ending.paper.len());
        for ending in &mut self.0 {
            ending.war.resize(all, 0.0);
        }
        for t in (0..all).filter(|t| types.contains(*t)) {
            // What each is worth apart from endings of the war after it, and what of each of these it is.
            for (e, ending) in self.0.iter().enumerate() {
                let [peace, after] = ending.shares[t];
                let prices = &ending.prices[t * count..(t + 1) * count];
                let mut on_paper = 0.0;
                for ((share, price), other) in
                    shares[e * count..].iter_mut().zip(prices).zip(&self.0)
                {
                    *share = after * price;
                    on_paper += price * other.paper[t];
                }
                alone[e] = peace * ending.paper[t] + after * (ending.war_on_paper[t] - on_paper);
            }
            for from_war in [true, false] {
                for (worth, ending) in now.iter_mut().zip(&self.0) {
                    *worth = if from_war {
                        ending.war_on_paper[t]
                    } else {
                        ending.paper[t]
                    };
                }
                for _ in 0..ROUNDS {
                    let mut moved: f64 = 0.0;
                    for e in 0..count {
                        let mut worth = alone[e];
                        for (share, other) in shares[e * count..][..count].iter().zip(&now) {
                            worth += share * other;
                        }
                        moved = moved.max((worth - now[e]).abs());
                        now[e] = worth;
                    }
                    if moved <= SETTLED {
                        break;
                    }
                }
                if from_war {
                    kept.clone_from(&now);
                }
            }
            for e in 0..count {
                apart = apart.max((kept[e] - now[e]).abs());
                let war = self.war_after(e, t, &now);
                self.0[e].war[t] = war;
            }
        }
        apart
    }

    /// V(resume) after an ending if endings of the resumed war are worth this.
    fn war_after(&self, e: usize, t: usize, worth: &[f64]) -> f64 {
        let ending = &self.0[e];
        let prices = &ending.prices[t * worth.len()..(t + 1) * worth.len()];
        let more = prices.iter().zip(worth).zip(&self.0);
        ending.war_on_paper[t]
            + more
                .map(|((price, worth), other)| price * (worth - other.paper[t]))
                .sum::<f64>()
    }
}

/// How an ending came about.
fn how(fate: Option<Fate>) -> Vec<Fate> {
    match fate {
        Some(fate @ (Fate::ADecisive | Fate::BDecisive)) => vec![fate, Fate::Imposed],
        Some(fate) => vec![fate],
        None => Vec::new(),
    }
}

/// A war that resumes with the edge moved, as those see it who hold these beliefs.
pub(super) fn resumed(
    setting: &Setting,
    world: &World,
    own: OwnBeliefs,
    types: TypeSet,
    offset: f64,
    start: Option<f64>,
) -> Query {
    Query {
        beliefs: Beliefs::Own(OwnBeliefs {
            edge: own.edge + offset,
            ..own
        }),
        start_line: start,
        state: setting.resumes(),
        types,
        ..Query::analyst(setting, world)
    }
}

/// V(resume) after an ending on paper, and what a point in each ending of that war is worth, for the types of a query.
fn price(
    case: Case,
    query: &Query,
    payoffs: &Payoffs,
    workspace: &mut Workspace,
    solution: &mut NoDealSolution,
    ending: &mut Ending,
) {
    let Case {
        setting,
        world,
        model,
        ..
    } = case;
    workspace.contest.only_values = true;
    model.solve(setting, world, query, payoffs, workspace, solution);
    workspace.contest.only_values = false;
    let count = ending.prices.len() / setting.types.len();
    for t in (0..setting.types.len()).filter(|t| query.types.contains(*t)) {
        ending.war_on_paper[t] = solution.values[t];
        let prices = &mut ending.prices[t * count..(t + 1) * count];
        if setting.contest.is_some() {
            workspace.contest.ending_prices(t, &payoffs.knots, prices);
        }
    }
    if setting.lottery.is_some() && setting.contest.is_none() {
        // V with one point for a side's win, less V with none.
        let zeros = vec![0.0; setting.types.len()];
        let ones = vec![1.0; setting.types.len()];
        let wins = [(&zeros, &zeros), (&ones, &zeros), (&zeros, &ones)];
        let values = wins.map(|(a, b)| {
            let payoffs = Payoffs {
                a_decisive: a.clone(),
                b_decisive: b.clone(),
                ..Payoffs::default()
            };
            model.solve(setting, world, query, &payoffs, workspace, solution);
            solution.values.clone()
        });
        for t in (0..setting.types.len()).filter(|t| query.types.contains(*t)) {
            ending.prices[t * count] = values[1][t] - values[0][t];
            ending.prices[t * count + 1] = values[2][t] - values[0][t];
        }
    }
}
