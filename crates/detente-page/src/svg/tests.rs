//! Charts from ordinary and from odd data: well-formed, without stray
//! numbers, the same bytes each time.

use super::canvas::{BODY, escape, number, safe_id, text_width, wrap};
use super::cloud::{Axis, Named, NoDealLine, PackageCloud};
use super::fan::{Band, Fan};
use super::heat::{AcceptanceMap, Cell, Row};
use super::place::{Field, Placed, Rect, Request, place, spread, stack};
use super::range::{self, RangeBars};
use super::scale::{month_ticks, plain, round_ticks};
use super::{Marker, Party, chart_style, per_hundred, responsive, standalone, swatch};

pub(super) const ODD: [f64; 9] = [
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    0.0,
    -0.0,
    1e300,
    -1e-300,
    5.0,
    1e12,
];
pub(super) const LONG: &str =
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen & <söhne> \"x\"";

/// Fails unless tags balance, ids are unique, references to ids resolve and
/// no number went wrong.
pub(super) fn check(svg: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = svg;
    while let Some(at) = rest.find('<') {
        assert!(!rest[..at].contains('>'), "stray > before {}", &rest[at..]);
        let end = rest[at..].find('>').expect("tag closes") + at;
        let tag = &rest[at + 1..end];
        assert!(!tag.contains('<'), "stray < in {tag}");
        assert_eq!(tag.matches('"').count() % 2, 0, "quotes in {tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(tag.split(' ').next().unwrap_or(tag));
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "left open: {open:?}");
    for bad in ["NaN", "inf", "=\"-0\"", "e+", "\u{0}"] {
        assert!(!svg.contains(bad), "{bad} in {svg}");
    }
    let ids: Vec<&str> = svg.split(" id=\"").skip(1).map(until_quote).collect();
    for (i, id) in ids.iter().enumerate() {
        assert!(!ids[..i].contains(id), "id {id} twice");
    }
    for wanted in svg.split("url(#").skip(1) {
        let id = wanted.split(')').next().unwrap_or("");
        assert!(ids.contains(&id), "no {id}");
    }
    assert!(svg.contains("role=\"img\" aria-labelledby="));
    let labelled = svg.split("aria-labelledby=\"").nth(1).map(until_quote);
    for id in labelled.unwrap_or("").split(' ') {
        assert!(ids.contains(&id), "no {id}");
    }
}

fn until_quote(s: &str) -> &str {
    s.split('"').next().unwrap_or("")
}

fn map(rows: usize, parties: usize, label: &str) -> AcceptanceMap {
    let cell = |i: usize| Cell {
        share: (!i.is_multiple_of(5)).then(|| ODD[i % ODD.len()] / 7.0),
        error: ODD[(i + 3) % ODD.len()],
        free: i.is_multiple_of(2),
        blocker: i.is_multiple_of(3),
        blocked_by_red_line: i.is_multiple_of(4),
        tooltip: label.to_owned(),
    };
    AcceptanceMap {
        title: label.to_owned(),
        desc: label.to_owned(),
        id: "1 odd id!".to_owned(),
        columns: (0..parties).map(|i| Party::new(label, i)).collect(),
        rows: (0..rows)
            .map(|r| Row {
                label: label.to_owned(),
                note: label.to_owned(),
                cells: (0..parties.saturating_sub(r % 3))
                    .map(|i| cell(i + r))
                    .collect(),
                totals: (0..r % 4)
                    .map(|k| (Some(ODD[(r + k) % ODD.len()]), String::new()))
                    .collect(),
                placeholder: r % 2 == 0,
            })
            .collect(),
        totals: (0..rows % 3).map(|_| label.to_owned()).collect(),
        note: label.to_owned(),
    }
}

fn cloud(named: usize, label: &str) -> PackageCloud {
    let line = |i: usize| NoDealLine {
        label: label.to_owned(),
        value: ODD[i % ODD.len()].min(100.0),
        axis: if i.is_multiple_of(2) {
            Axis::X
        } else {
            Axis::Y
        },
        color_index: i,
    };
    PackageCloud {
        title: label.to_owned(),
        id: "cloud".to_owned(),
        points: ODD.iter().map(|v| (*v, 3.0)).collect(),
        frontier: vec![(1.0, 9.0), (f64::NAN, 4.0), (9.0, 1.0), (5.0, 5.0)],
        named: (0..named)
            .map(|i| Named {
                mark: String::new(),
                label: format!("{label} {i}"),
                x: 5.0,
                y: 5.0 + ODD[i % ODD.len()].min(1.0),
                accepted: i % 2 == 0,
            })
            .collect(),
        no_deal: (0..10).map(line).collect(),
        nash: Some((5.0, 5.0)),
        ..PackageCloud::default()
    }
}

fn fan(values: &[f64]) -> Fan {
    Fan {
        id: "fan".to_owned(),
        months: (0..values.len()).map(|m| m as f64).collect(),
        bands: vec![
            Band {
                low_q: 0.25,
                high_q: 0.75,
                low: values.to_vec(),
                high: values.iter().map(|v| v + 1.0).collect(),
            },
            Band {
                low_q: f64::NAN,
                high_q: 0.95,
                low: values.to_vec(),
                high: vec![2.0],
            },
        ],
        median: values.to_vec(),
        reference_lines: vec![(LONG.to_owned(), 4.0), ("x".to_owned(), f64::NAN)],
        placeholder: true,
        ..Fan::default()
    }
}

fn bars(rows: usize, label: &str) -> RangeBars {
    let odd = |i: usize| ODD[i % ODD.len()];
    RangeBars {
        id: "bars".to_owned(),
        rows: (0..rows)
            .map(|i| range::Row {
                group: format!("{label} {}", i / 2),
                label: label.to_owned(),
                low: odd(i),
                q25: odd(i + 1),
                median: odd(i + 2),
                q75: odd(i + 3),
                high: odd(i + 4),
                color_index: i,
                marker: Marker::for_index(i),
                dots: if i % 2 == 0 { ODD.to_vec() } else { Vec::new() },
                placeholder: i % 3 == 0,
            })
            .collect(),
        reference: ODD.iter().map(|v| (label.to_owned(), *v)).collect(),
        ..RangeBars::default()
    }
}

#[test]
fn odd_data_give_well_formed_charts() {
    for label in [
        "",
        "x",
        LONG,
        "a\u{0}b\u{8}\u{FFFF}",
        "漢字の長い名前がここにあります",
    ] {
        for (rows, parties) in [(0, 0), (1, 1), (30, 9), (3, 0), (0, 4)] {
            let m = map(rows, parties, label);
            check(&m.render());
            check(&m.render_compact());
        }
        for n in [0, 1, 30] {
            check(&cloud(n, label).render());
            check(&cloud(n, label).render_compact());
            check(&bars(n, label).render());
            check(&bars(n, label).render_compact());
        }
    }
    for values in [&[][..], &[3.0], &ODD, &[f64::NAN; 4], &[7.0; 40]] {
        check(&fan(values).render());
        check(&fan(values).render_compact());
    }
    check(&PackageCloud::default().render());
    check(&Fan::default().render());
    check(&RangeBars::default().render());
    check(&AcceptanceMap::default().render());
}

#[test]
fn same_data_same_bytes() {
    assert_eq!(map(5, 4, "p").render(), map(5, 4, "p").render());
    assert_eq!(cloud(9, "p").render(), cloud(9, "p").render());
    assert_ne!(cloud(9, "p").render(), cloud(9, "p").render_compact());
}

#[test]
fn shares_are_never_nought_or_a_hundred() {
    for (share, text) in [
        (0.0, "<1"),
        (0.004, "<1"),
        (0.01, "1"),
        (0.62, "62"),
        (0.99, "99"),
        (0.996, ">99"),
        (1.0, ">99"),
        (7.0, ">99"),
    ] {
        assert_eq!(per_hundred(Some(share)), text);
    }
    assert_eq!(per_hundred(None), "–");
    assert_eq!(per_hundred(Some(f64::NAN)), "–");
    let mut m = map(1, 1, "p");
    m.rows[0].cells = vec![Cell {
        share: Some(0.0),
        ..Cell::default()
    }];
    m.rows[0].totals = vec![(Some(1.0), String::new())];
    let svg = m.render();
    assert!(svg.contains(">&lt;1</text>"));
    assert!(svg.contains(">&gt;99</text>"));
}

#[test]
fn text_is_escaped_and_numbers_are_plain() {
    assert_eq!(escape("a<b>&\"'\n\u{1}"), "a&lt;b&gt;&amp;&quot;&#39; ");
    assert_eq!(number(-0.01), "0");
    assert_eq!(number(2.0), "2");
    assert_eq!(number(2.25), "2.2");
    assert_eq!(number(f64::NAN), "0");
    assert_eq!(safe_id("9 lives"), "chart-9-lives");
    assert_eq!(plain(-12_345.6, 0), "−12\u{2009}346");
    assert_eq!(plain(-0.4, 0), "0");
    assert_eq!(plain(f64::NAN, 1), "–");
}

#[test]
fn lines_are_wrapped_within_their_width() {
    for width in [10.0, 60.0, 200.0] {
        for line in wrap(LONG, BODY, width, 50) {
            assert!(text_width(&line, BODY) <= width || line.chars().count() == 1);
        }
    }
    assert_eq!(wrap("one two three", BODY, 30.0, 2).len(), 2);
    assert!(wrap("  ", BODY, 30.0, 2).is_empty());
    assert!(wrap(LONG, BODY, 60.0, 2)[1].ends_with('…'));
}

#[test]
fn ticks_are_round_and_few() {
    let t = round_ticks(Some((3.0, 97.0)), 6.0);
    assert_eq!(t.domain, (0.0, 100.0));
    assert_eq!(t.marks[1].1, "20");
    for odd in [(0.0, 0.0), (-1e12, 1e12), (1e-30, 2e-30), (1e12, 1e12)] {
        let t = round_ticks(Some(odd), 6.0);
        assert!(t.domain.0 < t.domain.1);
        assert!(
            (2..=12).contains(&t.marks.len()),
            "{odd:?}: {}",
            t.marks.len()
        );
    }
    let m = month_ticks(Some((0.0, 120.0)), 11.0);
    assert_eq!(m.marks.len(), 11);
    assert_eq!(m.marks[1].1, "12");
}

pub(super) fn assert_apart(rects: &[Rect]) {
    for (i, a) in rects.iter().enumerate() {
        for b in &rects[..i] {
            assert!(!a.overlaps(b), "{a:?} on {b:?}");
        }
    }
}

/// Thirty long labels within a circle of 50 px.
fn crowd() -> Vec<Request> {
    (0..30)
        .map(|i| Request {
            x: 250.0 + f64::from(i * 37 % 50) - 25.0,
            y: 200.0 + f64::from(i * 23 % 50) - 25.0,
            w: 150.0,
            h: 32.0,
            gap: 8.0,
        })
        .collect()
}

#[test]
fn labels_of_a_crowd_do_not_overlap() {
    let bounds = Rect {
        x: 0.0,
        y: 0.0,
        w: 500.0,
        h: 400.0,
    };
    let requests = crowd();
    let field = Field {
        marks: requests
            .iter()
            .map(|r| Rect::centred(r.x, r.y, 12.0, 12.0))
            .collect(),
        ..Field::default()
    };
    let placed = place(&requests, 0, bounds, &field);
    let rects: Vec<Rect> = placed.iter().filter_map(Placed::rect).collect();
    assert_eq!(rects.len(), requests.len(), "every label has a place");
    assert_apart(&rects);
    for r in &rects {
        assert!(!field.marks.iter().any(|m| m.overlaps(r)));
        assert!(r.x >= 0.0 && r.y >= 0.0 && r.x + r.w <= 500.0 && r.y + r.h <= 400.0);
    }
    // A crowd is numbered throughout; a few labels far apart keep their words.
    assert!(placed.iter().all(|p| matches!(p, Placed::Key(..))));
    let few: Vec<Request> = (0..3)
        .map(|i| Request {
            x: 100.0 + 100.0 * f64::from(i),
            y: 100.0 + 90.0 * f64::from(i),
            ..requests[0]
        })
        .collect();
    let placed = place(&few, 0, bounds, &Field::default());
    assert!(placed.iter().all(|p| matches!(p, Placed::Beside(_))));
}

#[test]
fn margin_labels_are_spread_and_head_labels_stacked() {
    let labels = [(50.0, 20.0), (50.0, 30.0), (52.0, 10.0), (95.0, 20.0)];
    let tops = spread(&labels, 0.0, 100.0);
    let rects: Vec<Rect> = tops
        .iter()
        .zip(labels)
        .map(|(y, (_, h))| Rect {
            x: 0.0,
            y: *y + 1e-9,
            w: 1.0,
            h: h - 1e-6,
        })
        .collect();
    assert_apart(&rects);
    assert!(rects.iter().all(|r| r.y >= 0.0 && r.y + r.h <= 100.0));
    let heads = [
        (100.0, 150.0),
        (130.0, 150.0),
        (300.0, 150.0),
        (310.0, 40.0),
    ];
    let (spots, rows) = stack(&heads, 0.0, 344.0);
    let rects: Vec<Rect> = spots
        .iter()
        .zip(heads)
        .map(|((c, row), (_, w))| Rect::centred(*c, *row as f64 * 20.0, w, 19.0))
        .collect();
    assert_apart(&rects);
    assert!(rows <= 4);
    for (i, (c, row)) in spots.iter().enumerate() {
        for (j, (_, other)) in spots.iter().enumerate() {
            let crossed = (heads[j].0 - c).abs() < heads[i].1 / 2.0 - 1.0;
            assert!(
                i == j || other <= row || !crossed,
                "line {j} crosses label {i}"
            );
        }
    }
}

/// A word too long for its line is broken where its parts are joined, and within a part only if it must be.
#[test]
fn long_words_break_at_their_joints() {
    use super::canvas::{text_width, wrap};
    let width = text_width("Harbour/Co", 10.0);
    assert_eq!(wrap("Harbour/Coast", 10.0, width, 3), ["Harbour/", "Coast"]);
    let narrow = text_width("Har", 10.0);
    let lines = wrap("Harbour/Coast", 10.0, narrow, 9);
    assert_eq!(lines.concat(), "Harbour/Coast");
    assert!(lines.iter().all(|line| text_width(line, 10.0) <= narrow));
}

#[test]
fn wrappers_keep_charts_whole() {
    let m = map(2, 2, "p");
    let both = responsive(&m.render(), &m.render_compact());
    assert_eq!(both.matches("<svg").count(), 2);
    let alone = standalone(&m.render());
    assert!(alone.contains("<style>") && alone.contains("--party-0"));
    assert!(chart_style().contains(".chart") && !chart_style().contains('<'));
    assert_eq!(standalone("no chart"), "no chart");
    assert!(swatch(&Party::new("p", 11)).contains("class=\"p3\""));
}
