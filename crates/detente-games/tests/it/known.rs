//! The games that ship: they read, they are what they say, and their known equilibria are found or recognised.

use detente_diag::{Diagnostics, FileId};
use detente_games::certificate::even_trembles;
use detente_games::oracles::{
    BeerQuiche, Brinkmanship, ChainStore, Commitment, CostlySignal, Crisis, LewisSchultz,
    Opposition, PrivateWarValues, Rubinstein, SignalCost, Spence, TalkWhileFighting, Ultimatum,
    UniformCosts,
};
use detente_games::signalling::{self, Signalling};
use detente_games::{
    Assessment, Game, Number, Recall, Tolerance, Tree, certify, efg, families, logit, recall,
};

/// A game that ships and what is known of it.
struct Known {
    name: &'static str,
    text: &'static str,
    nodes: usize,
    /// Payoffs in the limit of quantal response; to six digits where they are not short.
    limit: &'static [f64],
}

macro_rules! known {
    ($name:literal, $nodes:literal, $limit:expr) => {
        Known {
            name: $name,
            text: include_str!(concat!("../../games/", $name, ".efg")),
            nodes: $nodes,
            limit: &$limit,
        }
    };
}

/// The names and texts of the games that ship.
pub(super) fn shipped() -> impl Iterator<Item = (&'static str, &'static str)> {
    KNOWN.iter().map(|known| (known.name, known.text))
}

/// Half a unit of the last digit that is stated, and what the limit of the branch is off where it cannot be made exact.
const DIGITS: f64 = 2e-6;

const KNOWN: &[Known] = &[
    known!("adjusting-to-beliefs", 19, [37.5, 30.0]),
    known!("agents-only", 11, [2.5, 2.25]),
    known!("alternating-offers", 61, [0.90909, 0.09091]),
    known!("battle-with-exit", 9, [2.0, 2.0]),
    known!("beer-quiche", 15, [2.9, 0.9]),
    known!("beer-quiche-wimps", 15, [1.4, 0.6]),
    known!("bluff-from-bed", 15, [0.0, 0.25]),
    known!("brinkmanship", 11, [0.44, 0.14]),
    known!("centipede-altruists", 31, [1.38, 276.0 / 175.0]),
    known!("chain-store", 69, [0.15, 0.1, 0.3, 0.4]),
    known!("chain-store-tough", 69, [2.2, 0.0, 0.1, 0.3]),
    known!("commitment-problem", 46, [1.66, 0.14]),
    known!("crisis-2-2", 45, [0.975_937_5, 0.0]),
    known!("crisis-3-3", 145, [0.960_234, 0.0]),
    known!("crisis-private-values", 113, [0.15, 0.25]),
    known!("crisis-signalling", 15, [0.108, 0.55]),
    known!("entry-deterrence", 5, [2.0, 2.0]),
    known!("horse", 9, [1.0, 1.0, 1.0]),
    known!("informed-opposition", 27, [0.3, 0.0, 0.7]),
    known!("job-market", 15, [14.0 / 3.0, 6.0]),
    known!("jury-majority", 255, [-0.052, -0.052, -0.052]),
    known!(
        "jury-unanimity",
        255,
        [-11.0 / 98.0, -11.0 / 98.0, -11.0 / 98.0]
    ),
    known!("kuhn-poker", 55, [-1.0 / 18.0, 1.0 / 18.0]),
    known!("nine-equilibria", 15, [4.5, 4.0, 3.5]),
    known!("noisy-commitment", 15, [489.0 / 98.0, 2.01]),
    known!("private-shocks", 190, [0.391_180, 0.179_152]),
    known!("schooling", 51, [1.245, 0.0]),
    known!("settlement", 15, [-6.958_333, 10.0 / 3.0]),
    known!("stripped-poker", 11, [1.0 / 3.0, -1.0 / 3.0]),
    known!("sunk-costs", 276, [0.086, 0.32]),
    known!("talk-while-fighting", 39, [0.702_490, 0.239_711]),
    known!("three-messages", 27, [2.5, 2.0]),
    known!("tied-hands", 276, [0.192, 0.172]),
    known!("ultimatum", 27, [0.6793, 0.2607]),
    known!("uniform-costs", 115, [0.577_111, 0.367_333]),
];

