//! Belief paths and moved quantities: from ordinary and from odd data, and
//! what they must say.

use super::form_tests::{LABELS, Numbers, assert_legible, check_both};
use super::moved::{self, Moved};
use super::path::{BeliefPath, Line, Panel};
use super::tests::{LONG, check};
use super::{Marker, Party};

const DATES: [&str; 9] = [
    "before",
    "21 Feb 2022",
    "24 Feb 2022",
    "29 Mar 2022",
    "17 Jul 2023",
    "6 Aug 2024",
    "11 Mar 2025",
    "15 Aug 2025",
    "20 Nov 2025",
];

fn line(label: &str, chances: &[f64], after: f64) -> Line {
    Line {
        label: label.to_owned(),
        chances: chances.to_vec(),
        after: Some(after),
    }
}

/// Five parties with two to four types; Farland's do not move.
fn paths() -> BeliefPath {
    let third = 1.0 / 3.0;
    let panel = |name: &str, i: usize, lines: Vec<Line>| Panel {
        party: Party::new(name, i),
        lines: lines
            .into_iter()
            .map(|l| Line {
                label: format!("{name}: {}", l.label),
                ..l
            })
            .collect(),
    };
    BeliefPath {
        mover: String::new(),
        title: "What the record says of types".to_owned(),
        desc: "Chance of each type after each act".to_owned(),
        id: "path".to_owned(),
        steps: DATES.map(str::to_owned).to_vec(),
        panels: vec![
            panel(
                "Northland",
                0,
                vec![
                    line(
                        "security-driven",
                        &[third, 0.3, 0.12, 0.22, 0.18, 0.16, 0.15, 0.17, 0.14],
                        0.11,
                    ),
                    line(
                        "imperial",
                        &[third, 0.36, 0.62, 0.45, 0.52, 0.55, 0.58, 0.55, 0.6],
                        0.66,
                    ),
                    line(
                        "regime survival",
                        &[third, 0.34, 0.26, 0.33, 0.3, 0.29, 0.27, 0.28, 0.26],
                        0.23,
                    ),
                ],
            ),
            panel(
                "Southland",
                1,
                vec![
                    line(
                        "full restoration at any price",
                        &[0.4, 0.4, 0.52, 0.38, 0.41, 0.46, 0.33, 0.31, 0.27],
                        0.24,
                    ),
                    line(
                        "guarantees first",
                        &[0.6, 0.6, 0.48, 0.62, 0.59, 0.54, 0.67, 0.69, 0.73],
                        0.76,
                    ),
                ],
            ),
            panel(
                "Westland",
                2,
                vec![
                    line(
                        "burden-shifting",
                        &[0.25, 0.25, 0.2, 0.2, 0.21, 0.2, 0.44, 0.52, 0.58],
                        0.55,
                    ),
                    line(
                        "alliance-minded",
                        &[0.25, 0.25, 0.4, 0.4, 0.4, 0.41, 0.2, 0.13, 0.1],
                        0.12,
                    ),
                    line(
                        "dealmaker in a hurry",
                        &[0.25, 0.25, 0.2, 0.2, 0.2, 0.2, 0.28, 0.3, 0.29],
                        0.3,
                    ),
                    line(
                        "disengaged",
                        &[0.25, 0.25, 0.2, 0.2, 0.19, 0.19, 0.08, 0.05, 0.03],
                        0.03,
                    ),
                ],
            ),
            panel(
                "Eastmark",
                3,
                vec![
                    line(
                        "divided",
                        &[0.5, 0.5, 0.35, 0.35, 0.36, 0.36, 0.3, 0.28, 0.28],
                        0.002,
                    ),
                    line(
                        "united and willing to pay",
                        &[0.5, 0.5, 0.65, 0.65, 0.64, 0.64, 0.7, 0.72, 0.72],
                        0.998,
                    ),
                ],
            ),
            panel(
                "Farland",
                4,
                vec![
                    line("wants it over", &[0.5; 9], 0.5),
                    line("wants it to last", &[0.5; 9], 0.504),
                ],
            ),
        ],
        note: "Chances by Bayes' rule over 2 000 sampled worlds; a step is an act of the party."
            .to_owned(),
    }
}

