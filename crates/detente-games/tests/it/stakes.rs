//! Payoffs of all sizes in one game, ties in decimals, several equilibria, and searches that are stopped.

use std::fmt::Write as _;

use detente_diag::{Diagnostics, FileId};
use detente_games::certificate::exact::Exact;
use detente_games::certificate::{Verdict, even_trembles};
use detente_games::solve::{Options, Solution, solve};
use detente_games::{
    Assessment, Game, Recall, Tolerance, Tree, certify, efg, families, nfg, recall, story,
};

/// Appends to a text.
macro_rules! put {
    ($text:ident, $($what:tt)*) => {
        write!($text, $($what)*).expect("a string takes any text")
    };
}

fn game(text: &str) -> Game {
    efg::read(text, FileId(0), &mut Diagnostics::default()).expect("no errors")
}

fn solved(game: &Game) -> (Tree, Solution) {
    let tree = Tree::new(game).expect("perfect recall");
    let solution = solve(game, &tree, &Options::default(), &mut |_| true);
    (tree, solution)
}

fn values(solution: &Solution) -> Vec<Vec<f64>> {
    let found = solution.equilibria.iter();
    found.map(|found| found.certificate.value.clone()).collect()
}

/// A prisoners' dilemma that A may spoil for `doom` to both, at the first move; or with `beside`, at the same move as another way out.
fn dilemma(doom: &str, beside: bool) -> Game {
    let (out, end) = if beside {
        ("\"doom\" \"out\" \"play\"", "t \"\" 8 \"out\" { -7, 0 }\n")
    } else {
        ("\"doom\" \"play\"", "")
    };
    game(&format!(
        "EFG 2 R \"dilemma\" {{ \"A\" \"B\" }}
        p \"\" 1 1 \"first\" {{ {out} }} 0
        t \"\" 9 \"doom\" {{ {doom}, {doom} }}
        {end}p \"\" 1 2 \"A plays\" {{ \"C\" \"D\" }} 0
        p \"\" 2 1 \"B plays\" {{ \"c\" \"d\" }} 0
        t \"\" 1 \"\" {{ 3, 3 }} t \"\" 2 \"\" {{ 0, 5 }}
        p \"\" 2 1 0
        t \"\" 3 \"\" {{ 5, 0 }} t \"\" 4 \"\" {{ 1, 1 }}"
    ))
}

#[test]
fn a_catastrophe_elsewhere_does_not_make_small_stakes_nothing() {
    for doom in ["-10", "-1e6", "-1e9", "-1e12", "-1e15"] {
        for beside in [false, true] {
            let game = dilemma(doom, beside);
            let (tree, solution) = solved(&game);
            assert_eq!(values(&solution), [[1.0, 1.0]], "{doom}, {beside}");
            assert!(solution.rejected.is_empty());
            if doom == "-1e15" {
                // Beyond the digits of `f64`: exact numbers have told.
                continue;
            }
            // Even play of the dilemma is no equilibrium, however large the range of payoffs is.
            let mut even = solution.equilibria[0].answer.strategy.clone();
            let first = tree.actions() - 4;
            even[first..].fill(0.5);
            let answer = Assessment {
                tremble: even_trembles(&tree, &even),
                strategy: even,
            };
            let certificate = certify(&tree, &answer, &Tolerance::default());
            assert!(
                matches!(certificate.verdict, Verdict::NotEquilibrium { .. }),
                "{doom}"
            );
            let told = story::tell(&game, &tree, &answer, &certificate);
            assert!(
                told.scenes
                    .iter()
                    .all(|scene| !scene.sentence.contains("indifferent")),
                "{doom}"
            );
        }
    }
}

