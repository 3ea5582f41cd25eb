//! The talks through all rooms: closed forms of the literature written as cases, a game built by hand, certificates, and what must change nothing.

use detente_case::{Case, Overrides, Plan};
use detente_core::catalogue::talks::{
    ANNOUNCED, BELIEF_AT, BELIEVED, DEAL, DEAL_IN, DEAL_KNOWN, GAIN, KIND, PLAYS, POSTERIOR, PRICE,
    PULLED, REFUSES, ROUNDS, TREMBLES, WORTH,
};
use detente_core::talks::{Kind, Play};
use detente_core::{Handle, Question, Row, RowView, Search, Setting, Unit, Verdict, World};
use detente_evidence::RunOptions;
use detente_games::oracles::TalkWhileFighting;
use detente_games::{Builder, Number, Tolerance, Tree, certify, logit};
use detente_lens::{LENSES, Stage, conformance};
use detente_study::{Ignored, Table};

#[path = "talks/given.rs"]
mod given;

const ULTIMATUM: &str = include_str!("talks/ultimatum.toml");
const CRISIS: &str = include_str!("talks/crisis.toml");
const FIGHTING: &str = include_str!("talks/fighting.toml");

fn case(text: &str) -> Case {
    let checked = detente_case::check(&[("case.toml", text)], &detente_core::catalogue::all());
    let said: Vec<String> = checked
        .diagnostics
        .iter()
        .map(|d| d.message.clone())
        .collect();
    checked.case.unwrap_or_else(|| panic!("{said:?}"))
}

fn table(text: &str, worlds: usize, threads: usize) -> Table {
    table_under(text, &Overrides::default(), worlds, threads)
}

fn table_under(text: &str, set: &Overrides, worlds: usize, threads: usize) -> Table {
    let case = case(text);
    let plan = Plan::new(&case);
    let options = RunOptions {
        worlds,
        searches: 0,
        solutions: 0,
        threads: Some(threads),
        ..RunOptions::default()
    };
    detente_study::run(&plan, set, options, &Ignored)
}

/// The first world's answers.
struct One {
    case: Case,
    table: Table,
}

impl One {
    fn of(text: &str) -> Self {
        Self::under(text, &Overrides::default())
    }

    fn under(text: &str, set: &Overrides) -> Self {
        let table = table_under(text, set, 1, 1);
        assert!(
            table.column(KIND, &[]).all(|kind| !kind.is_nan()),
            "{:?}",
            table.silences
        );
        Self {
            case: case(text),
            table,
        }
    }

    fn get(&self, of: Handle, index: &[usize]) -> f64 {
        self.table.column(of, index).next().unwrap()
    }

    fn t(&self, id: &str) -> usize {
        let setting = &self.case.setting;
        let types = 0..setting.types.len();
        let mut found = types.filter(|t| detente_core::Dimension::Type.entry(setting, *t) == id);
        found.next().unwrap_or_else(|| panic!("no type {id}"))
    }

    fn worth(&self, id: &str) -> f64 {
        self.get(WORTH, &[self.t(id)])
    }

    fn kind(&self) -> Kind {
        let flags = detente_core::asks::whole(self.get(KIND, &[]));
        Kind(u16::try_from(flags).unwrap())
    }
}

fn near(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!(
        (found - expected).abs() <= tolerance,
        "{what}: {found}, expected {expected}"
    );
}

/// Powell 1999, risk and return: with few tough opponents A demands much and is at war with these; with many it plays safe. p = .5, costs
/// .1, .1 (tough) and .3; offers stand .001 inside what each type takes.
#[test]
fn the_ultimatum_is_a_gamble_up_to_half_of_tough_opponents() {
    let risky = One::of(ULTIMATUM);
    near(
        risky.worth("a"),
        67.93,
        1e-6,
        "A gets (1 − q)(p + cH) + q(p − cA)",
    );
    near(risky.get(DEAL, &[0]), 0.7, 1e-9, "no war with the soft");
    near(
        risky.get(REFUSES, &[risky.t("b.tough"), 1]),
        1.0,
        1e-9,
        "the tough refuse",
    );
    near(
        risky.get(POSTERIOR, &[risky.t("b.tough"), 1]),
        1.0,
        1e-9,
        "who refuses is tough",
    );
    near(
        risky.get(DEAL_KNOWN, &[]),
        1.0,
        1e-9,
        "nobody fights who knows",
    );
    assert!(risky.kind().has(Kind::SCREENS) && !risky.kind().has(Kind::SURE));
    let safe = One::of(
        &ULTIMATUM
            .replace("0.3\n", "0.6\n")
            .replace("0.7\n", "0.4\n"),
    );
    near(safe.worth("a"), 59.9, 1e-6, "the safe offer");
    near(safe.get(DEAL, &[0]), 1.0, 1e-9, "peace");
    assert!(safe.kind().has(Kind::SURE));
}

