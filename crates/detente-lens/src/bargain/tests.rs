//! Published answers, closed forms, and corrupted claims. Answers found by listing every package stand in `listing`.

mod listing;

use super::*;

const NONE: f64 = f64::NEG_INFINITY;

/// A group without marks from the choices' points, a row a choice.
fn issue<const K: usize>(choices: &[[f64; K]]) -> Group {
    Group {
        points: choices.concat(),
        marks: vec![0; choices.len()],
    }
}

fn vectors(frontier: &Frontier) -> Vec<Vec<f64>> {
    (0..frontier.len())
        .map(|n| frontier.margins(n).to_vec())
        .collect()
}

fn at(frontier: &Frontier, solution: Option<&Solution>) -> Vec<Vec<f64>> {
    let places = &solution.expect("a solution").at;
    places
        .iter()
        .map(|&n| frontier.margins(n).to_vec())
        .collect()
}

#[track_caller]
fn close(a: f64, b: f64, within: f64) {
    assert!((a - b).abs() <= within, "{a} is not {b}");
}

/// Option `j` of issue `i` is worth `2654435761·(p+1)·(10i+j+1)·(j+3)·(p+i+5) mod 10007` points to party `p`.
fn generated(issues: u64, options: u64, parties: u64) -> Bargain {
    let points = |i: u64, j: u64, p: u64| {
        let c = 2_654_435_761 * (p + 1) * (i * options + j + 1) * (j + 3) * (p + i + 5) % 10_007;
        f64::from(u32::try_from(c).unwrap())
    };
    let group = |i| Group {
        points: (0..options)
            .flat_map(|j| (0..parties).map(move |p| points(i, j, p)))
            .collect(),
        marks: vec![0; usize::try_from(options).unwrap()],
    };
    let parties = usize::try_from(parties).unwrap();
    let groups = (0..issues).map(group).collect();
    Bargain::new(parties, groups, vec![0.0; parties], 0).unwrap()
}

/// Sizes, Nash points and largest sums as `NegMAS` 0.16 (Mohammad, Nakadai and Greenwald 2021) finds them on the same domains
/// by listing all packages; whole numbers, so nothing is rounded.
#[test]
fn frontiers_of_generated_domains() {
    type Known = ((u64, u64), usize, &'static [f64], &'static [f64], f64);
    let known: [Known; 3] = [
        ((5, 2), 23, &[41634., 43420.], &[42281., 42374.], 85054.),
        ((6, 2), 32, &[51205., 48465.], &[49955., 48884.], 99670.),
        (
            (5, 3),
            187,
            &[42530., 35784., 39804.],
            &[38748., 38159., 38261.],
            118_118.,
        ),
    ];
    for ((issues, parties), size, nash, egalitarian, sum) in known {
        let bargain = generated(issues, 10, parties);
        let floor = vec![0.0; bargain.parties()];
        let frontier = frontier(&bargain, &floor).unwrap();
        assert_eq!(frontier.len(), size);
        let solved = solutions(&bargain, &frontier, None);
        assert_eq!(at(&frontier, solved.nash.as_ref()), [nash]);
        assert_eq!(at(&frontier, solved.egalitarian.as_ref()), [egalitarian]);
        assert_eq!(solved.utilitarian.unwrap().value, sum);
        assert!(certify(&bargain, &floor, &frontier).unwrap().complete);
    }
}

/// Nash 1950, "The bargaining problem", his example: nine goods, worth so much to Bill and to Jack. Bill gives book, whip,
/// ball and bat; Jack gives pen, toy and knife.
#[test]
fn bill_and_jack() {
    let bills = [[2., 4.], [2., 2.], [2., 1.], [2., 2.], [4., 1.]];
    let jacks = [[10., 1.], [4., 1.], [6., 2.], [2., 2.]];
    // Choice 0: who has it keeps it. Choice 1: it changes hands.
    let given = bills.map(|[bill, jack]| issue(&[[0., 0.], [-bill, jack]]));
    let taken = jacks.map(|[bill, jack]| issue(&[[0., 0.], [bill, -jack]]));
    let groups = [given.to_vec(), taken.to_vec()].concat();
    let bargain = Bargain::new(2, groups, vec![0.0; 2], 0).unwrap();
    let frontier = frontier(&bargain, &[0.0; 2]).unwrap();
    let nash = solutions(&bargain, &frontier, None).nash.unwrap();
    assert_eq!(nash.at.len(), 1);
    assert_eq!(
        frontier.package(nash.at[0]),
        [1, 1, 1, 1, 0, 1, 1, 1, 0],
        "book, whip, ball, bat, box; pen, toy, knife, hat"
    );
    assert_eq!(frontier.margins(nash.at[0]), [12., 5.]);
}

