//! The small shipped cases against answers that others published or that were worked out by hand.

use detente::handles::settlement;
use detente::{Ignored, Overrides, Plan, Table, run};
use detente_core::{Dimension, Preferences};
use detente_lens::bargain::adjusted_winner;

use crate::{case, small};

/// Points of every issue to both parties: what its better option is worth above its worse one.
fn points(name: &str) -> (Vec<String>, [Vec<f64>; 2]) {
    let case = case(name);
    let plan = Plan::new(&case);
    let world = plan.world(&plan.medians(), &Overrides::default());
    let mut preferences = Preferences::default();
    preferences.compute(&case.setting, &world);
    let of = |t: usize| {
        let own = preferences.of_type(t);
        let spread = |issue: &detente_core::Issue| {
            let range = issue.first_option..issue.first_option + issue.options.len();
            own[range].iter().copied().fold(0.0, f64::max)
        };
        case.setting.issues.iter().map(spread).collect()
    };
    let names = case.setting.issues.iter().map(|i| i.id.clone()).collect();
    (names, [of(0), of(1)])
}

/// Brams & Taylor (1996), Fair Division, on Raiffa's (1982, chapter 12) weights: 66 points each, with .8667 of land and water
/// going over if it starts with the first party.
#[test]
fn the_canal_treaties_are_divided_as_published() {
    let (issues, [first, second]) = points("panama-canal-1977");
    let division = adjusted_winner(&first, &second).unwrap();
    assert!((division.score - 66.0).abs() < 1e-9, "{}", division.score);
    let divided = division.divided.expect("one item is divided");
    assert_eq!(
        (issues[divided.item].as_str(), divided.from),
        ("land_and_water", 0)
    );
    assert!((divided.fraction - 13.0 / 15.0).abs() < 1e-9, "{divided:?}");
}

/// Brams & Togman (1996), "Camp David: Was the Agreement Fair?": 65.83 points each, with a sixth of Sinai going over.
#[test]
fn camp_david_is_divided_as_published() {
    let (issues, [first, second]) = points("camp-david-1978");
    let division = adjusted_winner(&first, &second).unwrap();
    assert!(
        (division.score - 65.0 - 5.0 / 6.0).abs() < 1e-9,
        "{}",
        division.score
    );
    let divided = division.divided.expect("one item is divided");
    assert_eq!((issues[divided.item].as_str(), divided.from), ("sinai", 1));
    assert!((divided.fraction - 1.0 / 6.0).abs() < 1e-9, "{divided:?}");
}

fn table(name: &str) -> (detente::Case, Table) {
    let case = case(name);
    let table = run(
        &Plan::new(&case),
        &Overrides::default(),
        small(32, 32),
        &Ignored,
    );
    (case, table)
}

