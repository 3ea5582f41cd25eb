//! Stacked endings, waterfalls and quantile dots: from ordinary and from odd
//! data, and what they must say.

use super::credibility::{Credibility, Line, Panel};
use super::dots::{self, QuantileDots};
use super::endings::{BaseRate, Ending, Endings, Mark};
use super::frame::{Heads, fitting_ticks, thinned};
use super::scale::month_ticks;
use super::tests::{LONG, ODD, assert_apart, check};
use super::waterfall::{Step, Total, Waterfall};
use super::{COMPACT, Marker, WIDE};

pub(super) const LABELS: [&str; 5] = [
    "",
    "x",
    LONG,
    "a\u{0}b\u{8}\u{FFFF}",
    "漢字の長い名前がここにあります",
];

fn odd(i: usize) -> f64 {
    ODD[i % ODD.len()]
}

/// A stream of odd and ordinary numbers.
pub(super) struct Numbers(pub(super) u64);

impl Numbers {
    pub(super) fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let bits = self.0 >> 33;
        match bits % 11 {
            0 => odd(bits as usize / 11),
            n => ((bits / 11 % 2001) as f64 - 1000.0) / [1.0, 10.0, 1000.0][n as usize % 3],
        }
    }

    pub(super) fn list(&mut self, n: usize) -> Vec<f64> {
        (0..n).map(|_| self.next()).collect()
    }
}

fn endings(n: usize, months: usize, label: &str) -> Endings {
    Endings {
        title: label.to_owned(),
        desc: label.to_owned(),
        id: "1 odd id!".to_owned(),
        endings: (0..n)
            .map(|k| Ending {
                label: label.to_owned(),
                color_index: k,
                at_once: 0.0,
                by_month: (1..=months)
                    .map(|m| 0.1 * m as f64 / months as f64)
                    .collect(),
            })
            .collect(),
        mark: Some(Mark {
            label: label.to_owned(),
            month: 3.0,
        }),
        base_rate: Some(BaseRate {
            label: label.to_owned(),
            month: 3.0,
            low: 0.1,
            mid: 0.2,
            high: 0.4,
        }),
        placeholder: n.is_multiple_of(2),
        note: label.to_owned(),
        ..Endings::default()
    }
}

fn waterfall(changes: &[f64], label: &str) -> Waterfall {
    let total = |value: f64| Total {
        label: label.to_owned(),
        value,
        placeholder: false,
    };
    Waterfall {
        title: label.to_owned(),
        id: "w".to_owned(),
        unit: label.to_owned(),
        start: total(40.0),
        steps: changes
            .iter()
            .enumerate()
            .map(|(i, change)| Step {
                label: label.to_owned(),
                change: *change,
                error: odd(i),
                placeholder: i.is_multiple_of(2),
            })
            .collect(),
        end: total(40.0 + changes.iter().sum::<f64>()),
        ..Waterfall::default()
    }
}

fn row(label: &str, i: usize, quantiles: Vec<f64>) -> dots::Row {
    dots::Row {
        label: label.to_owned(),
        note: label.to_owned(),
        color_index: i,
        marker: Marker::for_index(i),
        quantiles,
        median: None,
        placeholder: i.is_multiple_of(2),
    }
}

fn quantile_dots(rows: usize, label: &str) -> QuantileDots {
    QuantileDots {
        title: label.to_owned(),
        id: "q".to_owned(),
        x_label: label.to_owned(),
        rows: (0..rows)
            .map(|r| {
                row(
                    label,
                    r,
                    (0..20).map(|i| (i * (r + 1)) as f64 - 9.0).collect(),
                )
            })
            .collect(),
        reference: Some((label.to_owned(), 0.0)),
        note: label.to_owned(),
        ..QuantileDots::default()
    }
}

pub(super) fn check_both(wide: &str, compact: &str) {
    check(wide);
    check(compact);
    assert!(wide.contains(&format!("viewBox=\"0 0 {WIDE:.0} ")));
    assert!(compact.contains(&format!("viewBox=\"0 0 {COMPACT:.0} ")));
}