/// Group, label, place, before, after, known.
type Share = (&'static str, &'static str, usize, f64, f64, Option<f64>);

/// Twelve shares in three groups.
fn shares() -> Moved {
    let rows: [Share; 12] = [
        (
            "Ends by",
            "a ceasefire on the line",
            0,
            0.31,
            0.46,
            Some(0.4),
        ),
        (
            "Ends by",
            "a comprehensive settlement",
            0,
            0.12,
            0.05,
            Some(0.08),
        ),
        ("Ends by", "collapse of one side", 0, 0.08, 0.083, None),
        (
            "Ends by",
            "nothing within two years",
            0,
            0.49,
            0.41,
            Some(0.52),
        ),
        (
            "Accepts the draft as it stands",
            "Northland",
            0,
            0.22,
            0.09,
            None,
        ),
        (
            "Accepts the draft as it stands",
            "Southland",
            1,
            0.35,
            0.51,
            None,
        ),
        (
            "Accepts the draft as it stands",
            "Westland",
            2,
            0.78,
            0.93,
            None,
        ),
        (
            "Accepts the draft as it stands",
            "Eastmark",
            3,
            0.41,
            0.44,
            None,
        ),
        (
            "Breaks within a year",
            "with a monitored line and no force behind it",
            0,
            0.62,
            0.71,
            Some(0.6),
        ),
        (
            "Breaks within a year",
            "with a force of guarantors",
            0,
            0.3,
            0.18,
            Some(0.25),
        ),
        (
            "Breaks within a year",
            "with accession",
            0,
            0.11,
            0.004,
            None,
        ),
        (
            "Breaks within a year",
            "with nothing",
            0,
            0.88,
            0.998,
            Some(0.9),
        ),
    ];
    let around = |v: f64, w: f64| ((v - w).max(0.0), (v + w).min(1.0));
    Moved {
        title: "What the record moves".to_owned(),
        desc: "Shares before and after the record".to_owned(),
        id: "moved".to_owned(),
        x_label: "of 100 worlds".to_owned(),
        rows: rows
            .into_iter()
            .map(|(group, label, i, before, after, known)| moved::Row {
                group: group.to_owned(),
                label: label.to_owned(),
                color_index: i,
                marker: Marker::for_index(i),
                before,
                after,
                before_range: Some(around(before, 0.12)),
                after_range: Some(around(after, 0.07)),
                known: known.map(|k| (around(k, 0.1).0, k, around(k, 0.1).1)),
            })
            .collect(),
        percent: true,
        ends: <[String; 2]>::default(),
        note: "2 000 worlds; ranges: 90 of 100 by bootstrap".to_owned(),
    }
}

fn odd_path(lines: usize, steps: usize, label: &str) -> BeliefPath {
    BeliefPath {
        mover: String::new(),
        title: label.to_owned(),
        desc: label.to_owned(),
        id: "1 odd id!".to_owned(),
        steps: vec![label.to_owned(); steps],
        panels: (0..lines)
            .map(|p| Panel {
                party: Party::new(label, p),
                lines: (0..=p)
                    .map(|k| Line {
                        label: label.to_owned(),
                        chances: (0..steps).map(|s| ((s + k) % 5) as f64 / 4.0).collect(),
                        after: (k % 2 == 0).then_some(0.5),
                    })
                    .collect(),
            })
            .collect(),
        note: label.to_owned(),
    }
}