/// Fearon 1995, "Rationalist explanations for war": sides that expect .6 and .4 of the issue by war, at costs of .10 and
/// .15, both prefer any division from .50 to .75; splitting the surplus gives .625.
#[test]
fn fearons_range() {
    let shares: Vec<[f64; 2]> = (0..=1000)
        .map(|n| [f64::from(n) / 1000., f64::from(1000 - n) / 1000.])
        .collect();
    let base = vec![-(0.6 - 0.10), -(0.4 - 0.15)];
    let bargain = Bargain::new(2, vec![issue(&shares)], base.clone(), 0).unwrap();
    let zone = frontier(&bargain, &[0.0; 2]).unwrap();
    assert_eq!(count_acceptable(&bargain, &[0.0; 2]), 251);
    assert_eq!(
        (zone.package(0), zone.package(250)),
        (&[750][..], &[500][..])
    );
    let nash = solutions(&bargain, &zone, None).nash.unwrap();
    assert_eq!(zone.package(nash.at[0]), [625]);
    let most = best_for(&bargain, 0).unwrap().unwrap();
    assert_eq!(most.choices, [750]);
    close(most.margins[0], 0.25, 1e-12);

    // All or nothing, and a lottery between them.
    let bargain = Bargain::new(2, vec![issue(&[[1., 0.], [0., 1.]])], base, 0).unwrap();
    let both = frontier(&bargain, &[NONE; 2]).unwrap();
    let lottery = hull(&both, [1.0; 2]).unwrap();
    for point in [lottery.egalitarian, lottery.nash.unwrap()] {
        close(point.parts[0].1, 0.625, 1e-12);
        close(point.margins[0], 0.125, 1e-12);
        close(point.margins[1], 0.125, 1e-12);
    }
}

/// Rubinstein 1982, "Perfect equilibrium in a bargaining model": (1 − δ₂) / (1 − δ₁δ₂) for who moves first.
#[test]
fn rubinsteins_shares() {
    let [first, second] = alternating_offers([0.9, 0.8]);
    close(first, 0.714_285_7, 5e-8);
    close(first + second, 1.0, 1e-15);
    let [first, _] = alternating_offers([0.5, 0.5]);
    close(first, 2.0 / 3.0, 1e-15);
    // Equally patient and offering ever faster: half each.
    let [first, _] = alternating_offers([1.0 - 1e-12; 2]);
    close(first, 0.5, 1e-12);
    assert_eq!(alternating_offers([0.9, 0.0]), [1.0, 0.0]);
    assert_eq!(alternating_offers([1.0, 0.9]), [1.0, 0.0]);
}

/// Brams and Taylor 1996, Fair Division, on Raiffa's (1982, chapter 12) weights of two sides to a canal treaty: 66 points
/// each, .8667 of land and water passing to the second.
#[test]
fn ten_issues_of_a_canal_treaty() {
    let us = [22., 22., 15., 14., 11., 6., 4., 2., 2., 2.];
    let second = [9., 15., 15., 3., 15., 5., 11., 7., 7., 13.];
    let division = adjusted_winner(&us, &second).unwrap();
    close(division.score, 66.0, 1e-12);
    let divided = division.divided.unwrap();
    assert_eq!((divided.item, divided.from), (2, 0));
    close(divided.fraction, 0.8667, 5e-5);
    assert_eq!(division.first_gets.iter().filter(|&&s| s == 1.0).count(), 4);
}

/// Brams and Togman 1996, on six issues of 1978: 65.83 points each, a sixth of Sinai passing to the first.
#[test]
fn camp_david() {
    let first = [35., 10., 20., 10., 5., 20.];
    let second = [55., 5., 10., 5., 20., 5.];
    let division = adjusted_winner(&first, &second).unwrap();
    close(division.score, 65.83, 5e-3);
    let divided = division.divided.unwrap();
    assert_eq!((divided.item, divided.from), (0, 1));
    close(divided.fraction, 1.0 / 6.0, 1e-12);
    close(division.first_gets[0], 1.0 / 6.0, 1e-12);
}

