//! V(resume): what wars after a deal are worth in every month, from a few edges.
//!
//! A war after a deal differs from another by where the line is, by the numbers that options set, by the guarantors who come, and by the
//! edge: beliefs move it, and the months of peace do. Types whose beliefs differ in the edge alone share the wars at a few edges. Where
//! peace moves no edge, these are the edges that they believe in, and nothing lies between them. Where it does, V(resume) is put between
//! edges by polynomials, each held against a war that it has not seen: V bends where the side that is behind changes, and a stretch of
//! edges with such a bend is halved until what is put between errs by little.

use detente_core::{
    Beliefs, LeverProfile, NoDealSolution, OwnBeliefs, Payoffs, Query, Setting, Target, TypeSet,
    World,
};

use super::law;
use super::life::MONTHS;
use super::{Case, changed, with_burdens};
use crate::Workspace;
use crate::no_deal::contest::spread_of;
use crate::pulled::{only_costs, pay};

/// Greatest error of V(resume) between edges, in points: wherever a polynomial was tried it erred by less, and the one that is used
/// goes through those places too.
pub(crate) const BETWEEN_EDGES: f64 = 0.02;
/// The same as a part of what a type's best state of war is worth over its worst, so that the edges that are solved do not depend on what a
/// point is.
const BETWEEN_STATES: f64 = 1e-4;
/// Less than this is rounding, in points.
const ROUNDING: f64 = 1e-9;
/// Edges of different types that lie nearer than this share their polynomials.
const APART: f64 = 0.12;
/// Edges as far apart as rounding are one.
const SAME: f64 = 1e-12;
/// Places of the finest polynomial of a stretch; every second of them makes up a coarser one, and every fourth the coarsest.
const PLACES: usize = 9;
/// How often a stretch is halved at most: the error of a bend halves with it, so that a bend of two hundred points per unit of edge is
/// within bounds.
const HALVINGS: usize = 7;

/// Types whose beliefs differ in the edge alone, and the stretches of edges in which their wars lie.
#[derive(Clone, Debug)]
struct Cluster {
    beliefs: OwnBeliefs,
    types: TypeSet,
    stretches: Vec<[f64; 2]>,
}

/// What types of a cluster see who believe in one edge.
#[derive(Clone, Debug)]
struct View {
    cluster: usize,
    edge: f64,
    types: TypeSet,
}

/// A stretch of edges with the polynomial through some of them.
#[derive(Clone, Debug)]
struct Piece {
    /// The least edge and the greatest; the least belongs to it only where no other piece ends.
    ends: [f64; 2],
    opens: bool,
    edges: Vec<f64>,
    /// V by edge, by type.
    at: Vec<Vec<f64>>,
}

/// What a view takes of the places of a piece in the months whose edges lie in it. Wars whose pieces are the same share it.
#[derive(Clone, Debug)]
struct Share {
    view: usize,
    ends: [u64; 2],
    places: usize,
    months: Vec<usize>,
    /// By place, by month of those.
    weights: Vec<f64>,
}

/// A war that some package's end starts.
#[derive(Clone, Debug)]
pub(super) struct War {
    pub(super) start: Option<f64>,
    pub(super) sets: Vec<(Target, f64)>,
    /// Do guarantors promise to come?
    pub(super) guaranteed: bool,
}

/// Wars of a world, and room that is re-used from world to world.
#[derive(Debug, Default)]
pub(super) struct Wars {
    clusters: Vec<Cluster>,
    views: Vec<View>,
    /// Edges as offsets of today's, by month.
    offsets: Vec<f64>,
    shares: Vec<Share>,
    /// V(resume) of the war solved last: by set of levers, by type, by month.
    pub(super) values: Vec<f64>,
}

