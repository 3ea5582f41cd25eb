//! The public tree of a game that was read.

use detente_diag::{Diagnostics, FileId};
use detente_games::public::{
    Evaluator, Finish, NotPublic, Prior, PublicGame, PublicTree, TreeEvaluator, VectorForm, expand,
    find, finish, finish_tree,
};
use detente_games::{Assessment, Game, Tolerance, Tree, certify, efg, families};

use super::games::{motley, signalling};

/// The two forms add the same terms in another order.
const ROUNDING: f64 = 1e-11;

fn read(text: &str) -> Game {
    efg::read(text, FileId(0), &mut Diagnostics::default()).expect("no errors")
}

/// A completely mixed profile without pattern.
fn uneven(game: &Game) -> Vec<f64> {
    let mut all = vec![0.0; game.actions()];
    for set in game.sets() {
        let first = set.first_action as usize;
        let weights: Vec<f64> = (0..set.actions.len())
            .map(|a| 1.0 + ((first * 7 + a * 13) % 11) as f64)
            .collect();
        let total: f64 = weights.iter().sum();
        for (a, weight) in weights.iter().enumerate() {
            all[first + a] = weight / total;
        }
    }
    all
}

/// What is found pays what the game pays, to an uneven profile and to best answers to it.
fn says_the_same(game: &Game, form: &VectorForm, name: &str) {
    let tree = Tree::new(game).expect("perfect recall");
    let flat = PublicTree::new(&form.game);
    let actions = uneven(game);
    let profile = form.to_vectors(&flat, &actions);
    assert_eq!(form.to_actions(&flat, &profile), actions, "{name}");
    let found = Evaluator::new(&flat).values(&profile);
    let there = TreeEvaluator::new(&tree)
        .expect("two players")
        .against(&actions, &actions);
    for player in 0..2 {
        for (x, y) in [
            (found.value[player], there.value[player]),
            (found.best[player], there.best[player]),
            (found.conditional[player], there.conditional[player]),
        ] {
            assert!(
                (x - y).abs() <= ROUNDING * (1.0 + y.abs()),
                "{name}: {x} {y}"
            );
        }
    }
}

fn all() -> Vec<(&'static str, PublicGame)> {
    vec![
        ("signalling", signalling()),
        ("crisis", families::public_crisis(5, 3)),
        ("kuhn", families::kuhn()),
        ("leduc", families::leduc()),
        ("independent", motley(false, 1, 0, [0, 1, 2])),
        ("correlated", motley(true, 1, 0, [0, 1, 2])),
    ]
}

/// Expanded, written, read and found again.
#[test]
fn what_was_expanded_is_found() {
    for (name, public) in all() {
        let text = efg::write(&expand(&public).game);
        let game = read(&text);
        let form = find(&game).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert_eq!(form.game.types(), public.types(), "{name}");
        assert!(form.game.nodes().len() <= public.nodes().len(), "{name}");
        let independent = |game: &PublicGame| matches!(game.prior(), Prior::Independent(_));
        assert!(independent(&form.game) || !independent(&public), "{name}");
        says_the_same(&game, &form, name);
    }
}

#[test]
fn the_crisis_family_is_found_as_it_is_stated() {
    let form = find(&families::crisis(6, 4)).expect("a public tree");
    let stated = families::public_crisis(6, 4);
    assert_eq!(form.game.nodes().len(), stated.nodes().len());
    assert_eq!(form.game.actions(), stated.actions());
    assert!(matches!(form.game.prior(), Prior::Independent(_)));
    says_the_same(&families::crisis(6, 4), &form, "crisis");
}

/// The games that ship: found or not, and why not.
#[test]
fn games_that_ship_are_found_or_refused_with_a_reason() {
    let mut found = Vec::new();
    for (name, text) in crate::known::shipped() {
        let game = read(text);
        match find(&game) {
            Ok(form) => {
                says_the_same(&game, &form, name);
                found.push(name);
            }
            Err(why) => assert!(!why.to_string().is_empty()),
        }
    }
    for name in [
        "beer-quiche",
        "crisis-2-2",
        "crisis-3-3",
        "crisis-signalling",
        "kuhn-poker",
        "sunk-costs",
        "tied-hands",
    ] {
        assert!(found.contains(&name), "{name}: {found:?}");
    }
}

const HEAD: &str = "EFG 2 R \"\" { \"A\" \"B\" }\n";

