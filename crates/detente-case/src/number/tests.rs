//! Every form of a number, and every way to get it wrong.

use super::*;
use detente_diag::FileId;

fn read_text(text: &str, field: NumberField) -> Result<Distribution, Vec<String>> {
    let mut diagnostics = Diagnostics::default();
    let tree = Tree {
        span: Span::new(FileId(0), 0, text.len() + 2),
        kind: TreeKind::Text(text.to_owned()),
    };
    let found = read(&tree, field, &Words::default(), "km2", &mut diagnostics);
    let codes = diagnostics
        .into_sorted()
        .iter()
        .map(|d| d.code.to_string())
        .collect();
    found.ok_or(codes)
}

fn field(unit: &'static str, domain: Domain) -> NumberField {
    NumberField {
        unit,
        domain,
        default: None,
    }
}

#[test]
fn every_form_meets_its_percentiles() {
    let share = field("share", Domain::Share);
    let d = read_text("30% / 35% / 40%", share).unwrap();
    assert!((d.quantile(0.05) - 0.30).abs() < 1e-12 && (d.quantile(0.5) - 0.35).abs() < 1e-12);
    let d = read_text("5 to 10", field("points", Domain::NotNegative)).unwrap();
    assert!((d.quantile(0.95) - 10.0).abs() < 1e-12);
    assert_eq!(d.shape(), "lognormal");
    let d = read_text("between 3 and 7", field("months", Domain::NotNegative)).unwrap();
    assert_eq!((d.quantile(0.0), d.quantile(1.0)), (3.0, 7.0));
    assert_eq!(
        read_text("18 months", field("months", Domain::NotNegative)),
        Ok(Distribution::Exact(18.0))
    );
    assert_eq!(
        read_text("-1.5e2", field("km2", Domain::Signed)),
        Ok(Distribution::Exact(-150.0))
    );
    assert_eq!(
        read_text("2k to 1M", field("line", Domain::Signed))
            .unwrap()
            .shape(),
        "normal"
    );
    assert_eq!(
        read_text("0.93 to 0.99", field("a month", Domain::Within(0.9, 0.999)))
            .unwrap()
            .shape(),
        "logit-normal"
    );
}

#[test]
fn coverage_base_rates_words_and_named_distributions() {
    let share = field("share", Domain::Share);
    let points = field("points", Domain::NotNegative);
    let near = |d: &Distribution, u: f64, x: f64| {
        assert!((d.quantile(u) - x).abs() < 1e-9, "{d:?} at {u}");
    };
    let d = read_text("5 to 10 (80%)", points).unwrap();
    near(&d, 0.1, 5.0);
    near(&d, 0.9, 10.0);
    let d = read_text("0.2 / 0.3 / 0.6 (50%)", share).unwrap();
    near(&d, 0.25, 0.2);
    near(&d, 0.75, 0.6);
    assert_eq!(
        read_text("3 of 11", share),
        Ok(Distribution::base_rate(3.0, 11.0))
    );
    let d = read_text("likely", share).unwrap();
    near(&d, 0.05, 0.55);
    near(&d, 0.95, 0.80);
    assert_eq!(
        read_text("pert(1, 3, 9)", points),
        Ok(Distribution::pert(1.0, 3.0, 9.0))
    );
    assert_eq!(
        read_text("uniform(10%, 30%)", share),
        Ok(Distribution::Uniform {
            low: 0.1,
            high: 0.3
        })
    );
    near(&read_text("lognormal(4, 3)", points).unwrap(), 0.95, 12.0);
    // A normal of which a part lies below zero is cut off there, and 16 % of its weight is said to be beyond.
    let cut = read_text("normal(2, 2)", points).unwrap();
    assert!(cut.quantile(1e-9) >= 0.0 && cut.shape() == "truncated");
    for (text, field) in [
        ("pert(3, 1, 9)", points),
        ("prt(1, 3, 9)", points),
        ("pert(1, 3)", points),
        ("normal(1, 0)", points),
        ("5 to 10 (80)", points),
        ("5 to 10 (120%)", points),
        ("11 of 3", share),
        ("3 of 11", points),
        ("likely", points),
        ("lkely", share),
    ] {
        assert_eq!(read_text(text, field).expect_err(text), ["D0301"], "{text}");
    }
    assert_eq!(
        read_text("uniform(2, 3)", share),
        Err(vec!["D0303".to_owned()])
    );
}