/// What the other could do and does not is not at stake; what it does with a probability of a thousand-millionth is.
#[test]
fn what_is_at_stake_depends_on_what_is_planned() {
    // B may blow up either way, and would rather not.
    let (_, solution) = solved(&game(
        "EFG 2 R \"spared\" { \"A\" \"B\" }
        p \"\" 1 1 \"\" { \"l\" \"r\" } 0
        p \"\" 2 1 \"l\" { \"blow up\" \"spare\" } 0 t \"\" 1 \"\" { -1e12, 0 } t \"\" 2 \"\" { 3, 1 }
        p \"\" 2 2 \"r\" { \"blow up\" \"spare\" } 0 t \"\" 3 \"\" { -1e12, 0 } t \"\" 4 \"\" { 5, 1 }",
    ));
    assert_eq!(values(&solution), [[5.0, 1.0]]);
    // Inspection: A is kept from cheating by a punishment of 1e9 that comes with probability 1/(1e9 + 1).
    let inspection = game(
        "EFG 2 R \"inspected\" { \"A\" \"B\" }
        p \"\" 1 1 \"\" { \"honest\" \"cheat\" } 0
        p \"\" 2 1 \"\" { \"inspect\" \"trust\" } 0 t \"\" 1 \"\" { 0, -1 } t \"\" 2 \"\" { 0, 0 }
        p \"\" 2 1 0 t \"\" 3 \"\" { -1000000000, 0 } t \"\" 4 \"\" { 1, -1 }",
    );
    let (_, solution) = solved(&inspection);
    assert!(solution.complete);
    let [only] = &solution.equilibria[..] else {
        panic!("{:?}", values(&solution));
    };
    let Some(Exact::Proved(exact)) = &only.exact else {
        panic!("{:?}", only.exact);
    };
    assert_eq!(exact.strategy[2].to_string(), "1/1000000001");
}

#[test]
fn decimals_paid_on_the_way_add_up_exactly() {
    let tenths = game(
        "EFG 2 R \".1 and .2 are .3\" { \"A\" \"B\" }
        p \"\" 1 1 \"\" { \"l\" \"r\" } 0
        p \"\" 2 1 \"\" { \"x\" \"y\" } 1 \"\" { 0.1, 0 } t \"\" 2 \"\" { 0.2, 5 } t \"\" 3 \"\" { 0.2, 7 }
        p \"\" 2 1 0 t \"\" 4 \"\" { 0.3, 1 } t \"\" 5 \"\" { 0.3, 4 }",
    );
    let (tree, solution) = solved(&tenths);
    assert!((0..4).all(|leaf| tree.payoff[2 * leaf] == 0.3));
    assert!(solution.complete && solution.rejected.is_empty());
    let proved = |e: &detente_games::solve::Equilibrium| matches!(e.exact, Some(Exact::Proved(_)));
    assert!(solution.equilibria.iter().all(proved));
    // A is indifferent whatever it does: both ends of a continuum, and what even play leads to between them.
    assert_eq!(values(&solution), [[0.3, 5.5], [0.3, 4.0], [0.3, 7.0]]);
    assert_eq!(solution.equilibria[1].corners, Some(2));
}

#[test]
fn what_is_proved_is_what_is_told() {
    // The mean of 2^53 + 1 and 2^53 + 2 is no `f64`; the fractions have it, and so has the certificate as nearly as can be.
    let large = game(
        "EFG 2 R \"large\" { \"A\" \"B\" }
        p \"\" 1 1 \"\" { \"l\" \"r\" } 0
        p \"\" 2 1 \"\" { \"x\" \"y\" } 0 t \"\" 1 \"\" { 9007199254740993, 1 } t \"\" 2 \"\" { 9007199254740997, 0 }
        p \"\" 2 1 0 t \"\" 3 \"\" { 9007199254740997, 0 } t \"\" 4 \"\" { 9007199254740993, 1 }",
    );
    let (_, solution) = solved(&large);
    let Some(Exact::Proved(exact)) = &solution.equilibria[0].exact else {
        panic!("{:?}", solution.equilibria);
    };
    assert_eq!(exact.value[0].to_string(), "9007199254740995");
    for found in &solution.equilibria {
        let Some(Exact::Proved(exact)) = &found.exact else {
            continue;
        };
        let nearest: Vec<f64> = exact
            .value
            .iter()
            .map(|q| q.to_string().parse().unwrap_or(0.5))
            .collect();
        assert_eq!(found.certificate.value, nearest);
    }
}