#[test]
fn forms_from_odd_data_are_well_formed() {
    for label in LABELS {
        for n in [0, 1, 6, 13] {
            let e = endings(n, n, label);
            check_both(&e.render(), &e.render_compact());
            let w = waterfall(&vec![-7.25; n], label);
            check_both(&w.render(), &w.render_compact());
            let q = quantile_dots(n, label);
            check_both(&q.render(), &q.render_compact());
        }
    }
    check(&Endings::default().render());
    check(&Waterfall::default().render_compact());
    check(&QuantileDots::default().render());
}

#[test]
fn forms_bear_any_numbers() {
    let mut numbers = Numbers(7);
    for round in 0..120 {
        let mut e = endings(round % 7, 0, "ending");
        for ending in &mut e.endings {
            ending.by_month = numbers.list(round % 19);
        }
        e.mark = Some(Mark {
            label: "mark".to_owned(),
            month: numbers.next(),
        });
        e.base_rate = Some(BaseRate {
            label: "base".to_owned(),
            month: numbers.next(),
            low: numbers.next(),
            mid: numbers.next(),
            high: numbers.next(),
        });
        check_both(&e.render(), &e.render_compact());

        let mut w = waterfall(&numbers.list(round % 9), "step");
        w.start.value = numbers.next();
        w.end.value = numbers.next();
        w.reference = Some(("line".to_owned(), numbers.next()));
        w.decimals = (round % 3 == 0).then_some(round);
        check_both(&w.render(), &w.render_compact());

        let mut q = quantile_dots(0, "row");
        for i in 0..round % 5 {
            let mut r = row("row", i, numbers.list([0, 1, 20, 50, 999][(round + i) % 5]));
            r.median = (i % 2 == 0).then(|| numbers.next());
            q.rows.push(r);
        }
        q.reference = Some(("line".to_owned(), numbers.next()));
        check_both(&q.render(), &q.render_compact());
    }
}

#[test]
fn forms_write_the_same_bytes() {
    for n in [1, 5] {
        assert_eq!(endings(n, 9, "p").render(), endings(n, 9, "p").render());
        let w = || waterfall(&vec![3.0; n], "p");
        assert_eq!(w().render_compact(), w().render_compact());
        assert_eq!(
            quantile_dots(n, "p").render(),
            quantile_dots(n, "p").render()
        );
    }
}

/// Boxes of all texts in a chart, from its own measures.
fn text_boxes(svg: &str) -> Vec<(super::place::Rect, String)> {
    let mut out = Vec::new();
    for text in svg.split("<text ").skip(1) {
        let get = |name: &str| -> Option<f64> {
            let (_, rest) = text.split_once(&format!(" {name}=\""))?;
            rest.split('"').next()?.parse().ok()
        };
        let content = text
            .split('>')
            .nth(1)
            .unwrap_or("")
            .split('<')
            .next()
            .unwrap_or("");
        let plain = content
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&amp;", "&");
        let (Some(size), Some(x), Some(y)) = (get("font-size"), get("x"), get("y")) else {
            continue;
        };
        // The estimate is on the wide side; real faces run narrower.
        let width = 0.93 * super::canvas::text_width(&plain.replace(['−', '≈'], "+"), size);
        let left = if text.contains("text-anchor=\"middle\"") {
            x - width / 2.0
        } else if text.contains("text-anchor=\"end\"") {
            x - width
        } else {
            x
        };
        if !plain.is_empty() {
            let rect = super::place::Rect {
                x: left,
                y: y - size * 0.72,
                w: width,
                h: size * 0.9,
            };
            out.push((rect, plain));
        }
    }
    out
}

