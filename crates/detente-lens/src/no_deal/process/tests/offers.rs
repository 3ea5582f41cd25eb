//! What a process is to a bargain: alternating offers with a month between them (Binmore, Rubinstein & Wolinsky 1986, The Nash
//! Bargaining Solution in Economic Modelling, *RAND Journal of Economics* 17). What goes on inside the process and what breaks it off by
//! chance move the division; what a party may leave for of its own will does not, until it is better than its share (Binmore, Shaked
//! & Sutton 1989; Muthoo 1999, chapters 4 and 5).

use detente_core::ProcessPlace;

use super::{Process, chain, solve};
use crate::bargain::{Bargain, Group, alternating_offers, frontier, solutions};

/// Two parties over a pie of 100, of the same patience; each lives on a flow while they bargain; at a rate a month talks break down for
/// good, and each has an end.
#[derive(Clone, Copy)]
struct Talks {
    patience: f64,
    flows: [f64; 2],
    rate: f64,
    ends: [f64; 2],
}

impl Talks {
    /// What it is worth to each that nothing is ever agreed, as the process has it.
    fn no_deal(self) -> [f64; 2] {
        [0, 1].map(|party| {
            let moves = [(0, ProcessPlace::End(0), self.rate)];
            let states = [[self.flows[party], 0.0]];
            let ends = [self.ends[party]];
            let (setting, world, payoffs) = chain(&[self.patience], &states, &ends, &moves);
            solve(&Process, &setting, &world, &payoffs).values[0]
        })
    }

    /// What the party that answers gets, by backward induction over many months: each proposes in turn what the other would have by
    /// waiting a month, in which it lives on its flow and talks may break down. `leaving`: what the second may have at once by leaving
    /// when it answers, if it may.
    fn offers(self, leaving: Option<f64>) -> [f64; 2] {
        const MONTHS: usize = 60_000;
        let broken = -libm::expm1(-self.rate);
        let wait = |party: usize, next: f64| {
            let later = broken * self.ends[party] + (1.0 - broken) * next;
            (1.0 - self.patience) * self.flows[party] + self.patience * later
        };
        // What each gets where the first proposes, and where the second does.
        let (mut first, mut second) = ([50.0; 2], [50.0; 2]);
        for _ in 0..MONTHS {
            let mut other = wait(1, second[1]);
            other = leaving.map_or(other, |leaving| other.max(leaving));
            let own = wait(0, first[0]);
            (first, second) = ([100.0 - other, other], [own, 100.0 - own]);
        }
        first
    }
}

const CASES: [Talks; 3] = [
    Talks {
        patience: 0.999,
        flows: [10.0, 25.0],
        rate: 0.02,
        ends: [5.0, 15.0],
    },
    Talks {
        patience: 0.999_9,
        flows: [0.0, 0.0],
        rate: 1e-3,
        ends: [20.0, 45.0],
    },
    Talks {
        patience: 0.9995,
        flows: [30.0, 0.0],
        rate: 0.0,
        ends: [0.0, 0.0],
    },
];

/// The first mover's share is V₁ + (100 − V₁ − V₂)/(1 + D), D the chance of another month times patience: as months grow short, half of
/// what no deal leaves. The same comes out as the Nash point of a bargain in which no deal is what the process says.
#[test]
fn offers_come_to_the_nash_point_of_what_no_deal_is_worth() {
    /// Divisions by a twentieth of a point.
    const STEPS: usize = 2000;
    for talks in CASES {
        let [a, b] = talks.no_deal();
        let another = talks.patience * libm::exp(-talks.rate);
        let [first, second] = talks.offers(None);
        assert!((first - a - (100.0 - a - b) / (1.0 + another)).abs() < 1e-6);
        // Without flows and ends it is Rubinstein's, with patience and risk as one.
        let bare = Talks {
            flows: [0.0; 2],
            ends: [0.0; 2],
            ..talks
        };
        let [share, _] = alternating_offers([another; 2]);
        assert!((bare.offers(None)[0] - 100.0 * share).abs() < 1e-6);
        let divisions = (0..=STEPS).flat_map(|k| {
            let own = 100.0 * k as f64 / STEPS as f64;
            [own, 100.0 - own]
        });
        let pie = Group {
            points: divisions.collect(),
            marks: vec![0; STEPS + 1],
        };
        let bargain = Bargain::new(2, vec![pie], vec![-a, -b], 0).unwrap();
        let found = frontier(&bargain, &[0.0; 2]).unwrap();
        let nash = solutions(&bargain, &found, None).nash.unwrap().at[0];
        let margins = found.margins(nash);
        let shares = [margins[0] + a, margins[1] + b];
        let advantage = 100.0 * (1.0 - another);
        assert!(
            (shares[0] - first).abs() < 0.06 + advantage,
            "{shares:?} {first}"
        );
        assert!((shares[1] - second).abs() < 0.06 + advantage);
    }
}

/// Inside and outside options act differently. What comes by chance when talks break down is part of what no deal is, and moves the
/// division by half of what it adds there; the same points for the asking move nothing while they are less than the share, and are the
/// share once they are more.
#[test]
fn what_one_may_leave_for_is_no_part_of_no_deal() {
    for talks in CASES.into_iter().filter(|talks| talks.rate > 0.0) {
        let [_, share] = talks.offers(None);
        let more = Talks {
            ends: [talks.ends[0], talks.ends[1] + 8.0],
            ..talks
        };
        let adds = more.no_deal()[1] - talks.no_deal()[1];
        assert!(adds > 1.0, "{adds}");
        let [_, moved] = more.offers(None);
        assert!(
            (moved - share - 0.5 * adds).abs() < 0.02 * adds,
            "{moved} {share} {adds}"
        );
        for leaving in [0.0, 0.5 * share, share - 0.5] {
            assert!((talks.offers(Some(leaving))[1] - share).abs() < 1e-6);
        }
        let better = share + 7.0;
        assert!((talks.offers(Some(better))[1] - better).abs() < 1e-9);
    }
}