/// Fearon 1994, Schultz 1999: the weak bluff with 3/14, the target resists with .8, war .24; after a threat it believes in 2/3.
#[test]
fn the_weak_bluff_as_often_as_keeps_the_target_indifferent() {
    let crisis = One::of(CRISIS);
    near(
        crisis.get(ANNOUNCED, &[0, crisis.t("government.weak")]),
        3.0 / 14.0,
        1e-6,
        "the weak bluff",
    );
    near(
        crisis.get(ANNOUNCED, &[0, crisis.t("government.strong")]),
        1.0,
        1e-9,
        "the strong threaten",
    );
    near(
        crisis.get(BELIEVED, &[0]),
        2.0 / 3.0,
        1e-6,
        "belief after a threat",
    );
    near(crisis.get(PULLED, &[0]), 0.24, 1e-6, "war");
    near(
        crisis.get(DEAL, &[3]),
        0.2 * (0.3 + 0.15),
        1e-6,
        "concessions",
    );
    let prior = [0.3, 0.7];
    let government: f64 = ["strong", "weak"]
        .iter()
        .zip(prior)
        .map(|(t, p)| p * crisis.worth(&format!("government.{t}")))
        .sum();
    near(government, 10.8, 1e-5, "the government");
    near(crisis.worth("target"), 55.0, 1e-5, "the target");
    // .8 of the weak who bluff are called.
    near(
        crisis.get(PRICE, &[0]),
        25.0 * 0.15 * 0.8,
        1e-5,
        "what bluffs cost",
    );
    assert!(crisis.kind().has(Kind::BLUFF) && crisis.kind().has(Kind::PULLED));
}

/// After Filson & Werner 2002, Powell 2004, Slantchev 2003: A screens by a battle after which it is sure enough; or, with more tough
/// opponents, does not.
#[test]
fn fighting_screens_where_the_tough_are_few() {
    let closed = TalkWhileFighting::default().answer();
    let screens = One::of(FIGHTING);
    near(
        screens.worth("a"),
        100.0 * closed.value,
        0.3,
        "A, with offers just inside",
    );
    near(
        screens.get(BELIEF_AT, &[screens.t("b.tough"), 1]),
        closed.belief,
        2e-3,
        "who fights on is tough as often as not",
    );
    near(
        1.0 - screens.get(DEAL_IN, &[0]),
        closed.battle,
        2e-3,
        "battles",
    );
    near(
        1.0 - screens.get(DEAL, &[6]),
        closed.fight_on,
        1e-4,
        "the tough fight on",
    );
    assert!(screens.kind().has(Kind::LATE) && screens.kind().has(Kind::SCREENS));
    let pools = One::of(
        &FIGHTING
            .replace("prior = 0.1", "prior = 0.3")
            .replace("prior = 0.9", "prior = 0.7"),
    );
    near(pools.worth("a"), 59.95, 0.05, "an offer that all take");
    near(pools.get(DEAL_IN, &[0]), 1.0, 1e-6, "at once");
}

