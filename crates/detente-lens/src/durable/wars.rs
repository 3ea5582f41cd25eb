//! V(resume): what wars after a deal are worth in every month, from a few edges.
//!
//! A war after a deal differs from another by where the line is, by the numbers that options set, by the guarantors who come, and by the
//! edge: beliefs move it, and the months of peace do. Types whose beliefs differ in the edge alone share the wars at a few edges; between
//! them V(resume) is the polynomial through all.

use detente_core::{
    Beliefs, LeverProfile, NoDealSolution, OwnBeliefs, Payoffs, Query, Target, TypeSet, World,
};

use super::law;
use super::life::MONTHS;
use super::{Case, changed, with_burdens};
use crate::Workspace;

/// Most edges at which a war is solved.
const MOST: usize = 9;
/// Edges are this far apart, or less.
const APART: f64 = 0.12;

/// Types whose beliefs differ in the edge alone, and the edges at which their wars are solved.
#[derive(Clone, Debug)]
struct Cluster {
    beliefs: OwnBeliefs,
    types: TypeSet,
    least: f64,
    most: f64,
    edges: Vec<f64>,
}

/// What a month's edge takes of each edge that is solved, as a type sees it.
#[derive(Clone, Debug)]
struct View {
    cluster: usize,
    edge: f64,
    /// By month, by edge.
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
    view_of: Vec<usize>,
    /// Edges as offsets of today's, by month.
    offsets: Vec<f64>,
    /// V by edge, by type, of the war solved last at one set of levers.
    at: Vec<f64>,
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
        self.view_of.clear();
        for (t, n) in world.numbers.types.iter().enumerate() {
            let own = OwnBeliefs::of(n);
            let beliefs = OwnBeliefs { edge: 0.0, ..own };
            let known = self.clusters.iter().position(|c| c.beliefs == beliefs);
            let place = known.unwrap_or(self.clusters.len());
            if known.is_none() {
                self.clusters.push(Cluster {
                    beliefs,
                    types: TypeSet(0),
                    least: f64::INFINITY,
                    most: f64::NEG_INFINITY,
                    edges: Vec::new(),
                });
            }
            let cluster = &mut self.clusters[place];
            cluster.types.0 |= 1 << t;
            cluster.least = cluster.least.min(own.edge + least);
            cluster.most = cluster.most.max(own.edge + most);
            let mut views = self.views.iter();
            let view = views.position(|v| v.cluster == place && v.edge == own.edge);
            self.view_of.push(view.unwrap_or(self.views.len()));
            if view.is_none() {
                self.views.push(View {
                    cluster: place,
                    edge: own.edge,
                    weights: Vec::new(),
                });
            }
        }
        for cluster in &mut self.clusters {
            cluster.lay_edges(setting.contest.is_none());
        }
        for view in &mut self.views {
            let edges = &self.clusters[view.cluster].edges;
            for offset in &self.offsets {
                weigh(edges, view.edge + offset, &mut view.weights);
            }
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
        self.values.clear();
        workspace.contest.only_values = true;
        for pulled in profiles {
            self.at.clear();
            self.at.resize(MOST * types, f64::NAN);
            for cluster in &self.clusters {
                for (e, edge) in cluster.edges.iter().enumerate() {
                    let mut query = Query {
                        beliefs: Beliefs::Own(OwnBeliefs {
                            edge: *edge,
                            ..cluster.beliefs
                        }),
                        start_line: war.start,
                        types: cluster.types,
                        ..Query::analyst(setting, world)
                    };
                    query.levers = query.levers.union(*pulled);
                    model.solve(setting, world, &query, payoffs, workspace, solution);
                    for t in (0..types).filter(|t| cluster.types.contains(*t)) {
                        self.at[t * MOST + e] = solution.values[t];
                    }
                }
            }
            for t in 0..types {
                let view = &self.views[self.view_of[t]];
                let edges = self.clusters[view.cluster].edges.len();
                let at = &self.at[t * MOST..][..edges];
                let months = view.weights.chunks_exact(edges);
                let value = |weights: &[f64]| -> f64 {
                    weights.iter().zip(at).map(|(weight, v)| weight * v).sum()
                };
                self.values.extend(months.map(value));
            }
        }
        workspace.contest.only_values = false;
    }
}

impl Cluster {
    fn lay_edges(&mut self, one: bool) {
        let width = self.most - self.least;
        if one || width < 1e-12 {
            self.edges.push(0.5 * (self.least + self.most));
            return;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped"
        )]
        let count = (3.0 + width / APART).clamp(3.0, MOST as f64) as usize;
        // Chebyshev's places: the polynomial's error is spread evenly.
        let place = |n: usize| {
            let angle = std::f64::consts::PI * (n as f64 + 0.5) / count as f64;
            0.5 * (self.least + self.most) - 0.5 * width * libm::cos(angle)
        };
        self.edges.extend((0..count).map(place));
    }
}

/// What the polynomial through all edges takes of each at `x`.
fn weigh(edges: &[f64], x: f64, to: &mut Vec<f64>) {
    for (n, edge) in edges.iter().enumerate() {
        let mut weight = 1.0;
        for (o, other) in edges.iter().enumerate() {
            if o != n {
                weight *= (x - other) / (edge - other);
            }
        }
        to.push(weight);
    }
}
