//! Small invented tables, right and wrong.

use std::fmt::Write as _;

use detente_backtest::{Fault, Section, Setup, Verdict, agreements, bargains, questions};

const SETUP: Setup = Setup {
    folds: 4,
    draws: 1,
    seed: 1,
};
const HEAD: &str = "count0,count1,count2,a_value0,a_value1,a_value2,b_value0,b_value1,b_value2,outcome,a_got0,a_got1,a_got2,b_got0,b_got1,b_got2\n";

fn told(faults: &[Fault]) -> String {
    faults.iter().fold(String::new(), |mut out, fault| {
        let _ = writeln!(out, "{fault}");
        out
    })
}

fn score(section: &Section, model: &str, which: usize) -> f64 {
    let line = section.lines.iter().find(|line| line.name == model);
    line.unwrap().scores.unwrap()[which]
}

/// A number below `most` that looks drawn.
fn draw(case: u64, at: u64, most: u64) -> u64 {
    let mixed = (case * 64 + at + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 33) % most
}

/// Bargains in which most deals give each what they want, some do not, and some have no deal.
fn invented() -> String {
    let mut text = HEAD.to_owned();
    for i in 0..96 {
        let got = match i % 6 {
            0..=2 => "deal,0,0,2,2,1,0",
            3 => "deal,1,0,1,1,1,1",
            4 => "deal,2,1,1,0,0,1",
            _ => "disagree,,,,,,",
        };
        let worth: Vec<String> = (0..6).map(|at| draw(i, at, 6).to_string()).collect();
        let _ = writeln!(text, "2,1,2,{},{got}", worth.join(","));
    }
    text
}

#[test]
fn bargains_are_read_and_scored() {
    let sections = bargains(&invented(), SETUP).unwrap();
    let [ending, deal] = &sections[..] else {
        panic!("two trials")
    };
    assert_eq!((ending.cases, deal.cases), (96, 80));
    assert_eq!(ending.rate, Some(80.0 / 96.0));
    // Two, one and two items are split in 3 · 2 · 3 ways.
    assert!((score(deal, "any split alike", 0) - libm::log(18.0)).abs() < 1e-12);
    let uniform = 17.0 / 18.0 * 17.0 / 18.0 + 17.0 / (18.0 * 18.0);
    assert!((score(deal, "any split alike", 1) - uniform).abs() < 1e-12);
    // The same text gives the same numbers, another seed other folds.
    assert_eq!(
        format!("{:?}", bargains(&invented(), SETUP).unwrap()),
        format!("{sections:?}")
    );
    let other = bargains(&invented(), Setup { seed: 2, ..SETUP }).unwrap();
    assert!(score(&other[1], "sum", 0) != score(deal, "sum", 0));
}

/// Where people do settle on the greatest lesser gain, six times of seven, its logit is found out as the best of those with one weight.
#[test]
fn whoever_bargains_that_way_is_told_so() {
    let mut text = HEAD.to_owned();
    for i in 0..140 {
        let [a, b] = [0, 3].map(|from| [0, 1, 2].map(|at| draw(i, from + at, 7)));
        let worth = |values: [u64; 3], got: [u64; 3]| -> u64 {
            values.iter().zip(got).map(|(value, n)| value * n).sum()
        };
        let mut best = ([0, 0, 0], 0);
        for place in 0..18 {
            let got = [place % 3, place / 3 % 2, place / 6];
            let rest = [2 - got[0], 1 - got[1], 2 - got[2]];
            let lesser = worth(a, got).min(worth(b, rest));
            if lesser > best.1 {
                best = (got, lesser);
            }
        }
        let got = if i % 7 == 0 { [1, 0, 2] } else { best.0 };
        let _ = writeln!(
            text,
            "2,1,2,{},{},{},{},{},{},deal,{},{},{},{},{},{}",
            a[0],
            a[1],
            a[2],
            b[0],
            b[1],
            b[2],
            got[0],
            got[1],
            got[2],
            2 - got[0],
            1 - got[1],
            2 - got[2]
        );
    }
    text += "2,1,2,1,0,4,2,1,1,disagree,,,,,,\n";
    let deal = &bargains(&text, SETUP).unwrap()[1];
    let own = score(deal, "lesser gain", 0);
    for other in ["any split alike", "sum", "Nash product", "root of it"] {
        assert!(own < score(deal, other, 0) - 0.01, "{other}: {deal:#?}");
    }
    assert_eq!(deal.lines[4].verdict, Verdict::Beats);
}