#[test]
fn what_is_no_public_tree_is_told_by_its_reason() {
    let ends = |from: usize, count: usize| {
        let lines = (from..from + count).map(|n| format!("t \"\" {n} \"\" {{ {n}, {} }}\n", n % 3));
        lines.collect::<Vec<_>>().concat()
    };
    // B does not see what A does.
    let unseen = format!(
        "{HEAD}p \"\" 1 1 \"\" {{ \"l\" \"r\" }} 0\np \"\" 2 1 \"\" {{ \"x\" \"y\" }} 0\n{}p \"\" 2 1 0\n{}",
        ends(1, 2),
        ends(3, 2)
    );
    assert_eq!(
        find(&read(&unseen)).err(),
        Some(NotPublic::Unseen { set: 1 })
    );
    // One deal ends at once.
    let differs = format!(
        "{HEAD}c \"\" 1 \"\" {{ \"a\" 1/2 \"b\" 1/2 }} 0\nt \"\" 1 \"\" {{ 1, 1 }}\np \"\" 1 1 \"\" {{ \"l\" \"r\" }} 0\n{}",
        ends(2, 2)
    );
    assert_eq!(
        find(&read(&differs)).err(),
        Some(NotPublic::Differs { node: 2 })
    );
    // A learns B's type after its first move.
    let learns = format!(
        "{HEAD}c \"\" 1 \"\" {{ \"a\" 1/2 \"b\" 1/2 }} 0\n\
         p \"\" 1 1 \"\" {{ \"on\" \"off\" }} 0\np \"\" 1 2 \"\" {{ \"l\" \"r\" }} 0\n{}{}\
         p \"\" 1 1 0\np \"\" 1 3 \"\" {{ \"l\" \"r\" }} 0\n{}{}",
        ends(1, 2),
        ends(3, 1),
        ends(4, 2),
        ends(6, 1)
    );
    assert!(matches!(
        find(&read(&learns)).err(),
        Some(NotPublic::Learns { .. })
    ));
    // Neither knows what the odds of the second lottery hang on.
    let hidden = |second: &str| {
        format!(
            "{HEAD}c \"\" 1 \"\" {{ \"a\" 1/2 \"b\" 1/2 }} 0\n\
             p \"\" 1 1 \"\" {{ \"l\" \"r\" }} 0\nc \"\" 2 \"\" {{ \"u\" 1/4 \"d\" 3/4 }} 0\n{}{}\
             p \"\" 1 1 0\nc \"\" 3 \"\" {{ {second} }} 0\n{}{}",
            ends(1, 2),
            ends(3, 1),
            ends(4, 2),
            ends(6, 1)
        )
    };
    let odds = read(&hidden("\"u\" 1/3 \"d\" 2/3"));
    assert!(matches!(find(&odds).err(), Some(NotPublic::Odds { .. })));
    // With the same odds, in another order, what is hidden is averaged.
    let same = read(&hidden("\"d\" 3/4 \"u\" 1/4"));
    let form = find(&same).expect("averages");
    assert_eq!(form.game.types(), [1, 1]);
    says_the_same(&same, &form, "hidden");
    let three = "EFG 2 R \"\" { \"A\" \"B\" \"C\" } t \"\" 0";
    assert_eq!(find(&read(three)).err(), Some(NotPublic::Players(3)));
    let never = format!(
        "{HEAD}c \"\" 1 \"\" {{ \"a\" 0 \"b\" 1 }} 0\np \"\" 1 1 \"\" {{ \"l\" \"r\" }} 0\n{}p \"\" 1 2 \"\" {{ \"l\" \"r\" }} 0\n{}",
        ends(1, 2),
        ends(3, 2)
    );
    assert_eq!(
        find(&read(&never)).err(),
        Some(NotPublic::Impossible { set: 0 })
    );
}

/// Payoffs on the way, three deals of which two share a type of A, a lottery by label with a branch that one deal lacks.
#[test]
fn payoffs_on_the_way_and_odds_by_deal_are_kept() {
    let text = format!(
        "{HEAD}c \"\" 1 \"\" {{ \"ab\" 1/5 \"ac\" 1/5 \"bb\" 3/5 }} 1 \"fee\" {{ -.1, .2 }}\n\
         p \"\" 1 1 \"a\" {{ \"l\" \"r\" }} 2 \"more\" {{ 1/3, 0 }}\n\
         c \"\" 2 \"\" {{ \"u\" 1/4 \"d\" 3/4 }} 0\np \"\" 2 1 \"b\" {{ \"x\" \"y\" }} 0\nt \"\" 3 \"\" {{ 1, 2 }}\nt \"\" 4 \"\" {{ 2, 1 }}\nt \"\" 5 \"\" {{ 0, 7 }}\nt \"\" 6 \"\" {{ 3, 3 }}\n\
         p \"\" 1 1 2\nc \"\" 3 \"\" {{ \"d\" 1 }} 0\nt \"\" 7 \"\" {{ 9, 1 }}\nt \"\" 6\n\
         p \"\" 1 2 \"b\" {{ \"l\" \"r\" }} 2\nc \"\" 4 \"\" {{ \"d\" 1/2 \"u\" 1/2 }} 0\nt \"\" 8 \"\" {{ 4, 5 }}\np \"\" 2 1 0\nt \"\" 4\nt \"\" 3\nt \"\" 7\n"
    );
    let game = read(&text);
    let form = find(&game).expect("a public tree");
    assert_eq!(form.game.types(), [2, 2]);
    says_the_same(&game, &form, "odds by deal");
}

/// Both forms lead to equilibria that pass the certificate of the tree, at the same values.
#[test]
fn solved_in_vectors_a_game_passes_the_certificate_of_its_tree() {
    for (types, threats) in [(3, 3), (8, 8)] {
        let game = families::crisis(types, threats);
        let tree = Tree::new(&game).expect("perfect recall");
        let form = find(&game).expect("a public tree");
        let flat = PublicTree::new(&form.game);
        let settings = Finish::default();
        let finished = finish(&flat, &settings, &mut || true);
        let in_vectors = Assessment {
            strategy: form.to_actions(&flat, &finished.strategy),
            tremble: form.to_actions(&flat, &finished.tremble),
        };
        let on_tree: Assessment = finish_tree(&tree, &settings, &mut || true)
            .expect("two players")
            .into();
        let [first, second] =
            [in_vectors, on_tree].map(|answer| certify(&tree, &answer, &Tolerance::default()));
        assert!(first.is_sequential(), "{:?}", first.verdict);
        assert!(second.is_sequential(), "{:?}", second.verdict);
        for (a, b) in first.value.iter().zip(&second.value) {
            assert!((a - b).abs() < 1e-6, "{a} {b}");
        }
    }
}
