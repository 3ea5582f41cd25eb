//! Conflicts whose stable states are published.

use super::super::graph::{Graph, Move, Room, Worth};

/// Who moves from which state to which.
type Arc = (usize, usize, usize);

/// How a state stands for a mover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stability {
    /// It has no unilateral improvement (R).
    Nash,
    /// Each of them is sanctioned (SEQ).
    Sequential,
    /// Neither.
    Unstable,
}

pub(super) fn graph(movers: usize, states: usize, arcs: &[Arc]) -> Graph {
    let from = |state: usize| {
        let own = arcs.iter().filter(|(_, from, _)| *from == state);
        own.map(|(mover, _, to)| Move {
            mover: *mover,
            to: *to,
        })
        .collect()
    };
    Graph::new(movers, (0..states).map(from))
}

fn stability(graph: &Graph, mover: usize, state: usize, worth: Worth) -> Stability {
    let mut room = Room::default();
    let improvements: Vec<usize> = graph.improvements(mover, state, worth).collect();
    let mut sanctioned = |to: &usize| graph.is_sanctioned(mover, (state, *to), worth, &mut room);
    if improvements.is_empty() {
        Stability::Nash
    } else if improvements.iter().all(&mut sanctioned) {
        Stability::Sequential
    } else {
        Stability::Unstable
    }
}

/// States that are Nash stable for every mover, and those that are sequentially stable for every mover.
fn equilibria(graph: &Graph, worths: &[impl AsRef<[f64]>]) -> [Vec<usize>; 2] {
    let worth = |mover: usize, state: usize| worths[mover].as_ref()[state];
    let of = |state: usize| (0..worths.len()).map(move |mover| (mover, state));
    let states = 0..graph.states();
    let all = |test: &dyn Fn(Stability) -> bool| {
        let stable =
            |state: &usize| of(*state).all(|(mover, s)| test(stability(graph, mover, s, &worth)));
        states.clone().filter(stable).collect()
    };
    [
        all(&|s| s == Stability::Nash),
        all(&|s| s != Stability::Unstable),
    ]
}

/// What states are worth if they are ranked so, the best first; states counted from one as they are published.
fn ranked(order: &[usize]) -> Vec<f64> {
    let mut worth = vec![0.0; order.len()];
    for (place, state) in order.iter().rev().enumerate() {
        worth[state - 1] = place as f64;
    }
    worth
}

/// The states of a game of two by two: both cooperate, the first alone, the second alone, neither; both can change their mind.
const TWO_BY_TWO: [Arc; 8] = [
    (0, 0, 2),
    (0, 2, 0),
    (0, 1, 3),
    (0, 3, 1),
    (1, 0, 1),
    (1, 1, 0),
    (1, 2, 3),
    (1, 3, 2),
];

/// Fang, Hipel & Kilgour 1993: defection is the Prisoner's Dilemma's Nash equilibrium, and cooperation is sequentially stable, since the
/// answer to a defection is one.
#[test]
fn prisoners_may_keep_cooperating() {
    let worths = [[2.0, 0.0, 3.0, 1.0], [2.0, 3.0, 0.0, 1.0]];
    let graph = graph(2, 4, &TWO_BY_TWO);
    let [nash, sequential] = equilibria(&graph, &worths);
    assert_eq!((nash, sequential), (vec![3], vec![0, 3]));
    for mover in 0..2 {
        let own = stability(&graph, mover, 0, &|m, s| worths[m][s]);
        assert_eq!(own, Stability::Sequential);
    }
}

/// In Chicken whoever drives on is answered by nobody who minds the crash more: only the states in which one gives way are stable.
#[test]
fn chickens_do_not() {
    let worths = [[2.0, 1.0, 3.0, 0.0], [2.0, 3.0, 1.0, 0.0]];
    let graph = graph(2, 4, &TWO_BY_TWO);
    let [nash, sequential] = equilibria(&graph, &worths);
    assert_eq!((nash, sequential), (vec![1, 2], vec![1, 2]));
    let first = stability(&graph, 0, 0, &|m, s| worths[m][s]);
    assert_eq!(first, Stability::Unstable);
}

/// The Elmira conflict over polluted groundwater (Hipel, Fang, Kilgour & Haight 1993, Environmental Conflict Resolution Using the Graph Model;
/// Kilgour & Hipel 2005, The Graph Model for Conflict Resolution: Past, Present, and Future): the ministry may modify its order, Uniroyal
/// delays, accepts or abandons its plant, the local government may insist. States 5, 8 and 9 are equilibria by either standard.
#[test]
fn elmira_comes_to_rest_in_three_states() {
    let ministry = [(1, 2), (3, 4), (5, 6), (7, 8)];
    let accepts = [(1, 3), (2, 4), (5, 7), (6, 8)];
    let abandons = (1..=8).map(|s| (s, 9));
    let insists = [(1, 5), (2, 6), (3, 7), (4, 8)];
    let relents = insists.map(|(from, to)| (to, from));
    let arcs = ministry.map(|arc| (0, arc)).into_iter();
    let arcs = arcs.chain(accepts.into_iter().chain(abandons).map(|arc| (1, arc)));
    let arcs = arcs.chain(insists.into_iter().chain(relents).map(|arc| (2, arc)));
    let arcs: Vec<Arc> = arcs.map(|(m, (from, to))| (m, from - 1, to - 1)).collect();
    let worths = [
        [7, 3, 4, 8, 5, 1, 2, 6, 9],
        [1, 4, 8, 5, 9, 3, 7, 2, 6],
        [7, 3, 5, 1, 8, 6, 4, 2, 9],
    ];
    let worths: Vec<Vec<f64>> = worths.iter().map(|order| ranked(order)).collect();
    let [nash, sequential] = equilibria(&graph(3, 9, &arcs), &worths);
    assert_eq!(nash, [4, 7, 8]);
    assert_eq!(sequential, [4, 7, 8]);
}