/// A bargain told from the other side is the same bargain: nothing but the side changes.
#[test]
fn who_is_called_first_does_not_matter() {
    let turn = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        if cells[0] == "count0" {
            return line.to_owned();
        }
        let order = [0, 1, 2, 6, 7, 8, 3, 4, 5, 9, 13, 14, 15, 10, 11, 12];
        order.map(|i| cells[i]).join(",")
    };
    let turned: Vec<String> = invented().lines().map(turn).collect();
    let turned = turned.join("\n");
    let (one, other) = (bargains(&invented(), SETUP), bargains(&turned, SETUP));
    for (one, other) in one.unwrap().iter().zip(&other.unwrap()) {
        assert_eq!(one.groups, other.groups);
        for (one, other) in one.lines.iter().zip(&other.lines) {
            let (one, other) = (one.scores.unwrap(), other.scores.unwrap());
            assert!((one[0] - other[0]).abs() < 1e-9 && (one[1] - other[1]).abs() < 1e-9);
        }
    }
}

#[test]
fn faults_of_bargains_are_told_all_at_once_with_their_lines() {
    // Lines end as on another system, and one is blank: lines are counted all the same.
    let rows = "2,1,2,1,0,4,2,1,1,deal,0,0,2,2,1,0\r\n\r\n2,x,2,1,0,4,2,1,1,deal,0,0,2,2,1,0\r\n\
                2,1,2,1,0,4,2,1,1,dael,0,0,2,2,1,0\r\n2,1,2,1,0,4,2,1,1,deal,0,0,2,2,1,1\r\n\
                2,1,2,1\r\n90,90,90,1,0,4,2,1,1,disagree,,,,,,\r\n2,1,2,1,0,4,2,1,1,deal,9,0,2,2,1,\r\n";
    let text = HEAD.replace('\n', "\r\n") + rows;
    let said = told(&bargains(&text, SETUP).unwrap_err());
    for expected in [
        "line 4, count1: “x” is not a whole number from 0 to 99",
        "line 5, outcome: “dael” is none of: disagree, deal",
        "line 6, a_got2: 2 and 1 were got of 2 items",
        "line 7: 4 values, where the head has 16",
        "line 8, count0: the items can be split in 753571 ways; at most 1024 are listed",
        "line 9, b_got2: “” is not a whole number",
    ] {
        assert!(said.contains(expected), "{expected}\n{said}");
    }
    let said = told(&bargains(&invented().replace("a_value1", "a_vlaue1"), SETUP).unwrap_err());
    assert!(
        said.contains("line 1, a_value1: there is no such column; is “a_vlaue1” meant?"),
        "{said}"
    );
    assert!(told(&bargains("", SETUP).unwrap_err()).contains("the file is empty"));
    assert!(told(&bargains(HEAD, SETUP).unwrap_err()).contains("no row below the head"));
    let one = format!("{HEAD}2,1,2,1,0,4,2,1,1,deal,0,0,2,2,1,0\n");
    assert!(told(&bargains(&one, SETUP).unwrap_err()).contains("two groups at least"));
}

/// Agreements of three classes over forty conflicts.
fn signed() -> String {
    let mut text = String::from(
        "gwno,conflict_id,pa_name,pa_date,ended,duration,pa_type,incompatibility,shagov,aut,intarmy,pko,cease,ddr\n",
    );
    for i in 0..80 {
        let end = match i % 5 {
            0 => "1.0,1999-06-30",
            1 => "1.0,2010-01-01",
            _ => ",",
        };
        let bit = |at: u64| draw(i, at, 2);
        let _ = writeln!(
            text,
            "5,{},\"A, with a comma\",1995-0{}-15,{end},{},{},{},{},{},{},{},{}",
            i % 40,
            1 + i % 9,
            1 + i % 3,
            1 + i % 2,
            bit(0),
            bit(1),
            bit(2),
            bit(3),
            bit(4),
            bit(5),
        );
    }
    text
}

#[test]
fn agreements_are_read_and_scored() {
    let text = signed()
        + "5,,x,2018-01-01,,,1,1,0,0,0,0,0,0\n5,,x,2000-01-01,1.0,,1,1,0,0,0,0,0,0\n\
           5,,x,2000-02-01,1.0,2005-02-01,1,1,0,0,0,0,0,0\n5,,x,2000-02-01,1.0,2005-02-02,1,1,0,0,0,0,0,0\n";
    let sections = agreements(&text, SETUP).unwrap();
    let section = &sections[0];
    assert_eq!((section.cases, section.groups), (82, 41));
    // Sixteen of the eighty, and the one that ended on the day on which five years were over.
    assert!((section.rate.unwrap() - 17.0 / 82.0).abs() < 1e-12);
    let note = &section.notes[0];
    assert!(
        note.contains("1 signed less than five years before 2022, 1 that ended"),
        "{note}"
    );
    let all = section.lines.iter().all(|line| line.scores.is_some());
    assert!(all, "{:?}", section.lines);
}