/// Adjusted winner is egalitarian, efficient and envy-free (Brams and Taylor 1996, theorem 4.1): no lottery over whole
/// divisions gives both more.
#[test]
fn adjusted_winner_is_the_egalitarian_lottery() {
    let mut draw = listing::Draw::new(7);
    for _ in 0..200 {
        let items = 2 + draw.below(6);
        let mut stated = || {
            let raw: Vec<f64> = (0..items).map(|_| 1.0 + draw.below(20) as f64).collect();
            let total: f64 = raw.iter().sum();
            raw.iter().map(|x| 100.0 * x / total).collect::<Vec<f64>>()
        };
        let (a, b) = (stated(), stated());
        let division = adjusted_winner(&a, &b).unwrap();
        let groups = (0..items)
            .map(|j| issue(&[[a[j], 0.0], [0.0, b[j]]]))
            .collect();
        let bargain = Bargain::new(2, groups, vec![0.0; 2], 0).unwrap();
        let found = frontier(&bargain, &[NONE; 2]).unwrap();
        let lottery = egalitarian_lottery(&bargain, &found).unwrap();
        close(division.score, lottery.value, 1e-9);
        assert!(division.score >= 50.0 - 1e-9);
        let own = |points: &[f64], share: &dyn Fn(f64) -> f64| -> f64 {
            let shares = division.first_gets.iter().zip(points);
            shares.map(|(s, p)| share(*s) * p).sum()
        };
        close(own(&a, &|s| s), division.score, 1e-9);
        close(own(&b, &|s| 1.0 - s), division.score, 1e-9);
    }
}

#[test]
fn adjusted_winner_refuses_what_is_no_list_of_points() {
    assert_eq!(adjusted_winner(&[100.], &[]), Err(NoDivision::Lengths));
    assert_eq!(
        adjusted_winner(&[60., 40.], &[60., 41.]),
        Err(NoDivision::Sum { party: 1 })
    );
    for bad in [f64::NAN, -1.0, f64::INFINITY] {
        assert_eq!(
            adjusted_winner(&[bad, 40.], &[60., 40.]),
            Err(NoDivision::Number)
        );
    }
    // One item, worth nothing else: cut in half.
    let cut = adjusted_winner(&[100.], &[100.]).unwrap();
    assert_eq!((cut.score, cut.first_gets[0]), (50.0, 0.5));
}

/// Imai 1983: where the smallest shares tie, the second smallest decide.
#[test]
fn ties_of_the_smallest_go_to_the_second_smallest() {
    let packages = [[4., 4., 9.], [4., 7., 5.], [9., 4., 7.], [7., 9., 4.]];
    let bargain = Bargain::new(3, vec![issue(&packages)], vec![0.0; 3], 0).unwrap();
    let found = frontier(&bargain, &[0.0; 3]).unwrap();
    assert_eq!(found.len(), 4);
    let solved = solutions(&bargain, &found, None);
    // Both sorted are 4, 7, 9; every party's ideal is 9, so shares and margins agree.
    let best = [[9., 4., 7.], [7., 9., 4.]];
    assert_eq!(at(&found, solved.egalitarian.as_ref()), best);
    assert_eq!(at(&found, solved.kalai_smorodinsky.as_ref()), best);
    assert_eq!(at(&found, solved.nash.as_ref()), best);
    assert_eq!(solved.ideal, [9.; 3]);
    // A weight decides between them: 9 to the first party.
    let weighted = solutions(&bargain, &found, Some(&[2.0, 1.0, 1.0]));
    assert_eq!(at(&found, weighted.nash.as_ref()), [[9., 4., 7.]]);
}