/// The same two rounds built move by move with the games crate alone, from the numbers of the text.
#[test]
fn two_rounds_are_the_game_that_a_hand_builds() {
    let offers = [0.2205, 0.3005, 0.4005, 0.5005].map(|x| 100.0 * x);
    let [fight, tough, soft] = [30.0, 50.0, 30.0];
    let mut game = Builder::new("by hand", ["A", "B"]);
    let kinds = game.chance(
        game.root(),
        "B",
        [
            ("tough", Number::ratio(1, 10)),
            ("soft", Number::ratio(9, 10)),
        ],
    );
    let names = |left: &[usize]| -> Vec<String> {
        let offers = left.iter().map(|o| format!("offer {o}"));
        offers.chain(["nothing".to_owned()]).collect()
    };
    let pays = |game: &mut Builder, place, a: f64, b: f64| {
        game.pay(place, [a, b].map(Number::from));
    };
    let first = game.set(0, "first", names(&[0, 1, 2, 3]));
    // By what was refused in the first round, four being nothing: A's second information set, and by type B's.
    let left = |refused: usize| (0..4).filter(|o| *o != refused).collect::<Vec<_>>();
    let seconds: Vec<_> = (0..5)
        .map(|refused| game.set(0, "second", names(&left(refused))))
        .collect();
    for (k, (place, war)) in kinds.into_iter().zip([tough, soft]).enumerate() {
        let firsts = game.moves(place, first);
        for (o, asked) in firsts.into_iter().enumerate() {
            let mut on = asked;
            if o < 4 {
                let answers = game.set(1, format!("{k} {o}"), ["accept", "refuse"]);
                let [accepted, refused] = game.moves(asked, answers)[..] else {
                    unreachable!()
                };
                pays(&mut game, accepted, 100.0 - offers[o], offers[o]);
                on = refused;
            }
            let again = game.moves(on, seconds[o]);
            let offered = left(o);
            for (place, at) in again.into_iter().zip(0..) {
                let Some(second) = offered.get(at) else {
                    pays(&mut game, place, 0.9 * fight - 5.0, 0.9 * war - 5.0);
                    continue;
                };
                let answers = game.set(1, format!("{k} {o} {second}"), ["accept", "refuse"]);
                let [accepted, refused] = game.moves(place, answers)[..] else {
                    unreachable!()
                };
                let y = offers[*second];
                pays(&mut game, accepted, 0.9 * (100.0 - y) - 5.0, 0.9 * y - 5.0);
                pays(&mut game, refused, 0.9 * fight - 5.0, 0.9 * war - 5.0);
            }
        }
    }
    let tree = Tree::new(&game.finish()).unwrap();
    let found = logit::limit(&tree, &logit::Options::default(), &mut |_| true)
        .branches
        .remove(0);
    let certificate = certify(&tree, &found.answer, &Tolerance::default());
    assert!(certificate.is_sequential());
    let lens = One::of(FIGHTING);
    near(lens.worth("a"), certificate.value[0], 1e-4, "A");
    let b = 0.1 * lens.worth("b.tough") + 0.9 * lens.worth("b.soft");
    near(b, certificate.value[1], 1e-4, "B");
}

/// Talks of no round are no talks: V to the last digit, whatever the account of no deal.
#[test]
fn without_a_round_everything_is_worth_what_no_deal_is() {
    use detente_core::catalogue::alternative::VALUE;
    for text in [ULTIMATUM, CRISIS, FIGHTING] {
        let text = text
            .replace("rounds = 1", "rounds = 0")
            .replace("rounds = 2", "rounds = 0");
        let none = One::of(&text);
        for t in 0..none.case.setting.types.len() {
            assert_eq!(none.get(WORTH, &[t]), none.get(VALUE, &[t]));
            assert_eq!(none.get(GAIN, &[t]), 0.0);
        }
        assert_eq!(none.get(DEAL, &[24]), 0.0);
    }
}

/// A contest, a process, a lottery, with little more than an empty table.
fn of_every_account() -> Vec<String> {
    let front = include_str!("../../../cases/first-case/case.toml").to_owned();
    let strike = include_str!("../../../cases/wage-round/case.toml").to_owned();
    let lottery = ULTIMATUM
        .replace("reservation = 40\n[party.a.issue", "side = \"A\"\nfighting_cost = 10\n[party.a.issue")
        .replace("[party.b]\nroles = [\"principal\"]", "[party.b]\nside = \"B\"\nroles = [\"principal\"]")
        .replace("reservation = 40", "fighting_cost = 10")
        .replace("reservation = 20", "fighting_cost = 30")
        .replace("[talks]", "[lottery]\nchance = 0.5\na_wins.choose = { pie = \"all\" }\nb_wins.choose = { pie = \"none\" }\n[talks]");
    assert!(!front.contains("[talks]") && strike.contains("[talks]"));
    vec![lottery, format!("{front}\n[talks]\n"), strike]
}

/// The row of a world, and where it lies.
fn row(setting: &Setting, world: &World) -> (detente_core::Layout, Vec<f64>) {
    let layout = detente_core::Layout::new(setting, &conformance::specs());
    let mut row = vec![f64::NAN; layout.width()];
    let mut stage = Stage::default();
    stage.play_talks(Play::Whole);
    conformance::examine_all(&layout, &mut stage, setting, world, Search::None, &mut row);
    (layout, row)
}

fn place() -> usize {
    LENSES
        .iter()
        .position(|lens| lens.spec().id == "talks")
        .unwrap()
}

