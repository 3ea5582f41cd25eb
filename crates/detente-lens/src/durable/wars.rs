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

use super::dates::Dates;
use super::pieces::{Held, Piece, SAME, Solve, fit, shares};
use super::{Case, Changing, with_burdens};
use crate::no_deal::contest::spread_of;
use crate::pulled::{only_costs, pay};
use crate::{NoDeal, Workspace};

/// Greatest error of V(resume) between edges, in points: wherever a polynomial was tried it erred by less, and the one that is used
/// goes through those places too.
pub(crate) const BETWEEN_EDGES: f64 = 0.02;
/// The same as a part of what a type's best state of war is worth over its worst, so that the edges that are solved do not depend on what a
/// point is.
const BETWEEN_STATES: f64 = 1e-4;
/// How many times as much the polynomial through half of the places may err at the others: the one that is used goes through all of them, and
/// errs by a small part of that.
const COARSER: f64 = 5.0;
/// Less than this is rounding, in points.
const ROUNDING: f64 = 1e-9;
/// Edges of different types that lie nearer than this share their polynomials.
const APART: f64 = 0.12;
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

/// What a view takes of the places of a piece at the dates whose edges lie in it. Wars whose pieces are the same share it.
#[derive(Clone, Debug)]
struct Share {
    view: usize,
    ends: [u64; 2],
    places: usize,
    dates: Vec<usize>,
    /// By place, by date of those.
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
    shares: Vec<Share>,
    room: Known,
    pieces: Vec<Piece>,
    between: Vec<f64>,
    bends: Vec<(f64, usize)>,
    /// V(resume) of the war solved last: by set of levers, by type, by date.
    pub(super) values: Vec<f64>,
}

impl Wars {
    /// Lays out the edges of a world.
    pub(super) fn start(&mut self, world: &World, dates: &Dates) {
        let ends = dates.offsets().iter().copied();
        let (least, most) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| {
            (a.min(x), b.max(x))
        });
        self.clusters.clear();
        self.views.clear();
        self.shares.clear();
        for t in 0..world.numbers.types.len() {
            let own = OwnBeliefs::of(world, t);
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
        (war, dates): (&War, &Dates),
        profiles: &[LeverProfile],
        payoffs: &Payoffs,
        (workspace, changing, solution): (&mut Workspace, &mut Changing, &mut NoDealSolution),
    ) {
        let Case {
            setting,
            world,
            model,
            ..
        } = case;
        let world = changing.with(setting, world, &war.sets);
        let with_burdens = with_burdens(payoffs, world, &war.sets);
        let payoffs = with_burdens.as_ref().unwrap_or(payoffs);
        let types = setting.types.len();
        let slack = |t: usize| {
            let own = BETWEEN_STATES * spread_of(t, payoffs);
            COARSER * own.min(BETWEEN_EDGES) + ROUNDING
        };
        // Without a contest no edge moves anything, and there is one to solve.
        let slack: Vec<f64> = if setting.contest.is_some() {
            (0..types).map(slack).collect()
        } else {
            vec![COARSER * BETWEEN_EDGES; types]
        };
        let count = dates.len();
        self.values.clear();
        self.values.resize(profiles.len() * types * count, f64::NAN);
        workspace.contest.only_values = true;
        let Self {
            clusters,
            views,
            shares,
            room,
            pieces,
            between,
            bends,
            values,
        } = self;
        room.solved.clear();
        room.told.clear();
        for (set, pulled) in profiles.iter().enumerate() {
            // Levers that only cost somebody something by the month change no war: it is solved without them, and their months are added.
            let (fought, paid) = apart(setting, world, *pulled);
            let query = Query::analyst(setting, world);
            let levers = query.levers.union(fought);
            workspace.contest.bends(setting, world, levers, bends);
            for (c, cluster) in clusters.iter().enumerate() {
                let mut solving = Solving {
                    setting,
                    world,
                    model,
                    payoffs,
                    query: Query {
                        start_line: war.start,
                        state: setting.resumes(),
                        types: cluster.types,
                        levers,
                        ..query
                    },
                    beliefs: cluster.beliefs,
                    at: (c, fought),
                    paid,
                    room,
                    workspace,
                    solution,
                };
                solving.room.seen.clear();
                pieces.clear();
                let held = Held {
                    types: cluster.types,
                    slack: &slack,
                    bends,
                };
                for stretch in &cluster.stretches {
                    fit(*stretch, &held, &mut solving, pieces);
                }
                for piece in pieces.iter() {
                    let views = views.iter().enumerate();
                    for (v, view) in views.filter(|(_, view)| view.cluster == c) {
                        let share = share(piece, v, view, dates.offsets(), shares);
                        for t in (0..types).filter(|t| view.types.contains(*t)) {
                            let to = &mut values[(set * types + t) * count..][..count];
                            share.put((piece, &room.seen), t, between, to);
                        }
                    }
                }
            }
        }
        workspace.contest.only_values = false;
    }
}