fn read(text: &str) -> Game {
    let mut diagnostics = Diagnostics::default();
    let game = efg::read(text, FileId(0), &mut diagnostics);
    assert!(
        diagnostics.as_slice().is_empty(),
        "{:?}",
        diagnostics.as_slice()
    );
    game.expect("a game")
}

#[test]
fn quantal_response_tends_to_what_is_known() {
    for known in KNOWN {
        let game = read(known.text);
        assert_eq!(game.nodes().len(), known.nodes, "{}", known.name);
        let tree = Tree::new(&game).expect("perfect recall");
        let trace = logit::limit(&tree, &logit::Options::default(), &mut |_| true);
        let answer = &trace.branches[0].answer;
        let certificate = certify(&tree, answer, &Tolerance::default());
        assert!(
            certificate.is_sequential(),
            "{}: {:?}",
            known.name,
            certificate.verdict
        );
        for (is, stated) in certificate.value.iter().zip(known.limit) {
            assert!(
                (is - stated).abs() < DIGITS,
                "{}: {is} {stated}",
                known.name
            );
        }
    }
}

/// The games of oracles and families, as builders build them, by the name of their file.
fn built() -> Vec<(&'static str, &'static str, Game)> {
    let numbers =
        |values: &[f64]| -> Vec<Number> { values.iter().copied().map(Number::from).collect() };
    let signal = CostlySignal::default();
    let costly = |cost| signal.game(cost, 5, &signal.menu(cost));
    let ultimatum = Ultimatum::default();
    vec![
        (
            "ultimatum",
            "After Powell 1999, In the Shadow of Power. B's cost of war is .1 with probability .3, else .3; demands are .001 inside what a type accepts.\n\
             Equilibrium: A asks for all but .201 and is fought by the tough: war .3, A has .6793. Nash only: every type fights whatever A asks.",
            ultimatum.game(&ultimatum.menu(0.001)),
        ),
        (
            "uniform-costs",
            "After Fearon 1995, International Organization 49, with six types of B for a uniform cost between 0 and .4.\n\
             Equilibrium: A asks for 2/3 less .001, war 1/3. With a continuum A asks for .65, war .375, A has .55625.",
            UniformCosts::default().game(6, 0.001),
        ),
        (
            "alternating-offers",
            "After Rubinstein 1982, Econometrica 50, with three rounds, discount factor .9 and offers .001 inside what is accepted.\n\
             Equilibrium: agreement at once, .91 to the first but for the offsets.",
            Rubinstein::default().game(3, 0.001),
        ),
        (
            "crisis-signalling",
            "After Fearon 1994, American Political Science Review 88, and Schultz 1999, International Organization 53. A government, strong with probability .3,\n\
             threatens or not; backing down costs .25.\n\
             Equilibrium: the weak bluff with probability 3/14, the target resists with .8, war .24, values (.108, .55).",
            Crisis::default().game(),
        ),
        (
            "crisis-private-values",
            "After Fearon 1994, American Political Science Review 88, with four types a side for values of war that are uniform.\n\
             Equilibria: threats are resisted with probability .8; bluffs are shared among those who would back down in any way.",
            PrivateWarValues::default().game(4),
        ),
        (
            "informed-opposition",
            "After Schultz 1998, American Political Science Review 92: the crisis of crisis-signalling.efg with an opposition that knows the government's type.\n\
             Equilibrium: only the strong threaten, supported, and the target concedes: (.3, 0, .7), no war.",
            Opposition::default().game(),
        ),
        (
            "sunk-costs",
            "After Fearon 1997, Journal of Conflict Resolution 41, with five types a side; the signal .24 is paid at once.\n\
             Equilibria: defenders above .6 signal, war .24, the defender has .056; and nobody signals, the challenger of least value is\n\
             indifferent, and the defender has between .04 and .132.",
            costly(SignalCost::Sunk),
        ),
        (
            "tied-hands",
            "After Fearon 1997, Journal of Conflict Resolution 41, with five types a side; the signal 6/35 is paid on yielding only.\n\
             Equilibrium: defenders above 9/35 signal, war .48, the defender has .192.",
            costly(SignalCost::Tied),
        ),
        (
            "commitment-problem",
            "After Powell 2006, International Organization 60. A's chance to win falls from .9 to .2; B offers. The first share is paid before the second period.\n\
             Equilibrium: war at once, values (1.66, .14).",
            Commitment::default().game(0.001),
        ),
        (
            "talk-while-fighting",
            "After Filson and Werner 2002, American Journal of Political Science 46, Powell 2004, the same 48, Slantchev 2003, American Political Science Review 97.\n\
             B is tough with probability .1; offers are .001 above what a type accepts.\n\
             Equilibrium: the weak accept with probability 8/9 at once, a battle with probability .2 raises belief to 1/2, A has .704, but for the offsets.",
            TalkWhileFighting::default().game(0.001),
        ),
        (
            "beer-quiche",
            "After Cho and Kreps 1987, Quarterly Journal of Economics 102. One in ten is a wimp.\n\
             Equilibria: both have beer (2.9, .9); both have quiche (2.1, .9), which fails the intuitive criterion.",
            BeerQuiche::default().game(),
        ),
        (
            "beer-quiche-wimps",
            "After Cho and Kreps 1987, Quarterly Journal of Economics 102. Six in ten are wimps.\n\
             Equilibrium, the only one: the surly have beer, wimps with probability 2/3, beer is dueled half the time: (1.4, .6).",
            BeerQuiche { wimp: 0.6 }.game(),
        ),
        (
            "schooling",
            "After Spence 1973, Quarterly Journal of Economics 87, and Riley 1979, Econometrica 47. Productivity is 1 or 2; the firm loses the square of its error.\n\
             Equilibrium: the high have the least schooling that separates, 1.02 on this grid and 1 without one: 1.245 to the worker.",
            Spence::default().game(
                &numbers(&[0.0, 0.3, 0.6, 0.9, 1.02, 1.2]),
                &numbers(&[1.0, 1.5, 2.0]),
            ),
        ),
        (
            "chain-store",
            "After Kreps and Wilson 1982, Journal of Economic Theory 27. Three entrants; the store is tough with probability .1.\n\
             Equilibrium: all come in unless fought before; the weak fight the first with probability 1/3, the second with 1/3, the third never.",
            ChainStore::default().game(),
        ),
        (
            "chain-store-tough",
            "After Kreps and Wilson 1982, Journal of Economic Theory 27. Three entrants; the store is tough with probability .2.\n\
             Equilibrium: the first stays out; were it to come in, the weak would fight with probability 3/4.",
            ChainStore {
                tough: 0.2,
                ..ChainStore::default()
            }
            .game(),
        ),
        (
            "brinkmanship",
            "After Ellsberg 1959, The Theory and Practice of Blackmail, and Snyder and Diesing 1977. B is resolute with probability .28.\n\
             Equilibrium: A stands firm, as the risk of war is below (1 - .4)/(1 + 1) = .3: (.44, .14).",
            Brinkmanship::default().game(0.28),
        ),
        (
            "private-shocks",
            "After Lewis and Schultz 2003, Political Analysis 11, with three quantiles for each normal shock.\n\
             Equilibrium: war 25/81. With normal shocks war .268603, resistance .573223.",
            LewisSchultz::default().game(3),
        ),
        (
            "crisis-2-2",
            "After Fearon 1994, American Political Science Review 88: two types a side, two threats.\n\
             Concession (1 - s, 0), backing down (-a - s, 1), war (its type's value - s, the defender's).\n\
             Equilibrium: values (.9759375, 0), war .0125.",
            families::crisis(2, 2),
        ),
        (
            "crisis-3-3",
            "After Fearon 1994, American Political Science Review 88: three types a side, three threats.\n\
             Concession (1 - s, 0), backing down (-a - s, 1), war (its type's value - s, the defender's).\n\
             Equilibrium: values (.960234, 0), war 1/57.",
            families::crisis(3, 3),
        ),
    ]
}