/// What the certificate leaves open in such talks, or holds to bounds that may be wide; the docs of the lens say why.
fn is_open(quantity: &str, rounds: usize, announced: bool) -> bool {
    match quantity {
        "crossed" | "trembles" | "deal_told" => true,
        "deal_at" => rounds > 1 || announced,
        _ => false,
    }
}

/// What a number may be corrupted to.
fn corrupted(quantity: &detente_core::QuantitySpec, x: f64, rounds: usize) -> Vec<f64> {
    if quantity.id == "message" || quantity.id == "last_round" && rounds > 1 {
        // Held to bounds, no further apart than what ends are worth.
        return vec![x - 300.0, x + 300.0];
    }
    let counts = quantity.unit == Unit::Count && x.fract() == 0.0 && x >= 0.0;
    if quantity.id == "kind" {
        let flags = detente_core::asks::whole(x);
        let other = |flag: &Kind| f64::from(u16::try_from(flags).unwrap() ^ flag.0);
        return Kind::ALL.iter().map(other).collect();
    }
    match x {
        x if counts => vec![x + 1.0],
        x if x > 0.5 => vec![x - 0.3],
        x => vec![x + 0.3],
    }
}

#[test]
fn answers_pass_their_certificate_and_corrupted_ones_fail() {
    let mut texts = [ULTIMATUM, CRISIS, FIGHTING].map(str::to_owned).to_vec();
    texts.push(ULTIMATUM.replace("rounds = 1", "rounds = 0"));
    let mut passed = std::collections::BTreeSet::new();
    for text in texts.into_iter().chain(of_every_account()) {
        let case = case(&text);
        let plan = Plan::new(&case);
        for index in 0..3 {
            let uniforms = plan.uniforms(RunOptions::default().stream, index);
            let world = plan.world(&uniforms, &Overrides::default());
            let setting = &plan.setting;
            let (layout, mut row) = row(setting, &world);
            let question = Question {
                setting,
                world: &world,
            };
            let verify = |row: &[f64]| {
                let view = RowView::new(&layout, place(), row);
                detente_certify::certificate("talks")(question, view)
            };
            let verdict = verify(&row);
            assert!(
                matches!(verdict, Verdict::Holds(n) if n > 3),
                "{verdict:?} {}",
                case.setting.name
            );
            // Some move that is made for certain is said never to be, and another one the other way round.
            let moves = setting.talks.as_ref().unwrap().moves;
            let plays: Vec<f64> = {
                let view = RowView::new(&layout, place(), &row);
                (0..moves).map(|a| view.get(PLAYS, &[a])).collect()
            };
            let swapped = (1..moves).find(|a| plays[*a] < 1e-9 && plays[a - 1] > 1.0 - 1e-9);
            if let Some(a) = swapped {
                let mut wrong = row.clone();
                let mut write = Row::new(&layout, place(), &mut wrong);
                write.set(PLAYS, &[a], 1.0);
                write.set(PLAYS, &[a - 1], 0.0);
                write.set(TREMBLES, &[a], -1e-12);
                write.set(TREMBLES, &[a - 1], -27.6);
                assert!(
                    matches!(verify(&wrong), Verdict::Fails(_)),
                    "{}",
                    case.setting.name
                );
            }
            // What ends of a process are worth takes a certificate longest.
            if index > 0 && setting.process.is_some() {
                continue;
            }
            let rounds = RowView::new(&layout, place(), &row).get(ROUNDS, &[]);
            let rounds = detente_core::asks::whole(rounds);
            for quantity in detente_core::catalogue::talks::SPEC.quantities {
                let sizes: Vec<usize> = quantity
                    .dimensions
                    .iter()
                    .map(|d| d.size(setting))
                    .collect();
                let announced = !setting.talks.as_ref().unwrap().announced.is_empty();
                if sizes.contains(&0) || is_open(quantity.id, rounds, announced) {
                    continue;
                }
                let first = layout.column_of("talks", quantity.id, &vec![0; sizes.len()]);
                let cells = first..first + sizes.iter().product::<usize>();
                let told: Vec<usize> = cells.filter(|c| row[*c].is_finite()).collect();
                let ends = [told.first(), told.last().filter(|_| told.len() > 1)];
                for cell in ends.into_iter().flatten() {
                    for x in corrupted(quantity, row[*cell], rounds) {
                        let mut wrong = row.clone();
                        wrong[*cell] = x;
                        if !matches!(verify(&wrong), Verdict::Fails(_)) {
                            passed.insert(format!(
                                "{} {} {x} for {} of {cell}",
                                case.setting.name, quantity.id, row[*cell]
                            ));
                        }
                    }
                }
            }
            let t = (0..setting.types.len()).find(|t| {
                !RowView::new(&layout, place(), &row)
                    .get(WORTH, &[*t])
                    .is_nan()
            });
            let worth = RowView::new(&layout, place(), &row).get(WORTH, &[t.unwrap()]);
            Row::new(&layout, place(), &mut row).set(WORTH, &[t.unwrap()], worth + 0.5);
            assert!(matches!(verify(&row), Verdict::Fails(_)));
        }
    }
    assert!(passed.is_empty(), "{passed:#?} may be anything");
}

