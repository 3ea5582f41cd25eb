//! Sentences of what was set and what came of it.

use super::*;

fn setting() -> Setting {
    let text = include_str!("../../../../../../cases/first-case/case.toml");
    crate::check("case.toml", text).case.unwrap().setting
}

fn at(value: f64, error: f64, n: usize) -> Mean {
    Mean { value, error, n }
}

fn came(chance: f64, reach: Reach) -> Came {
    Came {
        there: at(chance, 0.05, 20),
        moved: at(chance - 0.2, 0.04, 20),
        chance: at(chance, 0.05, 20),
        reach,
    }
}

fn tried(what: What, chance: f64, reach: Reach, stopped: bool) -> Tried {
    Tried {
        what,
        came: came(chance, reach),
        stopped,
    }
}

/// A type, a number and a lever, none of which does by itself.
fn doubling() -> Doubling {
    let burden = What::Input {
        path: "party.north.burden".to_owned(),
        unit: "points",
        value: 22.51,
        upper: true,
        correlation: 0.4,
    };
    Doubling {
        base: at(0.2, 0.02, 256),
        aim: Aim::Double,
        target: at(0.4, 0.04, 256),
        laps: vec![4, 8, 20],
        tried: vec![
            tried(What::Type(0), 0.31, Reach::Short, false),
            tried(burden, 0.28, Reach::Short, false),
            tried(What::Lever(0, false), 0.21, Reach::Short, true),
            tried(What::RedLine(0), 0.2, Reach::Short, true),
        ],
        together: Vec::new(),
        there_are: [3, 2, 1, 1],
    }
}

const ASKED: &str =
    "For twice as many talks to end with a deal, 40 of 100 in the place of 20\u{a0}±2,";

#[test]
fn what_does_by_itself_is_named() {
    let setting = setting();
    let mut told = doubling();
    told.tried[0].came = came(0.55, Reach::Reaches);
    assert_eq!(
        finding(&setting, &told),
        format!(
            "{ASKED} one thing that was tried would do by itself: that North is surely of the type “Merchants” (55\u{a0}±5)."
        )
    );
    told.tried[1].came = came(0.41, Reach::About);
    let nearly = finding(&setting, &told);
    assert!(
        nearly.ends_with("(55\u{a0}±5). One more would within its error: that North’s burden is 23 points, the upper end of its range (41\u{a0}±5)."),
        "{nearly}"
    );
    told.tried[0].came.reach = Reach::About;
    assert_eq!(
        finding(&setting, &told),
        format!(
            "{ASKED} either of two things that were tried would do by itself within its error: that North is surely of the type “Merchants” (55\u{a0}±5) or North’s burden is 23 points, the upper end of its range (41\u{a0}±5)."
        )
    );
    // What was stopped is not told to do.
    told.tried[2].came.reach = Reach::Reaches;
    assert!(!finding(&setting, &told).contains("Arms taper off"));
}

#[test]
fn what_does_together_is_named_with_its_parts() {
    let setting = setting();
    let mut told = doubling();
    assert_eq!(
        finding(&setting, &told),
        format!(
            "{ASKED} nothing that was tried does. The furthest that one gets is 31\u{a0}±5 of 100: that North is surely of the type “Merchants”."
        )
    );
    told.together.push(Together {
        parts: vec![0, 1],
        came: came(0.35, Reach::Short),
    });
    let both = "that North is surely of the type “Merchants” and North’s burden is 23 points, the upper end of its range.";
    assert_eq!(
        finding(&setting, &told),
        format!(
            "{ASKED} nothing that was tried does, by itself or together. The furthest that it gets is 35\u{a0}±5 of 100: {both}"
        )
    );
    told.together[0].came = came(0.5, Reach::Reaches);
    assert_eq!(
        finding(&setting, &told),
        format!(
            "{ASKED} nothing that was tried does by itself; it would do, 50\u{a0}±5 of 100, {both}"
        )
    );
    let rows = rows(&setting, &told);
    assert_eq!(
        rows.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(),
        [
            "North is surely of the type “Merchants”",
            "At 23 points: North’s burden",
            "Does not run: “Arms taper off” (Mediator)",
            "Dropped: North’s “No foreign garrison on the coast”",
            "North is surely of the type “Merchants”; At 23 points: North’s burden",
        ]
    );
    assert_eq!(rows[0][1..], ["31\u{a0}±5", "+11\u{a0}±4", "20", "no"]);
    assert_eq!(rows[2][4], "stopped");
    assert!(how(&told).starts_with(
        "Tried: numbers that go with the chance of a deal more than noise would, each at the end of its 90 % range that goes with more deals (1 of 3); \
         types that a party may be of for sure (1 of 2); levers taken off the table or put on it (1); hard red lines dropped (1). \
         After 4 and 8 worlds those were left that do less than a quarter"
    ), "{}", how(&told));
}

#[test]
fn what_cannot_be_doubled_is_asked_otherwise() {
    let setting = setting();
    let mut told = doubling();
    told.tried.iter_mut().for_each(|own| own.stopped = true);
    (told.aim, told.base, told.target) = (Aim::Possible, at(0.0, 0.0, 256), at(0.01, 0.0, 256));
    assert_eq!(
        finding(&setting, &told),
        "Fewer than one talk of 100 ends with a deal; for one of 100 to, nothing that was tried comes a quarter of the way in the first 4 worlds."
    );
    told.tried.clear();
    assert!(finding(&setting, &told).ends_with(
        "the case leaves nothing to try: no number that goes with it, no type, lever or red line."
    ));
    (told.aim, told.base, told.target) =
        (Aim::HalveTheRest, at(0.7, 0.02, 256), at(0.85, 0.01, 256));
    assert!(finding(&setting, &told).starts_with(
        "More than half of the talks end with a deal, 70\u{a0}±2 of 100, so that twice as many cannot; for half as many to end without one, 85 of 100 with a deal,"
    ));
    (told.aim, told.base) = (Aim::Nothing, at(0.999, 0.0, 256));
    assert_eq!(
        finding(&setting, &told),
        ">99 of 100 talks end with a deal, so that there is next to nothing to add."
    );
    assert!(drawing(&setting, &told, ("", false)).is_none() && how(&told).is_empty());
}

#[test]
fn the_picture_has_the_base_and_the_target() {
    let told = doubling();
    let drawing = drawing(&setting(), &told, ("Nothing does.", true)).unwrap();
    for said in [
        "as it is",
        "twice that",
        "At 23 points: North’s burden",
        "data-median=\"31\"",
    ] {
        assert!(drawing.contains(said), "{said}\n{drawing}");
    }
    // What was stopped is in the table alone.
    assert!(!drawing.contains("Arms taper off"));
}