#[test]
fn files_of_oracles_are_what_builders_build() {
    for (name, comment, mut game) in built() {
        game.comment = comment.into();
        let known = KNOWN
            .iter()
            .find(|known| known.name == name)
            .expect("it ships");
        assert_eq!(efg::write(&game), known.text, "{name}");
    }
}

#[test]
fn both_sides_of_a_bifurcation_are_reported() {
    for (name, payoffs) in [
        // Straight on, the two are indifferent and the first leaves; to one side it stays.
        ("battle-with-exit", &[[2.0, 2.0], [3.0, 1.0]][..]),
        // Straight on, nobody signals; to one side the signal of the closed form.
        ("sunk-costs", &[[0.086, 0.32], [0.056, 0.336]][..]),
    ] {
        let known = KNOWN
            .iter()
            .find(|known| known.name == name)
            .expect("it ships");
        let tree = Tree::new(&read(known.text)).expect("perfect recall");
        let trace = logit::limit(&tree, &logit::Options::default(), &mut |_| true);
        assert!(!trace.crossings.is_empty(), "{name}");
        let values: Vec<Vec<f64>> = trace
            .branches
            .iter()
            .map(|branch| certify(&tree, &branch.answer, &Tolerance::default()))
            .inspect(|certificate| assert!(certificate.is_sequential(), "{name}"))
            .map(|certificate| certificate.value)
            .collect();
        for stated in payoffs {
            let found = values
                .iter()
                .any(|is| is.iter().zip(stated).all(|(a, b)| (a - b).abs() < DIGITS));
            assert!(found, "{name}: {values:?}");
        }
    }
}