/// Every number of the Triangle Agreement is exact; its twelve packages were worked out by hand. Raw points of the grower:
/// quota 0, 20, 40; low tariff 40; 20 more for a large quota inspected at the port: 0 to 100. Of the maker: quota 60, 45, 0;
/// high tariff 30; port 20; −10 for a large quota with a low tariff: −10 to 110. Of the port: border 50; quota 0, 30, 50.
#[test]
fn the_triangle_agreement_by_hand() {
    let (case, table) = table("trade-triangle");
    let setting = &case.setting;
    let place = |dimension: Dimension, id: &str| {
        let size = dimension.size(setting);
        (0..size)
            .position(|i| dimension.entry(setting, i) == id)
            .unwrap()
    };
    let package = |id: &str| place(Dimension::Package, id);
    let party = |id: &str| place(Dimension::Party, id);
    let margin = |id: &str, of: &str| {
        table
            .mean(
                settlement::MARGIN,
                &[place(Dimension::Type, of), package(id)],
            )
            .value
    };
    for (id, grower, maker, port) in [
        ("middle_way", 30.0, 15.0 + 5.0 / 6.0, 31.0),
        ("port_of_entry", 30.0, 20.0, 1.0),
        ("opening", 70.0, -13.0 - 1.0 / 3.0, 1.0),
    ] {
        for (of, expected) in [("grower", grower), ("maker", maker), ("port", port)] {
            let found = margin(id, of);
            assert!((found - expected).abs() < 1e-9, "{id}, {of}: {found}");
        }
    }
    // The port performs the inspection at the port. With the clause left out it would have 100 instead of 50, and both others would
    // still accept a large quota at the border with a high tariff (40 and 33⅓ against 30): it has room to press for 50, and signs.
    let room = |id: &str| {
        table
            .mean(
                settlement::ROOM_TO_PRESS,
                &[place(Dimension::Type, "port"), package(id)],
            )
            .value
    };
    assert!(
        (room("port_of_entry") - 50.0).abs() < 1e-9,
        "{}",
        room("port_of_entry")
    );
    // With a low tariff the maker would refuse without the clause too, so that there is no room.
    assert_eq!(room("opening"), 0.0);
    let agreed = |id: &str| table.mean(settlement::AGREED, &[package(id)]).value;
    assert_eq!(
        (
            agreed("middle_way"),
            agreed("port_of_entry"),
            agreed("opening")
        ),
        (1.0, 1.0, 0.0)
    );
    let blocks = |id: &str, of: &str| {
        table
            .mean(settlement::BLOCKS, &[party(of), package(id)])
            .value
    };
    assert_eq!(
        (blocks("port_of_entry", "port"), blocks("opening", "maker")),
        (0.0, 1.0)
    );

    // At the border two sign. The best worst-off margins: middle quota and low tariff, 15⅚ for the maker; also the Nash point,
    // with a product of 475 against 283⅓ and 33⅓.
    let two = place(Dimension::Needed, "grower+maker");
    let three = place(Dimension::Needed, "grower+maker+port");
    let size = |set: usize| table.mean(settlement::SIZE, &[set]).value;
    assert!((size(two) - 15.0 - 5.0 / 6.0).abs() < 1e-9, "{}", size(two));
    assert!((size(three) - 1.0).abs() < 1e-9, "{}", size(three));
    let nash = |option: &str| {
        let option = place(Dimension::Option, option);
        table
            .mean(settlement::SOLUTION_OPTION, &[two, 0, option])
            .value
    };
    assert_eq!(
        (
            nash("quota.middle"),
            nash("inspection.at_border"),
            nash("tariff.low")
        ),
        (1.0, 1.0, 1.0)
    );
}

/// The same through the lens: 66 points each for the canal, 65⅚ for Camp David.
#[test]
fn the_lens_divides_as_published() {
    for (name, score) in [
        ("panama-canal-1977", 66.0),
        ("camp-david-1978", 65.0 + 5.0 / 6.0),
    ] {
        let case = case(name);
        let table = run(
            &Plan::new(&case),
            &Overrides::default(),
            small(1, 1),
            &Ignored,
        );
        let found = table.mean(settlement::ADJUSTED_WINNER, &[0]).value;
        assert!((found - score).abs() < 1e-9, "{name}: {found}");
    }
}

/// Who is indifferent accepts (Nash 1950 lets the disagreement point itself be chosen), whatever the weights are multiplied by:
/// a half of 3 : 6 : 9 and a half of 1 : 2 : 3 are both worth 50 points, in floating point only one of them exactly.
#[test]
fn indifference_is_acceptance_at_any_scale_of_weights() {
    for scale in [1.0, 3.0, 0.7] {
        let issue = |name: &str, x: f64, z: f64| {
            format!(
                "[issue.{name}]\nstatus_quo = \"n\"\noption = {{ n = {{}}, y = {{}} }}\n\
                 [party.x.issue.{name}]\nweight = {}\nvalue = {{ n = 0, y = 1 }}\n\
                 [party.z.issue.{name}]\nweight = {z}\nvalue = {{ n = 1, y = 0 }}\n",
                x * scale
            )
        };
        let text = format!(
            "[case]\nname = \"K\"\nas_of = 2024-06-01\n[package.half]\nchoose = {{ a = \"y\", b = \"y\", c = \"n\" }}\n\
             [party.x]\nroles = [\"belligerent\"]\nreservation = 50\n[party.z]\nroles = [\"belligerent\"]\nreservation = 0\n{}{}{}",
            issue("a", 1.0, 0.0),
            issue("b", 2.0, 0.0),
            issue("c", 3.0, 1.0)
        );
        let case = detente::check("indifferent", &text).case.expect("sound");
        let table = run(
            &Plan::new(&case),
            &Overrides::default(),
            small(1, 1),
            &Ignored,
        );
        let mean = |quantity: &str, index: &[usize]| {
            table
                .mean(
                    detente::handles::named("settlement", quantity).unwrap(),
                    index,
                )
                .value
        };
        assert_eq!(
            (mean("agreed", &[0]), mean("zone", &[])),
            (1.0, 1.0),
            "{scale}"
        );
        assert!(mean("solution_margin", &[0, 2, 0]) >= 0.0, "{scale}");
    }
}