/// With one class and one date all models of classes say what can be worked out by hand.
#[test]
fn classes_by_hand() {
    let mut text = signed().lines().next().unwrap().to_owned() + "\n";
    for i in 0..40 {
        let end = if i % 4 == 0 { "1,2001-01-01" } else { "0," };
        let bits = (0..6).map(|at| (i / 2 + at * i / 7) % 2);
        let bits: Vec<String> = bits.map(|bit| bit.to_string()).collect();
        let _ = writeln!(text, "5,{i},x,2000-01-01,{end},1,1,{}", bits.join(","));
    }
    let setup = Setup {
        folds: 40,
        draws: 1,
        seed: 1,
    };
    let section = &agreements(&text, setup).unwrap()[0];
    // Ten of forty failed: whoever failed is given 9/39, the others 10/39; an agreement at that rate added changes nothing.
    let (low, high) = (9.0 / 39.0_f64, 10.0 / 39.0_f64);
    let brier = (10.0 * (1.0 - low) * (1.0 - low) + 30.0 * high * high) / 40.0;
    assert!((score(section, "base rate", 1) - brier).abs() < 1e-12);
    assert!((score(section, "by type", 1) - brier).abs() < 1e-12);
    // Failures by years: a year of 366 days, or 22 years to the end of 2021.
    let (short, long) = (366.0 / 365.25, 8035.0 / 365.25);
    let given = |failed: f64, lasted: f64| {
        let rate = failed / (failed * short + lasted * long);
        1.0 - libm::exp(-5.0 * rate)
    };
    let (low, high) = (given(9.0, 30.0), given(10.0, 29.0));
    let brier = (10.0 * (1.0 - low) * (1.0 - low) + 30.0 * high * high) / 40.0;
    assert!((score(section, "constant rate by type", 1) - brier).abs() < 1e-9);
}

#[test]
fn faults_of_agreements() {
    let text = signed()
        .replacen("1995-03-15", "1995-02-30", 1)
        .replacen("1.0,1999-06-30", "1.0,1994-06-30", 1)
        .replacen("1.0,2010-01-01", "2,2010-01-01", 1);
    let said = told(&agreements(&text, SETUP).unwrap_err());
    for expected in [
        "line 4, pa_date: “1995-02-30” is no date",
        "line 2, duration: it ended before it was signed",
        "line 3, ended: “2” is none of",
    ] {
        assert!(said.contains(expected), "{said}");
    }
}

fn asked(rows: &[(&str, &str, &str)]) -> String {
    let rows = rows.iter().map(|(price, came, day)| {
        format!(
            " {{\n  \"question\": \"Will it?\",\n  \"freeze_value\": {price},\n  \"resolved_to\": {came},\n  \"resolution_date\": \"{day}\"\n }}"
        )
    });
    format!("[\n{}\n]\n", rows.collect::<Vec<_>>().join(",\n"))
}

#[test]
fn questions_are_read_and_scored() {
    let text = asked(&[
        ("\"0.2\"", "0.0", "2020-01-01"),
        ("0.9", "1", "2020-01-01"),
        ("0.4", "1", "2020-01-02"),
        ("0.6", "0", "2020-01-03"),
        ("0", "0", "2020-01-04"),
    ]);
    let section = &questions(&text, SETUP).unwrap()[0];
    assert_eq!((section.cases, section.groups), (5, 4));
    let brier = (0.04 + 0.01 + 0.36 + 0.36) / 5.0;
    assert!((score(section, "crowd", 1) - brier).abs() < 1e-12);
    assert!(section.lines[1].interval.is_none(), "too few groups");
}

#[test]
fn faults_of_questions() {
    let text = asked(&[
        ("1.2", "0", "2020-01-01"),
        ("null", "0.5", "2020-01-01"),
        ("\"much\"", "1", "2020-01-02"),
    ]);
    let said = told(&questions(&text, SETUP).unwrap_err());
    for expected in [
        "line 4, freeze_value: 1.2 is not a chance from 0 to 1",
        "line 10, freeze_value: missing; a chance from 0 to 1 was expected",
        "line 11, resolved_to: 0.5 is not 0 or 1",
        "line 16, freeze_value: \"much\" is not a chance",
    ] {
        assert!(said.contains(expected), "{said}");
    }
    assert!(
        told(&questions("{}", SETUP).unwrap_err()).contains("a list of questions was expected")
    );
    assert!(told(&questions("[1, 2]", SETUP).unwrap_err()).contains("a question was expected"));
    assert!(told(&questions("[\n{,}]", SETUP).unwrap_err()).contains("line 2"));
    assert!(told(&questions("[]", SETUP).unwrap_err()).contains("two groups"));
}