impl Wars {
    /// Lays out the edges of a world.
    pub(super) fn start(&mut self, case: Case) {
        let Case { setting, world, .. } = case;
        let numbers = &world.numbers.durability[0];
        self.offsets.clear();
        let offset = |m: usize| law::rebuilt(numbers, m as f64);
        if setting.contest.is_some() {
            self.offsets.extend((0..MONTHS).map(offset));
        } else {
            self.offsets.resize(MONTHS, 0.0);
        }
        let ends = self.offsets.iter().copied();
        let (least, most) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| {
            (a.min(x), b.max(x))
        });
        self.clusters.clear();
        self.views.clear();
        self.shares.clear();
        for (t, n) in world.numbers.types.iter().enumerate() {
            let own = OwnBeliefs::of(n);
            let beliefs = OwnBeliefs { edge: 0.0, ..own };
            let known = self.clusters.iter().position(|c| c.beliefs == beliefs);
            let cluster = known.unwrap_or(self.clusters.len());
            if known.is_none() {
                self.clusters.push(Cluster {
                    beliefs,
                    types: TypeSet(0),
                    stretches: Vec::new(),
                });
            }
            self.clusters[cluster].types.0 |= 1 << t;
            let mut views = self.views.iter_mut();
            match views.find(|v| v.cluster == cluster && v.edge == own.edge) {
                Some(view) => view.types.0 |= 1 << t,
                None => self.views.push(View {
                    cluster,
                    edge: own.edge,
                    types: TypeSet(1 << t),
                }),
            }
        }
        for (c, cluster) in self.clusters.iter_mut().enumerate() {
            let views = self.views.iter().filter(|view| view.cluster == c);
            let stretches = views.map(|view| [view.edge + least, view.edge + most]);
            cluster.stretches = joined(stretches.collect());
        }
    }

    /// Solves a war for every set of levers that may be pulled.
    pub(super) fn solve(
        &mut self,
        case: Case,
        war: &War,
        profiles: &[LeverProfile],
        payoffs: &Payoffs,
        workspace: &mut Workspace,
        solution: &mut NoDealSolution,
    ) {
        let Case {
            setting,
            world,
            model,
            ..
        } = case;
        let changed: Option<World> = changed(setting, world, &war.sets);
        let world = changed.as_ref().unwrap_or(world);
        let with_burdens = with_burdens(payoffs, world, &war.sets);
        let payoffs = with_burdens.as_ref().unwrap_or(payoffs);
        let types = setting.types.len();
        let slack = |t: usize| {
            let own = BETWEEN_STATES * spread_of(t, payoffs);
            own.min(BETWEEN_EDGES) + ROUNDING
        };
        // Without a contest no edge moves anything, and there is one to solve.
        let slack: Vec<f64> = if setting.contest.is_some() {
            (0..types).map(slack).collect()
        } else {
            vec![BETWEEN_EDGES; types]
        };
        self.values.clear();
        self.values
            .resize(profiles.len() * types * MONTHS, f64::NAN);
        workspace.contest.only_values = true;
        let mut between = Vec::new();
        // Levers that only cost somebody something by the month change no war: it is solved without them, and their months are added.
        let mut solved: Vec<Solved> = Vec::new();
        for (set, pulled) in profiles.iter().enumerate() {
            let (fought, paid) = apart(setting, world, *pulled);
            for (c, cluster) in self.clusters.iter().enumerate() {
                let mut value = |edge: f64| {
                    let at = (c, fought, edge.to_bits());
                    let known = solved.iter().position(|war| war.at == at);
                    let place = known.unwrap_or_else(|| {
                        let analyst = Query::analyst(setting, world);
                        let query = Query {
                            beliefs: Beliefs::Own(OwnBeliefs {
                                edge,
                                ..cluster.beliefs
                            }),
                            start_line: war.start,
                            types: cluster.types,
                            levers: analyst.levers.union(fought),
                        };
                        model.solve(setting, world, &query, payoffs, workspace, solution);
                        solved.push(Solved {
                            at,
                            values: solution.values.clone(),
                            months: solution.months.clone(),
                        });
                        solved.len() - 1
                    });
                    let mut values = solved[place].values.clone();
                    pay(setting, world, paid, &solved[place].months, &mut values);
                    values
                };
                let mut pieces = Vec::new();
                for stretch in &cluster.stretches {
                    fit(*stretch, cluster.types, &slack, &mut value, &mut pieces);
                }
                for piece in &pieces {
                    let views = self.views.iter().enumerate();
                    for (v, view) in views.filter(|(_, view)| view.cluster == c) {
                        let share = share(piece, v, view, &self.offsets, &mut self.shares);
                        for t in (0..types).filter(|t| view.types.contains(*t)) {
                            let to = &mut self.values[(set * types + t) * MONTHS..][..MONTHS];
                            share.put(piece, t, &mut between, to);
                        }
                    }
                }
            }
        }
        workspace.contest.only_values = false;
    }
}