pub(super) fn assert_legible(svg: &str) {
    let end = svg.split("viewBox=\"0 0 ").nth(1).unwrap();
    let mut size = end
        .split('"')
        .next()
        .unwrap()
        .split(' ')
        .map(|n| n.parse::<f64>().unwrap());
    let (width, height) = (size.next().unwrap(), size.next().unwrap());
    let boxes = text_boxes(svg);
    for (i, (a, text)) in boxes.iter().enumerate() {
        for (b, other) in &boxes[..i] {
            assert!(!a.overlaps(b), "{text} {a:?} on {other} {b:?}");
        }
        assert!(
            a.x > -1.0 && a.x + a.w < width + 1.0 && a.y > -1.0 && a.y + a.h < height + 1.0,
            "{text} {a:?} outside"
        );
    }
}

#[test]
fn no_text_lies_on_another_or_outside() {
    let long = "the guarantors leave after a change of government in one of their capitals";
    for label in ["no deal", long, LONG] {
        for n in [1, 3, 6] {
            for thin in [1.0, 0.01, 1.6] {
                for month in [0.0, 11.0, 24.0] {
                    let mut e = endings(n, 24, label);
                    for v in e.endings.iter_mut().flat_map(|e| &mut e.by_month) {
                        *v *= thin;
                    }
                    e.mark.as_mut().unwrap().month = month;
                    assert_legible(&e.render());
                    assert_legible(&e.render_compact());
                }
            }
        }
        for size in [0.02, 7.0, 90_000.0, 1e9] {
            for n in [0, 3, 8] {
                let changes: Vec<f64> = (0..n).map(|i| size * (3.0 - f64::from(i))).collect();
                let mut w = waterfall(&changes, label);
                for step in &mut w.steps {
                    step.error = size / 7.0;
                }
                w.start.value = size;
                w.end.value = -2.0 * size;
                w.reference = Some((label.to_owned(), -size / 3.0));
                assert_legible(&w.render());
                assert_legible(&w.render_compact());
            }
            let mut q = quantile_dots(4, label);
            for v in q.rows.iter_mut().flat_map(|r| &mut r.quantiles) {
                *v *= size;
            }
            assert_legible(&q.render());
            assert_legible(&q.render_compact());
        }
    }
}

#[test]
fn endings_stack_to_a_hundred() {
    let mut e = endings(3, 24, "p");
    e.endings[1].by_month = vec![0.0; 24];
    let svg = e.render();
    assert_eq!(svg.matches("data-ending=").count(), 4);
    assert!(svg.contains("data-ending=\"still on\" data-share=\"0.8000\""));
    assert!(svg.contains(">80</text>") && svg.contains(">&lt;1</text>"));
    assert!(svg.contains("p: 20 of 100 (10 to 40)"));
    // An ending without numbers is left out; a month without one is a gap.
    e.endings[0].by_month = vec![f64::NAN; 24];
    e.endings[2].by_month[10] = f64::NAN;
    let svg = e.render();
    assert_eq!(svg.matches("data-ending=").count(), 3);
    assert_eq!(svg.matches("class=\"layer\" d=\"").count(), 6);
    // More than everything fills the stack and no more.
    e.endings[1].by_month = vec![3.0; 24];
    assert!(
        e.render()
            .contains("data-ending=\"still on\" data-share=\"0.0000\"")
    );
}

#[test]
fn waterfalls_add_up() {
    let mut w = waterfall(&[9.0, -14.0, 0.2, f64::NAN], "p");
    w.end.value = 30.0;
    w.decimals = Some(0);
    let svg = w.render();
    for text in [
        ">+9<",
        ">−14<",
        ">≈ 0<",
        ">–<",
        ">40<",
        ">30<",
        ">not attributed<",
        ">−5<",
    ] {
        assert!(svg.contains(text), "{text}");
    }
    assert!(svg.contains("class=\"step up\"") && svg.contains("class=\"step down\""));
    assert!(svg.contains("class=\"step down gap\""));
    // 35.2 shown as 35: nothing is missing.
    w.end.value = 35.0;
    assert!(!w.render().contains("not attributed"));
    // Without a start nothing has a place.
    w.start.value = f64::NAN;
    assert_eq!(w.render().matches("class=\"bar\"").count(), 1);
}