/// What sender and receiver get in the corners of all components of sequential equilibria, and whether these survive the intuitive
/// criterion and D1.
type Corners = &'static [(&'static str, &'static str, bool, bool)];

const SIGNALLING: &[(&str, Corners)] = &[
    (
        "adjusting-to-beliefs",
        &[("75/2", "30", true, true), ("75/2", "45", false, false)],
    ),
    (
        "beer-quiche",
        &[
            ("21/10", "9/10", false, false),
            ("29/10", "9/10", true, true),
        ],
    ),
    ("beer-quiche-wimps", &[("7/5", "3/5", true, true)]),
    (
        "bluff-from-bed",
        &[
            ("0", "0", true, true),
            ("0", "1/2", true, true),
            ("1", "0", true, true),
        ],
    ),
    ("crisis-signalling", &[("27/250", "11/20", true, true)]),
    (
        "job-market",
        &[("14/3", "6", true, true), ("4", "4", false, false)],
    ),
    (
        "settlement",
        &[
            ("-28/3", "10/3", true, true),
            ("-5", "5", true, false),
            ("-55/12", "10/3", true, true),
        ],
    ),
    ("stripped-poker", &[("1/3", "-1/3", true, true)]),
    (
        "three-messages",
        &[("5/2", "2", true, true), ("5/2", "3", false, false)],
    ),
];

#[test]
fn enumeration_finds_all_that_comments_state() {
    for (name, stated) in SIGNALLING {
        let known = KNOWN
            .iter()
            .find(|known| known.name == *name)
            .expect("it ships");
        let reading = Signalling::of(&read(known.text)).expect("a signalling game");
        let found = signalling::enumerate(&reading.game);
        assert!(found.complete, "{name}");
        let mut corners: Vec<(String, String, bool, bool)> = found
            .iter()
            .map(|found| {
                (
                    found.sender_payoff.to_string(),
                    found.receiver_payoff.to_string(),
                    found.is_intuitive(),
                    found.survives_d1(),
                )
            })
            .collect();
        corners.sort();
        corners.dedup();
        let stated: Vec<_> = stated
            .iter()
            .map(|&(sender, receiver, intuitive, d1)| {
                (sender.into(), receiver.into(), intuitive, d1)
            })
            .collect();
        assert_eq!(corners, stated, "{name}");
    }
}