impl Share {
    /// V of a type, between the places of a piece, in the months whose edges lie in it. `between`: room.
    fn put(&self, piece: &Piece, t: usize, between: &mut Vec<f64>, to: &mut [f64]) {
        between.clear();
        between.resize(self.months.len(), 0.0);
        let weights = self.weights.chunks_exact(self.months.len().max(1));
        for (weights, v) in weights.zip(&piece.at) {
            let v = v[t];
            for (sum, weight) in between.iter_mut().zip(weights) {
                *sum += weight * v;
            }
        }
        for (month, sum) in self.months.iter().zip(between) {
            to[*month] = *sum;
        }
    }
}

/// What a view takes of a piece: known, or worked out now.
fn share<'a>(
    piece: &Piece,
    view: usize,
    seen: &View,
    offsets: &[f64],
    known: &'a mut Vec<Share>,
) -> &'a Share {
    let (ends, places) = (piece.ends.map(f64::to_bits), piece.edges.len());
    let same = |share: &Share| share.view == view && share.ends == ends && share.places == places;
    if let Some(place) = known.iter().position(same) {
        return &known[place];
    }
    let [least, most] = piece.ends;
    let within = |edge: f64| edge <= most && (edge > least || piece.opens && edge == least);
    let months = offsets.iter().enumerate();
    let months = months.filter(|(_, offset)| within(seen.edge + **offset));
    let months: Vec<usize> = months.map(|(m, _)| m).collect();
    let mut weights = vec![0.0; places * months.len()];
    let mut shares_of = Vec::new();
    for (k, m) in months.iter().enumerate() {
        shares(&piece.edges, seen.edge + offsets[*m], &mut shares_of);
        for (place, share) in shares_of.iter().enumerate() {
            weights[place * months.len() + k] = *share;
        }
    }
    known.push(Share {
        view,
        ends,
        places,
        months,
        weights,
    });
    known.last().expect("pushed")
}

/// A war at one edge: its cluster, the levers that are fought with, the edge; V by type, and what a point a month costs each.
struct Solved {
    at: (usize, LeverProfile, u64),
    values: Vec<f64>,
    months: Vec<f64>,
}

/// Levers that change the war, and those that only cost somebody something by the month.
fn apart(setting: &Setting, world: &World, pulled: LeverProfile) -> (LeverProfile, LeverProfile) {
    let mut both = [LeverProfile::default(); 2];
    for l in (0..setting.levers.len()).filter(|l| pulled.contains(*l)) {
        let part = &mut both[usize::from(only_costs(setting, world, l))];
        *part = part.with(l);
    }
    (both[0], both[1])
}

/// Stretches that overlap, or almost, as one; in the order of their edges. Single edges stay by themselves.
fn joined(mut stretches: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
    stretches.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let mut all: Vec<[f64; 2]> = Vec::new();
    for [least, most] in stretches {
        let apart = if most - least > SAME { APART } else { SAME };
        match all.last_mut() {
            Some(last) if least - last[1] <= apart => last[1] = last[1].max(most),
            _ => all.push([least, most]),
        }
    }
    all
}