fn odd_moved(rows: usize, label: &str, size: f64) -> Moved {
    Moved {
        title: label.to_owned(),
        desc: label.to_owned(),
        id: "1 odd id!".to_owned(),
        x_label: label.to_owned(),
        rows: (0..rows)
            .map(|i| {
                let v = size * (i as f64 - 2.0);
                moved::Row {
                    group: if i % 4 < 2 {
                        label.to_owned()
                    } else {
                        String::new()
                    },
                    label: label.to_owned(),
                    color_index: i,
                    marker: Marker::for_index(i),
                    before: v,
                    after: v + size / 3.0,
                    before_range: (i % 2 == 0).then_some((v - size, v + size)),
                    after_range: (i % 3 == 0).then_some((v + size, v)),
                    known: (i % 3 == 1).then_some((v, v + size, v + 2.0 * size)),
                }
            })
            .collect(),
        percent: rows.is_multiple_of(2),
        ends: <[String; 2]>::default(),
        note: label.to_owned(),
    }
}

#[test]
fn odd_data_give_well_formed_charts() {
    for label in LABELS {
        for n in [0, 1, 6, 13] {
            let p = odd_path(n.min(6), n, label);
            check_both(&p.render(), &p.render_compact());
            let m = odd_moved(n, label, 0.2);
            check_both(&m.render(), &m.render_compact());
        }
    }
    check(&BeliefPath::default().render());
    check(&Moved::default().render_compact());
    let mut numbers = Numbers(11);
    for round in 0..120 {
        let mut p = odd_path(round % 4, round % 7, "path");
        for line in p.panels.iter_mut().flat_map(|p| &mut p.lines) {
            line.chances = numbers.list(round % 9);
            line.after = (round % 2 == 0).then(|| numbers.next());
        }
        check_both(&p.render(), &p.render_compact());
        let mut m = odd_moved(round % 6, "row", 1.0);
        m.percent = round % 3 == 0;
        for row in &mut m.rows {
            row.before = numbers.next();
            row.after = numbers.next();
            row.before_range = Some((numbers.next(), numbers.next()));
            row.known = Some((numbers.next(), numbers.next(), numbers.next()));
        }
        check_both(&m.render(), &m.render_compact());
    }
}

#[test]
fn same_data_same_bytes() {
    assert_eq!(paths().render(), paths().render());
    assert_eq!(shares().render_compact(), shares().render_compact());
    assert_ne!(paths().render(), paths().render_compact());
}

#[test]
fn no_text_lies_on_another_or_outside() {
    for svg in [
        paths().render(),
        paths().render_compact(),
        shares().render(),
        shares().render_compact(),
    ] {
        assert_legible(&svg);
    }
    let long = "the guarantors leave after a change of government in one of their capitals";
    for label in ["2022", long, LONG] {
        for n in [1, 3, 6] {
            for steps in [2, 9, 40] {
                let p = odd_path(n, steps, label);
                assert_legible(&p.render());
                assert_legible(&p.render_compact());
            }
            for size in [0.0003, 0.02, 7.0, 90_000.0, 1e9] {
                let m = odd_moved(n, label, size);
                assert_legible(&m.render());
                assert_legible(&m.render_compact());
            }
        }
    }
}

/// The numbers of an attribute in all places that follow `before`.
fn after_text(svg: &str, before: &str) -> Vec<f64> {
    svg.split(before)
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
        .collect()
}

fn one_line(chances: &[f64], after: Option<f64>) -> BeliefPath {
    BeliefPath {
        id: "p".to_owned(),
        steps: DATES[..chances.len()]
            .iter()
            .map(|s| (*s).to_owned())
            .collect(),
        panels: vec![Panel {
            party: Party::new("Ruritania", 0),
            lines: vec![Line {
                label: "Ruritania: bold".to_owned(),
                chances: chances.to_vec(),
                after,
            }],
        }],
        ..BeliefPath::default()
    }
}