#[test]
fn a_party_that_cannot_gain_is_left_out_of_the_shares_and_of_no_product() {
    let packages = [[5., 0., 1.], [2., 0., 4.]];
    let bargain = Bargain::new(3, vec![issue(&packages)], vec![0.0; 3], 0).unwrap();
    let found = frontier(&bargain, &[0.0; 3]).unwrap();
    let solved = solutions(&bargain, &found, None);
    assert_eq!(
        at(&found, solved.kalai_smorodinsky.as_ref()),
        [[2., 0., 4.]]
    );
    assert_eq!(solved.nash, None);
    let nothing = Bargain::new(2, vec![issue(&[[1., 1.]])], vec![-1.0; 2], 0).unwrap();
    let found = frontier(&nothing, &[0.0; 2]).unwrap();
    let solved = solutions(&nothing, &found, None);
    assert_eq!(solved.kalai_smorodinsky, None);
    assert_eq!(solved.egalitarian.unwrap().value, 0.0);
}

/// Closed form: with one package for each party, a lottery gives everybody one n-th.
#[test]
fn lotteries_share_what_cannot_be_shared() {
    for parties in 1..=MOST_PARTIES {
        let own = |n: usize| (0..parties).map(move |i| if i == n { 60.0 } else { 0.0 });
        let group = Group {
            points: (0..parties).flat_map(own).collect(),
            marks: vec![0; parties],
        };
        let bargain = Bargain::new(parties, vec![group], vec![0.0; parties], 0).unwrap();
        let found = frontier(&bargain, &vec![0.0; parties]).unwrap();
        let lottery = egalitarian_lottery(&bargain, &found).unwrap();
        close(lottery.value, 60.0 / parties as f64, 1e-12);
        assert_eq!(lottery.mixture.parts.len(), parties);
        assert!(lottery.gap < 1e-12);
    }
}

#[test]
fn empty_bargains() {
    let none = Bargain::new(2, vec![], vec![1.0, -1.0], 0).unwrap();
    assert_eq!(vectors(&frontier(&none, &[NONE; 2]).unwrap()), [[1., -1.]]);
    let nobody = frontier(&none, &[0.0; 2]).unwrap();
    assert!(nobody.is_empty());
    assert_eq!(solutions(&none, &nobody, None), Solutions::default());
    assert_eq!(hull(&nobody, [1.0; 2]), None);
    assert_eq!(egalitarian_lottery(&none, &nobody), None);
    assert_eq!(best_for(&none, 0).unwrap(), None);
    let one = best_for(&none, 1).unwrap().unwrap();
    assert_eq!(one.margins, [1., -1.]);
    // Marks that nothing brings.
    let group = Group {
        points: vec![1., 1.],
        marks: vec![0b10],
    };
    for (required, found) in [(0b10, 1), (0b01, 0), (0b11, 0), (0, 0)] {
        let bargain = Bargain::new(2, vec![group.clone()], vec![0.0; 2], required).unwrap();
        assert_eq!(frontier(&bargain, &[0.0; 2]).unwrap().len(), found);
        assert_eq!(count_acceptable(&bargain, &[0.0; 2]), found as u64);
    }
}

#[test]
fn tables_that_are_no_bargain_are_refused() {
    let group = || issue(&[[1.0, 2.0]]);
    let new = |parties, groups, base| Bargain::new(parties, groups, base, 0).map(|_| ());
    assert_eq!(new(0, vec![], vec![]), Err(BadBargain::Parties));
    assert_eq!(new(9, vec![], vec![0.0; 9]), Err(BadBargain::Parties));
    assert_eq!(new(2, vec![group()], vec![0.0]), Err(BadBargain::Base));
    let wrong = Err(BadBargain::Group { group: 1 });
    let empty = Group {
        points: vec![],
        marks: vec![],
    };
    assert_eq!(new(2, vec![group(), empty], vec![0.0; 2]), wrong);
    assert_eq!(
        new(3, vec![], vec![0.0, f64::NAN, 0.0]),
        Err(BadBargain::NotFinite)
    );
    let nan = issue(&[[1.0, f64::NAN]]);
    assert_eq!(new(2, vec![nan], vec![0.0; 2]), Err(BadBargain::NotFinite));
}

/// Giving up is counted in comparisons, so that it does not depend on the machine.
#[test]
fn eight_parties_who_agree_on_nothing_are_too_much() {
    let bargain = generated(12, 10, 8);
    assert_eq!(frontier(&bargain, &[NONE; 8]), Err(TooLarge));
}