/// An equilibrium, or none, of a game that ships: for each information set in the order of the file, the probabilities of its
/// actions.
struct Profile {
    name: &'static str,
    strategy: &'static [&'static [f64]],
    payoffs: &'static [f64],
    finding: Finding,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Finding {
    Sequential,
    NashOnly,
    None,
}

const YES: &[f64] = &[1.0, 0.0];
const NO: &[f64] = &[0.0, 1.0];
const EVEN: &[f64] = &[0.5, 0.5];

const PROFILES: &[Profile] = &[
    // The incumbent would share.
    Profile {
        name: "entry-deterrence",
        strategy: &[YES, NO],
        payoffs: &[1.0, 5.0],
        finding: Finding::NashOnly,
    },
    // The second of three would go down.
    Profile {
        name: "horse",
        strategy: &[NO, YES, YES],
        payoffs: &[3.0, 2.0, 2.0],
        finding: Finding::NashOnly,
    },
    // Everybody fights whatever A asks.
    Profile {
        name: "ultimatum",
        strategy: &[&[0.0, 0.0, 0.0, 1.0], NO, NO, NO, NO, NO, NO, NO, NO],
        payoffs: &[0.4, 0.26],
        finding: Finding::NashOnly,
    },
    Profile {
        name: "battle-with-exit",
        strategy: &[YES, NO, NO],
        payoffs: &[2.0, 2.0],
        finding: Finding::Sequential,
    },
    Profile {
        name: "agents-only",
        strategy: &[NO, YES, NO],
        payoffs: &[2.0, 3.0],
        finding: Finding::None,
    },
    Profile {
        name: "agents-only",
        strategy: &[YES, NO, NO],
        payoffs: &[4.0, 1.0],
        finding: Finding::Sequential,
    },
    Profile {
        name: "agents-only",
        strategy: &[EVEN, &[1.0 / 3.0, 2.0 / 3.0], NO],
        payoffs: &[8.0 / 3.0, 1.5],
        finding: Finding::Sequential,
    },
    Profile {
        name: "job-market",
        strategy: &[NO, NO, NO, NO],
        payoffs: &[4.0, 4.0],
        finding: Finding::Sequential,
    },
    Profile {
        name: "noisy-commitment",
        strategy: &[NO, NO, NO],
        payoffs: &[4.0, 4.0],
        finding: Finding::Sequential,
    },
    Profile {
        name: "nine-equilibria",
        strategy: &[YES, YES, YES],
        payoffs: &[9.0, 8.0, 12.0],
        finding: Finding::Sequential,
    },
];

#[test]
fn certificates_know_other_profiles_for_what_they_are() {
    for profile in PROFILES {
        let known = KNOWN
            .iter()
            .find(|known| known.name == profile.name)
            .expect("it ships");
        let game = read(known.text);
        let tree = Tree::new(&game).expect("perfect recall");
        let strategy = profile.strategy.concat();
        let tremble = even_trembles(&tree, &strategy);
        let certificate = certify(
            &tree,
            &Assessment { strategy, tremble },
            &Tolerance::default(),
        );
        let finding = match (certificate.is_sequential(), certificate.is_nash()) {
            (true, _) => Finding::Sequential,
            (false, true) => Finding::NashOnly,
            (false, false) => Finding::None,
        };
        assert_eq!(
            finding, profile.finding,
            "{}: {:?}",
            profile.name, certificate.verdict
        );
        for (is, stated) in certificate.value.iter().zip(profile.payoffs) {
            assert!(
                (is - stated).abs() < DIGITS,
                "{}: {is} {stated}",
                profile.name
            );
        }
    }
}

#[test]
fn who_forgets_is_flagged() {
    let text = include_str!("../../games/absent-minded-driver.efg");
    let game = read(text);
    assert_eq!(recall(&game), Recall::AbsentMinded { set: 0 });
    assert!(Tree::new(&game).is_err());
}