#[test]
fn sets_of_one_action_may_be_passed_at_any_time() {
    let twice = game(
        "EFG 2 R \"\" { \"A\" \"B\" }
        p \"\" 1 1 \"\" { \"go\" } 0
        p \"\" 2 1 \"\" { \"l\" \"r\" } 0
        p \"\" 1 1 0 p \"\" 1 2 \"\" { \"u\" \"d\" } 0 t \"\" 1 \"\" { 1, 0 } t \"\" 2 \"\" { 2, 1 }
        p \"\" 1 2 0 t \"\" 3 \"\" { 3, 5 } t \"\" 4 \"\" { 0, 0 }",
    );
    assert_eq!(recall(&twice), Recall::Perfect);
    let (_, solution) = solved(&twice);
    assert!(values(&solution).contains(&vec![3.0, 5.0]));
    let driver = game(
        "EFG 2 R \"\" { \"A\" } p \"\" 1 1 \"\" { \"l\" \"r\" } 0 t \"\" 0 p \"\" 1 1 0 t \"\" 0 t \"\" 0",
    );
    assert_eq!(recall(&driver), Recall::AbsentMinded { set: 0 });
}

/// Beer and quiche with three types, two of which the sender cannot tell apart, drawn one after another; and the same drawn at once.
#[test]
fn signalling_is_seen_behind_split_and_nested_chance() {
    let after = |duel: [i64; 4]| {
        let [a, b, c, d] = duel;
        format!(
            "p \"\" 2 1 \"beer\" {{ \"duel\" \"no\" }} 0 t \"\" {a} \"\" {{ {a}, {} }} t \"\" {b} \"\" {{ {b}, {} }}
            p \"\" 2 2 \"quiche\" {{ \"duel\" \"no\" }} 0 t \"\" {c} \"\" {{ {c}, {} }} t \"\" {d} \"\" {{ {d}, {} }}\n",
            i64::from(a < 10), i64::from(b > 10), i64::from(c < 10), i64::from(d > 10)
        )
    };
    // Payoffs of the sender below 10 are those of a wimp, shifted by 10 those of the surly.
    let (wimp, surly) = (after([1, 3, 2, 4]), after([12, 14, 11, 13]));
    let nested = game(&format!(
        "EFG 2 R \"\" {{ \"S\" \"R\" }}
        c \"\" 1 \"\" {{ \"wimp\" 1/10 \"rest\" 9/10 }} 0
        p \"\" 1 1 \"wimp\" {{ \"beer\" \"quiche\" }} 0 {wimp}
        c \"\" 2 \"\" {{ \"left\" 1/3 \"right\" 2/3 }} 0
        p \"\" 1 2 \"surly\" {{ \"beer\" \"quiche\" }} 0 {surly}
        p \"\" 1 2 0 {surly}"
    ));
    let plain = game(&format!(
        "EFG 2 R \"\" {{ \"S\" \"R\" }}
        c \"\" 1 \"\" {{ \"wimp\" 1/10 \"surly\" 9/10 }} 0
        p \"\" 1 1 \"wimp\" {{ \"beer\" \"quiche\" }} 0 {wimp}
        p \"\" 1 2 \"surly\" {{ \"beer\" \"quiche\" }} 0 {surly}"
    ));
    let ((_, nested), (_, plain)) = (solved(&nested), solved(&plain));
    assert!(nested.complete && plain.complete);
    assert_eq!(nested.equilibria.len(), 2);
    assert_eq!(values(&nested), values(&plain));
    let (a, b) = (
        nested.signalling.expect("seen"),
        plain.signalling.expect("seen"),
    );
    assert_eq!(a.game, b.game);
}