/// What is known of a war while it is solved.
#[derive(Debug, Default)]
struct Known {
    /// Wars at one edge: the cluster, the levers that are fought with, the edge.
    solved: Vec<(usize, LeverProfile, u64)>,
    /// V of each, by type, then what a point a month costs each type.
    told: Vec<f64>,
    /// V by type at the edges that were asked for, with what the levers cost that are not fought with.
    seen: Vec<f64>,
}

/// Solves a war at edges, as types of a cluster see it, with a set of levers.
struct Solving<'a> {
    setting: &'a Setting,
    world: &'a World,
    model: &'static dyn NoDeal,
    payoffs: &'a Payoffs,
    /// But for beliefs.
    query: Query,
    beliefs: OwnBeliefs,
    at: (usize, LeverProfile),
    paid: LeverProfile,
    room: &'a mut Known,
    workspace: &'a mut Workspace,
    solution: &'a mut NoDealSolution,
}

impl Solve for Solving<'_> {
    fn solve(&mut self, edge: f64) -> usize {
        let types = self.setting.types.len();
        let Known { solved, told, seen } = self.room;
        let at = (self.at.0, self.at.1, edge.to_bits());
        let place = solved.iter().position(|war| *war == at);
        let place = place.unwrap_or_else(|| {
            let query = Query {
                beliefs: Beliefs::Own(OwnBeliefs {
                    edge,
                    ..self.beliefs
                }),
                ..self.query
            };
            let Self {
                setting,
                world,
                model,
                payoffs,
                workspace,
                solution,
                ..
            } = self;
            model.solve(setting, world, &query, payoffs, workspace, solution);
            solved.push(at);
            let both = [&solution.values, &solution.months];
            for (k, list) in both.into_iter().enumerate() {
                told.extend_from_slice(list);
                // A model may tell nothing of months.
                told.resize((2 * solved.len() - 1 + k) * types, f64::NAN);
            }
            solved.len() - 1
        });
        let (values, months) = told[2 * types * place..][..2 * types].split_at(types);
        let first = seen.len();
        seen.extend_from_slice(values);
        pay(
            self.setting,
            self.world,
            self.paid,
            months,
            &mut seen[first..],
        );
        first
    }

    fn value(&self, place: usize, t: usize) -> f64 {
        self.room.seen[place + t]
    }
}

impl Share {
    /// V of a type, between the places of a piece, at the dates whose edges lie in it. `between`: room.
    fn put(
        &self,
        (piece, seen): (&Piece, &[f64]),
        t: usize,
        between: &mut Vec<f64>,
        to: &mut [f64],
    ) {
        between.clear();
        between.resize(self.dates.len(), 0.0);
        let weights = self.weights.chunks_exact(self.dates.len().max(1));
        for (weights, place) in weights.zip(&piece.at) {
            let v = seen[place + t];
            for (sum, weight) in between.iter_mut().zip(weights) {
                *sum += weight * v;
            }
        }
        for (date, sum) in self.dates.iter().zip(between) {
            to[*date] = *sum;
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
    let (ends, places) = (piece.ends.map(f64::to_bits), piece.places);
    let same = |share: &Share| share.view == view && share.ends == ends && share.places == places;
    if let Some(place) = known.iter().position(same) {
        return &known[place];
    }
    let [least, most] = piece.ends;
    let within = |edge: f64| edge <= most && (edge > least || piece.opens && edge == least);
    let dates = offsets.iter().enumerate();
    let dates = dates.filter(|(_, offset)| within(seen.edge + **offset));
    let dates: Vec<usize> = dates.map(|(m, _)| m).collect();
    let mut weights = vec![0.0; places * dates.len()];
    let mut shares_of = Vec::new();
    for (k, m) in dates.iter().enumerate() {
        shares(
            &piece.edges[..piece.places],
            seen.edge + offsets[*m],
            &mut shares_of,
        );
        for (place, share) in shares_of.iter().enumerate() {
            weights[place * dates.len() + k] = *share;
        }
    }
    known.push(Share {
        view,
        ends,
        places,
        dates,
        weights,
    });
    known.last().expect("pushed")
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