#[test]
fn dots_can_be_counted() {
    let mut q = quantile_dots(1, "p");
    q.rows[0].quantiles = (0..50).map(|i| f64::from(i) - 20.0).collect();
    for svg in [q.render(), q.render_compact()] {
        assert_eq!(svg.matches("class=\"dot\"").count(), 50);
        assert!(svg.contains("each dot: 2 of 100 worlds"));
        // Twenty lie below nought, thirty on it or above.
        let line = svg.split("class=\"reference\" x1=\"").nth(1).unwrap();
        let at: f64 = line.split('"').next().unwrap().parse().unwrap();
        let below = svg
            .split("class=\"dot\" cx=\"")
            .skip(1)
            .filter(|d| d.split('"').next().unwrap().parse::<f64>().unwrap() < at)
            .count();
        assert_eq!(below, 20);
    }
    q.rows[0].quantiles = vec![5.0; 50];
    assert_eq!(q.render().matches("class=\"dot\"").count(), 50);
    q.rows[0].quantiles = (0..5000).map(f64::from).collect();
    assert_eq!(q.render().matches("class=\"dot\"").count(), 50);
    q.decimals = Some(1);
    q.rows[0].quantiles = vec![1.0, 3.0];
    assert!(q.render().contains(">median 2.0<"));
    q.rows[0].median = Some(2.6);
    assert!(q.render().contains(">median 2.6<"));
}

#[test]
fn heads_and_ticks_keep_apart() {
    for (a, b) in [(0.0, 0.0), (344.0, 344.0), (100.0, 110.0), (0.0, 344.0)] {
        let heads = Heads::new(&[(LONG, a), ("a label of some words", b)], 0.0, 344.0);
        let boxes = heads.boxes(200.0);
        assert_apart(&boxes);
        assert!(boxes.iter().all(|r| r.x >= -0.1 && r.x + r.w <= 344.1));
        assert!(boxes.iter().all(|r| r.y >= 200.0 - heads.depth() - 0.1));
    }
    assert!(Heads::new(&[], 0.0, 344.0).depth() < 0.1);
    for found in [(0.0, 1e12), (-1e9, 3.0), (0.0, 1e-9), (0.0, 7.0)] {
        let ticks = fitting_ticks(Some(found), 90.0, 6.0);
        assert!(
            !ticks.marks.is_empty() && ticks.marks.len() < 9,
            "{found:?}"
        );
    }
    assert!(
        thinned(month_ticks(Some((0.0, 1e6)), 11.0), 90.0)
            .marks
            .len()
            < 4
    );
}

/// A threshold is marked only where a curve of the picture crosses zero: a median of worlds' thresholds drawn over medians that stay on one
/// side of it would mark a turn that nobody sees.
#[test]
fn a_threshold_is_marked_only_where_a_curve_turns() {
    let chart = |values: Vec<f64>| Credibility {
        title: "title".to_owned(),
        desc: "desc".to_owned(),
        id: "credibility".to_owned(),
        x_label: "credibility".to_owned(),
        panels: vec![
            Panel {
                y_label: "margin".to_owned(),
                lines: vec![Line {
                    label: "type".to_owned(),
                    color_index: 0,
                    values,
                }],
            },
            Panel::default(),
        ],
        mark: Some(("c* 0.63".to_owned(), 0.63)),
        note: String::new(),
    };
    for (values, marked) in [
        (vec![-5.0, -3.0, -1.0], false),
        (vec![1.0, 2.0, 3.0], false),
        (vec![-1.0, 0.5, 2.0], true),
        (vec![f64::NAN, -1.0, -2.0], false),
    ] {
        let chart = chart(values.clone());
        assert_eq!(chart.crosses(), marked, "{values:?}");
        for svg in [chart.render(), chart.render_compact()] {
            assert_eq!(svg.contains("c* 0.63"), marked, "{values:?}");
        }
    }
}