/// The points of the steps of the first line.
fn steps(svg: &str) -> Vec<Vec<(f64, f64)>> {
    let d = svg.split("class=\"steps dash-0\" d=\"").nth(1).unwrap();
    let d = d.split('"').next().unwrap();
    d.split('M')
        .skip(1)
        .map(|run| {
            run.split('L')
                .map(|p| {
                    let (x, y) = p.split_once(' ').unwrap();
                    (x.parse().unwrap(), y.parse().unwrap())
                })
                .collect()
        })
        .collect()
}

#[test]
fn a_belief_holds_until_the_next_act() {
    for svg in [
        one_line(&[0.5, 1.0, 0.0, 0.25], None).render(),
        one_line(&[0.5, 1.0, 0.0, 0.25], None).render_compact(),
    ] {
        let runs = steps(&svg);
        assert_eq!(runs.len(), 1);
        let p = &runs[0];
        assert_eq!(p.len(), 8);
        let wide = p[1].0 - p[0].0;
        for (i, pair) in p.chunks(2).enumerate() {
            // Level over its own step, and the next starts where it ends.
            assert!((pair[0].1 - pair[1].1).abs() < 1e-9);
            assert!((pair[0].0 - p[0].0 - i as f64 * wide).abs() < 0.3);
            assert!((pair[1].0 - pair[0].0 - wide).abs() < 0.3);
        }
        // 50, 100, 0 and 25 stand where the ticks of the axis say.
        let (top, bottom) = (p[2].1, p[4].1);
        assert!((p[0].1 - f64::midpoint(top, bottom)).abs() < 0.2);
        assert!((p[6].1 - (bottom - 0.25 * (bottom - top))).abs() < 0.2);
        let grid = after_text(&svg, "class=\"grid\" x1=\"34\" y1=\"");
        assert!(grid.contains(&top) && grid.contains(&bottom));
    }
    // A step without a number is a gap, not a fall.
    let svg = one_line(&[0.5, f64::NAN, 0.75, 0.75], None).render();
    let runs = steps(&svg);
    assert_eq!(runs.iter().map(Vec::len).collect::<Vec<_>>(), [2, 4]);
    assert!(runs[1][0].0 > runs[0][1].0);
}

#[test]
fn what_moves_is_marked_and_the_rest_is_named() {
    let svg = paths().render();
    assert_eq!(svg.matches("data-party=").count(), 4);
    assert!(!svg.contains("data-party=\"Farland\""));
    assert!(svg.contains("Farland: nothing on record moves it"));
    assert_eq!(svg.matches("data-line=").count(), 11);
    assert_eq!(svg.matches("class=\"after\"").count(), 11);
    // The panel names the party, so the label need not.
    assert!(svg.contains(">imperial</text>") && !svg.contains(">Northland: imperial</text>"));
    assert!(svg.contains("Northland, imperial: 33 → 66 of 100"));
    assert!(svg.contains("imperial, 24 Feb 2022: 36 → 62 of 100"));
    assert!(svg.contains("data-before=\"0.3333\" data-after=\"0.6600\""));
    // Five thousandths do not show; a little more does. What all of the record says counts.
    for (chances, after, drawn) in [
        (&[0.5, 0.505][..], None, false),
        (&[0.5, 0.506], None, true),
        (&[0.5, 0.5], Some(0.51), true),
        (&[0.5, 0.5], Some(f64::NAN), false),
        (&[-3.0, 0.0], None, false),
    ] {
        let svg = one_line(chances, after).render();
        assert_eq!(svg.contains("data-party="), drawn, "{chances:?} {after:?}");
        let named = svg.contains("Ruritania: nothing on record moves it");
        assert_eq!(named, !drawn, "{chances:?} {after:?}");
    }
    let svg = one_line(&[f64::NAN, f64::NAN], None).render();
    assert!(svg.contains("Ruritania: no numbers") && svg.contains("No belief moves"));
    // The first, and the two that move it.
    let svg = one_line(&[0.5, 0.5, 0.7, 0.703, 0.2], None).render();
    assert_eq!(svg.matches("class=\"act\"").count(), 3);
    assert!(!svg.contains("with all of the record"));
    // Types of one party differ in dash and in marker.
    let svg = one_line(&[0.5, 0.9], None);
    let mut two = svg.clone();
    two.panels[0].lines.push(line("shy", &[0.5, 0.1], 0.1));
    let svg = two.render();
    assert!(svg.contains("steps dash-0") && svg.contains("steps dash-1"));
    assert!(
        svg.contains("<circle class=\"mark ringed\"")
            && svg.contains("<path class=\"mark ringed\"")
    );
}