/// Polynomials for a stretch of edges, from the least edge to the most.
fn fit(
    [least, most]: [f64; 2],
    types: TypeSet,
    slack: &[f64],
    value: &mut impl FnMut(f64) -> Vec<f64>,
    to: &mut Vec<Piece>,
) {
    if most - least <= SAME {
        let edge = 0.5 * (least + most);
        to.push(Piece {
            ends: [least, most],
            opens: true,
            edges: vec![edge],
            at: vec![value(edge)],
        });
        return;
    }
    let (ends, next) = ([value(least), value(most)], to.len());
    halve([least, most], ends, types, HALVINGS, slack, value, to);
    to[next].opens = true;
}

/// The same for a stretch whose ends are solved and which may be halved so often. `slack`: what may be missed, by type.
fn halve(
    [least, most]: [f64; 2],
    ends: [Vec<f64>; 2],
    types: TypeSet,
    halvings: usize,
    slack: &[f64],
    value: &mut impl FnMut(f64) -> Vec<f64>,
    to: &mut Vec<Piece>,
) {
    // Where Chebyshev's polynomial is greatest: the polynomial's error is spread evenly, and places of a coarse one are places of the
    // next finer.
    let place = |k: usize| {
        let angle = std::f64::consts::PI * k as f64 / (PLACES - 1) as f64;
        0.5 * (least + most) - 0.5 * (most - least) * libm::cos(angle)
    };
    let mut at: [Option<Vec<f64>>; PLACES] = Default::default();
    let [first, last] = ends;
    (at[0], at[PLACES - 1]) = (Some(first), Some(last));
    let mut coarse: Vec<usize> = vec![0, PLACES - 1];
    let mut weights = Vec::new();
    for step in [4, 2, 1] {
        let mut fits = true;
        let edges: Vec<f64> = coarse.iter().map(|k| place(*k)).collect();
        for k in (0..PLACES).step_by(step).filter(|k| k % (2 * step) != 0) {
            let found = value(place(k));
            shares(&edges, place(k), &mut weights);
            for t in (0..found.len()).filter(|t| types.contains(*t)) {
                let known = coarse.iter().filter_map(|place| at[*place].as_ref());
                let put: f64 = weights.iter().zip(known).map(|(s, v)| s * v[t]).sum();
                fits &= (put - found[t]).abs() <= slack[t];
            }
            at[k] = Some(found);
        }
        coarse = (0..PLACES).step_by(step).collect();
        // A straight line may fit by chance where two ends mirror one another.
        let good = step < 4 && fits;
        if good || step == 1 && halvings == 0 {
            to.push(Piece {
                ends: [least, most],
                opens: false,
                edges: coarse.iter().map(|k| place(*k)).collect(),
                at: at.into_iter().flatten().collect(),
            });
            return;
        }
    }
    let middle = at[PLACES / 2].take();
    let [Some(first), Some(middle), Some(last)] = [at[0].take(), middle, at[PLACES - 1].take()]
    else {
        return;
    };
    let half = 0.5 * (least + most);
    let ends = [first, middle.clone()];
    halve([least, half], ends, types, halvings - 1, slack, value, to);
    let ends = [middle, last];
    halve([half, most], ends, types, halvings - 1, slack, value, to);
}

/// What the polynomial through Chebyshev's places takes of each at `x` (Berrut & Trefethen 2004).
fn shares(edges: &[f64], x: f64, to: &mut Vec<f64>) {
    to.clear();
    if let Some(own) = edges.iter().position(|edge| (edge - x).abs() <= SAME) {
        to.resize(edges.len(), 0.0);
        to[own] = 1.0;
        return;
    }
    let last = edges.len() - 1;
    let mut all = 0.0;
    for (k, edge) in edges.iter().enumerate() {
        let end = if k == 0 || k == last { 0.5 } else { 1.0 };
        let sign = if k % 2 == 0 { 1.0 } else { -1.0 };
        let share = end * sign / (x - edge);
        all += share;
        to.push(share);
    }
    for share in to.iter_mut() {
        *share /= all;
    }
}