/// The example of von Stengel (2007, Algorithmic Game Theory, section 3.2) has three equilibria.
#[test]
fn all_equilibria_of_two_players_are_found() {
    let table = "NFG 1 R \"\" { \"R\" \"C\" } { 3 2 } 3 3 2 2 0 3 3 2 5 6 6 1";
    let table = nfg::read(table, FileId(0), &mut Diagnostics::default()).expect("no errors");
    let (_, solution) = solved(&table);
    assert!(solution.complete);
    let strategies = |found: &detente_games::solve::Equilibrium| match &found.exact {
        Some(Exact::Proved(exact)) => exact
            .strategy
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" "),
        other => panic!("{other:?}"),
    };
    let mut found: Vec<String> = solution.equilibria.iter().map(strategies).collect();
    found.sort();
    assert_eq!(
        found,
        ["0 1/3 2/3 1/3 2/3", "1 0 0 1 0", "4/5 1/5 0 2/3 1/3"]
    );
}

/// A third player who never moves leaves a game of two.
#[test]
fn who_never_moves_does_not_count() {
    let watched = game(
        "EFG 2 R \"\" { \"A\" \"B\" \"onlooker\" }
        p \"\" 1 1 \"\" { \"l\" \"r\" } 0
        p \"\" 2 1 \"\" { \"x\" \"y\" } 0 t \"\" 1 \"\" { 2, 1, 7 } t \"\" 2 \"\" { 0, 0, 1 }
        p \"\" 2 1 0 t \"\" 3 \"\" { 0, 0, 0 } t \"\" 4 \"\" { 1, 2, 3 }",
    );
    let (_, solution) = solved(&watched);
    assert!(solution.complete);
    assert_eq!(solution.equilibria.len(), 3);
}

/// Once it has been told to stop, a search asks a few times more at most, whatever it is at.
#[test]
fn searches_stop_when_they_are_told() {
    // Chance draws one of eight types, three messages, eight responses: more patterns than anybody waits for.
    let mut text = String::from("EFG 2 R \"\" { \"S\" \"R\" } c \"\" 1 \"\" {");
    for kind in 0..8 {
        put!(text, " \"t{kind}\" 1/8");
    }
    text += " } 0\n";
    let mut outcome = 0;
    for kind in 1..=8 {
        put!(text, "p \"\" 1 {kind} \"\" {{ \"a\" \"b\" \"c\" }} 0\n");
        for message in 1..=3 {
            let responses = (0..8)
                .map(|r| format!("\"r{r}\""))
                .collect::<Vec<_>>()
                .join(" ");
            put!(text, "p \"\" 2 {message} \"\" {{ {responses} }} 0\n");
            for _ in 0..8 {
                outcome += 1;
                put!(
                    text,
                    "t \"\" {outcome} \"\" {{ {}, {} }}\n",
                    outcome * 7 % 11,
                    outcome * 5 % 13
                );
            }
        }
    }
    let patterns = game(&text);
    let crisis = families::crisis(3, 3);
    for (name, game) in [
        ("patterns", patterns),
        ("crisis", crisis),
        ("dilemma", dilemma("-3", true)),
    ] {
        let tree = Tree::new(&game).expect("perfect recall");
        for patience in [0, 1, 10, 100, 1_000, 5_000] {
            let (mut asked, mut after) = (0, 0);
            let solution = solve(&game, &tree, &Options::default(), &mut |_| {
                asked += 1;
                after += u32::from(asked > patience);
                asked <= patience
            });
            assert!(after <= 20, "{name}: asked {after} times after {patience}");
            assert!(solution.stopped == (after > 0));
        }
    }
}

/// A chain of a hundred thousand moves: nothing takes the square of its length.
#[test]
fn deep_trees_are_solved() {
    let mut text = String::from("EFG 2 R \"deep\" { \"A\" \"B\" }\n");
    for at in 0..100_000 {
        let (player, set, stop) = (1 + at % 2, 1 + at / 2, at % 7);
        put!(
            text,
            "p \"\" {player} {set} \"\" {{ \"stop\" \"on\" }} 0 t \"\" {} \"\" {{ {stop}, {} }}\n",
            at + 1,
            at % 5
        );
    }
    text += "t \"\" 100001 \"\" { 3, 3 }";
    let deep = game(&text);
    let (tree, solution) = solved(&deep);
    let found = &solution.equilibria[0];
    assert!(found.certificate.is_sequential());
    let told = story::tell_most(&deep, &tree, &found.answer, &found.certificate, 10);
    assert_eq!(told.scenes.len(), 10);
}