fn one_row(before: f64, after: f64) -> Moved {
    Moved {
        id: "m".to_owned(),
        rows: vec![moved::Row {
            label: "row".to_owned(),
            before,
            after,
            ..moved::Row::default()
        }],
        percent: true,
        ..Moved::default()
    }
}

/// Pixels of the ticks, by their number.
fn tick_at(svg: &str, number: &str) -> f64 {
    let end = svg
        .split(&format!("text-anchor=\"middle\">{number}</text>"))
        .next()
        .unwrap();
    let at = end.rsplit(" x=\"").next().unwrap();
    at.split('"').next().unwrap().parse().unwrap()
}

#[test]
fn arrows_lead_from_before_to_after() {
    let mut m = one_row(0.2, 0.8);
    m.rows[0].before_range = Some((0.4, 0.0));
    m.rows[0].after_range = Some((0.6, 1.0));
    m.rows[0].known = Some((0.0, 0.4, 0.6));
    for svg in [m.render(), m.render_compact()] {
        let close = |a: f64, b: f64| assert!((a - b).abs() < 0.2, "{a} {b}");
        close(
            after_text(&svg, "class=\"hollow\" cx=\"")[0],
            tick_at(&svg, "20"),
        );
        close(
            after_text(&svg, "class=\"mark ringed\" cx=\"")[0],
            tick_at(&svg, "80"),
        );
        close(
            after_text(&svg, "class=\"extent was\" x1=\"")[0],
            tick_at(&svg, "0"),
        );
        close(
            after_text(&svg, "class=\"extent\" x1=\"")[0],
            tick_at(&svg, "60"),
        );
        close(
            after_text(&svg, "class=\"bracket middle\" x1=\"")[0],
            tick_at(&svg, "40"),
        );
        let start = after_text(&svg, "class=\"arrow\" x1=\"")[0];
        assert!(start > tick_at(&svg, "20") && start < tick_at(&svg, "40"));
        assert_eq!(svg.matches("class=\"arrow-head\"").count(), 1);
        assert!(svg.contains(">20 → 80</text>"));
        assert!(svg.contains("row: before 20 (40 to &lt;1), after 80 (60 to &gt;99); known from outside 40 (&lt;1 to 60)"));
        for key in ["range before", "range after", "known from outside"] {
            assert!(svg.contains(&format!(">{key}</text>")), "{key}");
        }
    }
    // The other way round the arrow starts at the right.
    let svg = one_row(0.8, 0.2).render();
    let start = after_text(&svg, "class=\"arrow\" x1=\"")[0];
    assert!(start > tick_at(&svg, "70") && start < tick_at(&svg, "80"));
    for key in ["range before", "range after", "known from outside"] {
        assert!(!svg.contains(key), "{key}");
    }
    // Nothing to connect: one of the two is missing, or they are the same.
    for (before, after, words) in [
        (f64::NAN, 0.4, "– → 40"),
        (0.4, f64::INFINITY, "40 → –"),
        (0.4, 0.4, "40 → 40"),
    ] {
        let svg = one_row(before, after).render();
        assert!(
            !svg.contains("class=\"arrow\"") && svg.contains(words),
            "{words}"
        );
    }
    let mut m = one_row(-1.25, 3.5);
    m.percent = false;
    assert!(m.render().contains(">−1.2 → 3.5</text>"));
}