/// The chapter of a report on a few worlds.
fn chapter(text: &str) -> detente_evidence::chapters::talks::Talks {
    let options = RunOptions {
        worlds: 4,
        searches: 0,
        ..RunOptions::default()
    };
    let evidence = detente_study::summarise(&case(text), &[], options, &Ignored).unwrap();
    match evidence.chapters.talks {
        detente_evidence::Chapter::Told(found) => found,
        other => panic!("{other:?}"),
    }
}

/// Who screens has deals of the low offer first and of a better one later; a game that has all that is asked for has no use for more room.
#[test]
fn terms_are_told_by_round_and_more_room_changes_nothing() {
    let screens = chapter(FIGHTING);
    let share = |round: usize, option: usize| screens.rounds[round].terms[0][option].value;
    for (round, option, expected) in [(0, 1, 1.0), (0, 2, 0.0), (1, 1, 0.0), (1, 2, 1.0)] {
        near(share(round, option), expected, 2e-3, "low, then the middle");
    }
    let [first, second] = [0, 1].map(|round| screens.rounds[round].deal.value);
    let low = first / (first + second);
    near(screens.terms[0][1].value, low, 2e-3, "of all deals");
    let more = screens.more.unwrap();
    assert_eq!((more.draws, more.neither, more.change.n), (4, 4, 4));
    assert_eq!(
        (more.most, more.change.value, more.change.error),
        (0.0, 0.0, 0.0)
    );
    // Nobody's deals come later where all take the first offer: of the second round nothing is told.
    let pools = FIGHTING
        .replace("prior = 0.1", "prior = 0.3")
        .replace("prior = 0.9", "prior = 0.7");
    let pools = chapter(&pools);
    let told: Vec<bool> = pools
        .rounds
        .iter()
        .map(|own| own.terms.is_empty())
        .collect();
    assert_eq!(told, [false, true]);
    // A threat that the weak make less often than the strong tells something of them.
    assert_eq!(chapter(CRISIS).threats[0].alike, 0.0);
}

/// Neither the order in which a case lists parties and options, nor what it calls them, nor threads change an answer.
#[test]
fn order_names_and_threads_change_nothing() {
    let as_is = One::of(FIGHTING);
    let a = FIGHTING.find("[party.a]").unwrap();
    let b = FIGHTING.find("[party.b]").unwrap();
    let end = FIGHTING.find("[package.low]").unwrap();
    let turned = [
        &FIGHTING[..a],
        &FIGHTING[b..end],
        &FIGHTING[a..b],
        &FIGHTING[end..],
    ]
    .concat();
    let turned = turned.replace(
        "option = { none = {}, low = {}, middle = {}, pool = {}, high = {}, all = {} }",
        "option = { all = {}, high = {}, pool = {}, middle = {}, low = {}, none = {} }",
    );
    let renamed = FIGHTING
        .replace("middle", "second")
        .replace("tough", "zeal");
    for (text, tough) in [(&turned, "b.tough"), (&renamed, "b.zeal")] {
        let other = One::of(text);
        near(other.worth("a"), as_is.worth("a"), 1e-6, "A");
        near(
            other.worth(tough),
            as_is.worth("b.tough"),
            1e-6,
            "the tough",
        );
        near(other.get(DEAL, &[3]), as_is.get(DEAL, &[3]), 1e-7, "deals");
    }
    for text in of_every_account() {
        let [one, two] = [1, 2].map(|threads| table(&text, 6, threads));
        assert!(one.bytes().eq(two.bytes()));
        assert!(
            one.column(KIND, &[]).any(|kind| !kind.is_nan()),
            "{:?}",
            one.silences
        );
    }
}