/// Too many packages to list: the check is one-sided, and still finds what is best in some direction missing.
#[test]
fn a_frontier_of_many_packages_is_checked_too() {
    let bargain = generated(10, 10, 3);
    let floor = [0.0; 3];
    let found = frontier(&bargain, &floor).unwrap();
    let certificate = certify(&bargain, &floor, &found).unwrap();
    assert!(!certificate.complete && certificate.packages > 100_000);
    let best = solutions(&bargain, &found, None).utilitarian.unwrap().at[0];
    assert!(matches!(
        certify(&bargain, &floor, &without(&found, best)),
        Err(Flaw::Missing { .. })
    ));
}

/// The same where a third of the options need a performer, of whom only one is wanted.
#[test]
fn a_frontier_of_many_marked_packages_is_checked_too() {
    let mut groups = generated(12, 10, 3).groups().to_vec();
    for (g, group) in groups.iter_mut().enumerate() {
        group.marks = (0..10).map(|c| [0, 0, 1, 2][(c + g) % 4]).collect();
    }
    let bargain = Bargain::new(3, groups, vec![-60_000.0; 3], 1).unwrap();
    let floor = [0.0; 3];
    let found = frontier(&bargain, &floor).unwrap();
    assert!(!certify(&bargain, &floor, &found).unwrap().complete);
    let best = solutions(&bargain, &found, None).utilitarian.unwrap().at[0];
    assert!(matches!(
        certify(&bargain, &floor, &without(&found, best)),
        Err(Flaw::Missing { .. })
    ));
    let empty = Frontier::default();
    assert!(matches!(
        certify(&bargain, &floor, &empty),
        Err(Flaw::Missing { .. })
    ));
}

fn without(claim: &Frontier, n: usize) -> Frontier {
    let mut claim = claim.clone();
    claim.count -= 1;
    claim
        .margins
        .drain(n * claim.parties..(n + 1) * claim.parties);
    claim
        .packages
        .drain(n * claim.groups..(n + 1) * claim.groups);
    claim.ways.forget(n);
    claim
}

fn with(claim: &Frontier, bargain: &Bargain, package: &[u32]) -> Frontier {
    let mut claim = claim.clone();
    let mut margins = vec![0.0; claim.parties];
    bargain.margins(package, &mut margins);
    claim.count += 1;
    claim.margins.extend(margins);
    claim.packages.extend(package);
    claim
}

/// Every vector taken out, every number changed, every choice changed, every other package put in: all are refused.
#[test]
fn corrupted_claims_are_refused() {
    let whole = generated(4, 5, 3);
    let mut groups = whole.groups().to_vec();
    groups[1].marks = vec![0, 1, 0, 1, 2];
    groups[3].marks = vec![1, 0, 0, 0, 0];
    let floor = [5000.0, NONE, 12000.0];
    let bargain = Bargain::new(3, groups, vec![0.0; 3], 1).unwrap();
    let found = frontier(&bargain, &floor).unwrap();
    assert!(found.len() > 5 && certify(&bargain, &floor, &found).unwrap().complete);
    let refused = |claim: &Frontier| certify(&bargain, &floor, claim).unwrap_err();
    for n in 0..found.len() {
        assert!(matches!(refused(&without(&found, n)), Flaw::Missing { .. }));
        let twice = with(&found, &bargain, found.package(n));
        assert!(matches!(refused(&twice), Flaw::Covered { .. }));
        for i in 0..3 {
            for wrong in [1.0, -1.0, f64::NAN] {
                let mut claim = found.clone();
                claim.margins[n * 3 + i] += wrong;
                assert_eq!(refused(&claim), Flaw::Margins { at: n });
            }
        }
        for g in 0..4 {
            let mut claim = found.clone();
            claim.packages[n * 4 + g] = (claim.packages[n * 4 + g] + 1) % 5;
            assert_eq!(refused(&claim), Flaw::Margins { at: n });
            claim.packages[n * 4 + g] = 5;
            assert_eq!(refused(&claim), Flaw::Shape);
        }
    }
    let mut seen = [false; 3];
    for code in 0..625 {
        let package = [code / 125, code / 25 % 5, code / 5 % 5, code % 5];
        match refused(&with(&found, &bargain, &package)) {
            Flaw::Marks { .. } => seen[0] = true,
            Flaw::Floor { .. } => seen[1] = true,
            Flaw::Covered { .. } => seen[2] = true,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(seen, [true; 3]);
}