#[test]
fn faults_are_named() {
    let share = field("share", Domain::Share);
    for (text, code) in [
        ("10 to 5", "D0303"),
        ("60% to 50%", "D0302"),
        ("50% to 50%", "D0302"),
        ("a lot", "D0301"),
        ("0% to 50%", "D0304"),
        ("0.5 / 0.4 / 0.6", "D0305"),
        ("1.2", "D0303"),
        ("", "D0301"),
        ("5 months", "D0306"),
        ("0.5 months", "D0306"),
        ("0.5 parts of 10", "D0301"),
        ("1,5", "D0301"),
        ("0.1–0.2", "D0301"),
        ("0.1to0.2", "D0301"),
        ("0.1 to", "D0301"),
        ("0.1 to 0.2 to 0.3", "D0301"),
        ("1e999", "D0301"),
        ("0.1 to 9e307bn", "D0301"),
        ("NaN", "D0301"),
        ("inf", "D0301"),
    ] {
        let codes = read_text(text, share).expect_err(text);
        assert!(
            codes.iter().any(|c| c == code),
            "{text}: {codes:?} lacks {code}"
        );
    }
    assert_eq!(
        read_text("30%", field("points", Domain::NotNegative)),
        Err(vec!["D0306".to_owned()])
    );
    assert_eq!(
        read_text("x to y", share),
        Err(vec!["D0301".to_owned(), "D0301".to_owned()])
    );
}

#[test]
fn a_range_with_a_sign_at_one_end_is_read_aloud() {
    let said = |text: &str, field: NumberField| {
        let mut diagnostics = Diagnostics::default();
        let tree = Tree {
            span: Span::new(FileId(0), 0, text.len() + 2),
            kind: TreeKind::Text(text.to_owned()),
        };
        let found = read(&tree, field, &Words::default(), "km2", &mut diagnostics);
        let helps: Vec<String> = diagnostics
            .into_sorted()
            .iter()
            .map(|d| format!("{} {}", d.code, d.help.clone().unwrap_or_default()))
            .collect();
        (found.map(|d| d.quantile(0.05)), helps)
    };
    let share = || field("share", Domain::Share);
    let line = || field("line", Domain::Signed);
    let months = || field("months", Domain::NotNegative);
    for (text, field, low, help) in [
        (
            "0.5 to 60%",
            share(),
            0.5,
            "write 50% if it is meant so, or 0.5%",
        ),
        ("between 0.5 and 60%", share(), 0.5, "write 50% if"),
        (
            "0.1% to 0.5",
            share(),
            0.001,
            "write 50% if it is meant so, or 0.5%",
        ),
        (
            "0.1 / 0.2 / 60%",
            share(),
            0.1,
            "write 10% and 20% if it is meant so, or 0.1% and 0.2%",
        ),
        (
            "5 to 10k",
            line(),
            5.0,
            "write 5k if that is meant, or the numbers in full",
        ),
        ("0.5k to 900 km2", line(), 500.0, "write 900k"),
    ] {
        let (found, helps) = said(text, field);
        let between = text.starts_with("between");
        assert!(
            between || found.is_some_and(|x| (x / low - 1.0).abs() < 1e-9),
            "{text}: {found:?}"
        );
        assert_eq!(helps.len(), 1, "{text}: {helps:?}");
        assert!(
            helps[0].starts_with("D0718") && helps[0].contains(help),
            "{helps:?}"
        );
    }
    for (text, field) in [
        ("50% to 60%", share()),
        ("0.5 to 0.6", share()),
        ("5% to 0.2", share()),
        ("100 to 2k", line()),
        ("0 to 2k", line()),
        ("-5 to 2k", months()),
        ("5k to 10k km2", line()),
        ("5 to 10 months", months()),
    ] {
        let (_, helps) = said(text, field);
        assert!(
            !helps.iter().any(|h| h.starts_with("D0718")),
            "{text}: {helps:?}"
        );
    }
}
