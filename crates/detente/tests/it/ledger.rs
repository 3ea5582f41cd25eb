//! The ledger that ships, and ledgers in ink.

use detente::ledger::{
    self, CaseTexts, HEAD, Ledger, Resolved, Scores, Signed, Weights, What, append, ink, read,
    score,
};
use detente::{Forecast, Observed, check_evidence};

use crate::case;

const SHIPPED: &str = include_str!("../../../../cases/ukraine-2025/ledger.toml");
const EVIDENCE: &str = include_str!("../../../../cases/ukraine-2025/evidence.toml");

fn sound(text: &str) -> Ledger {
    let (ledger, faults, _) = read("ledger.toml", text);
    ledger.unwrap_or_else(|| panic!("{faults:#?}"))
}

/// What the flagship ships: the model's word, with hindsight, on what lies after its date; resolved by its evidence and by nothing else.
#[test]
fn the_shipped_ledger_holds_and_is_resolved_by_the_evidence() {
    let (ledger, case) = (sound(SHIPPED), case("ukraine-2025"));
    let (evidence, ..) = check_evidence("evidence.toml", EVIDENCE, &case);
    let evidence = evidence.expect("no faults");
    let mut scored = 0;
    for (entry, signed) in ledger.signed() {
        let judgement = case.judgements.iter().find(|j| j.id == signed.judgement);
        let judgement = judgement.expect("a judgement of the case");
        assert_eq!(
            (&signed.rule, &signed.due),
            (&judgement.rule, &judgement.due)
        );
        assert!(signed.by.starts_with("the model, detente ") && signed.hindsight);
        assert!(signed.why.contains("hindsight"), "{}", signed.why);
        let model = signed.model.as_ref().expect("a share");
        assert_eq!(signed.forecast, Forecast::Chance(model.share));
        // What rests on talks is signed with their kinds of equilibrium.
        assert_eq!(model.kinds.is_empty(), !model.computes.contains("talks."));
        let (_, resolved, said) = ledger.resolution(entry.number).expect("resolved");
        let settled = evidence
            .iter()
            .find(|e| case.judgements[e.settles].id == signed.judgement);
        let settled = settled.expect("settled by the evidence");
        assert_eq!((resolved.observed, said), (settled.observed, 1));
        assert_eq!(
            (&resolved.says, &resolved.sources),
            (&settled.says, &settled.sources)
        );
        scored += 1;
    }
    assert_eq!(scored, 10);
    // By hand: the mean of (p − o)² over the five, with the record and without it.
    let scores = score(&ledger, "2026-01-01");
    let [record, prior] = &scores.groups[..] else {
        panic!("one signer, one reading, with the record and without it")
    };
    let by_hand = |(entry, signed): (&ledger::Entry, &Signed)| {
        let Forecast::Chance(p) = signed.forecast else {
            panic!("a chance")
        };
        let (_, resolved, _) = ledger.resolution(entry.number).unwrap();
        let o = f64::from(u8::from(resolved.observed == Observed::Happened(true)));
        (p - o) * (p - o)
    };
    for (group, weights) in [(record, Weights::Record), (prior, Weights::Prior)] {
        let own = |signed: &Signed| signed.model.as_ref().map(|model| model.weights);
        let of = ledger
            .signed()
            .filter(|(_, signed)| own(signed) == Some(weights));
        let mean = of.map(by_hand).sum::<f64>() / 5.0;
        let chances = group.chances.as_ref().unwrap();
        assert!((chances.brier.mean - mean).abs() < 1e-15);
        assert!(group.few() && group.hindsight && group.weights == Some(weights));
        assert!(chances.brier.interval.is_none());
    }
    assert!(scores.open.is_empty());
}

/// Twelve questions, enough for intervals and calibration, signed by somebody whose name is markup.
fn many() -> (Ledger, Scores) {
    let mut text = HEAD.to_owned();
    let mut add = |what: What| {
        let next = append(&sound(&text), &what).text;
        text.push_str(&next);
    };
    let happens = |i: usize| i.is_multiple_of(3);
    for i in 0..12 {
        add(What::Signed(Box::new(Signed {
            judgement: format!("q{i}"),
            says: format!("Question {i}."),
            forecast: Forecast::Chance(if happens(i) { 0.6 } else { 0.25 }),
            unit: String::new(),
            rule: "By the papers.".into(),
            due: "2024-12-31".into(),
            by: "<b>A. Nalyst</b>".into(),
            on: "2024-06-01".into(),
            entered: "2024-06-01T12:00:00Z".into(),
            hindsight: false,
            why: String::new(),
            base_rate: Some(0.3),
            crowd: None,
            case: CaseTexts::default(),
            model: None,
        })));
    }
    for i in 0..11 {
        add(What::Resolved(Resolved {
            judgement: format!("q{i}"),
            settles: vec![i + 1],
            observed: Observed::Happened(happens(i)),
            says: "So it was.".into(),
            on: "2025-01-01".into(),
            sources: vec!["The gazette".into()],
            by: "A. Nalyst".into(),
            entered: "2025-01-02T12:00:00Z".into(),
        }));
    }
    let ledger = sound(&text);
    let scores = score(&ledger, "2026-01-01");
    (ledger, scores)
}

#[test]
fn the_page_the_terminal_and_json_say_the_same() {
    let (ledger, scores) = many();
    let terminal = ink::terminal(&scores, None);
    let page = ink::page("a case", &ledger, &scores, "2026-01-01");
    let json: serde_json::Value = serde_json::from_str(&ink::json(&ledger, &scores)).unwrap();
    // Four of eleven happened: (4 · .4² + 7 · .25²) / 11.
    let mean = (4.0 * 0.16 + 7.0 * 0.0625) / 11.0;
    let group = &json["groups"][0];
    assert!((group["brier"]["mean"].as_f64().unwrap() - mean).abs() < 1e-15);
    let [low, high] = [0, 1].map(|end| group["brier"]["interval"][end].as_f64().unwrap());
    assert!(low < mean && mean < high && low >= 0.0625 && high <= 0.16);
    for (face, text) in [("terminal", &terminal), ("page", &page)] {
        for said in [
            "12 forecasts signed; 11 of them scored, on 11 questions; 1 open.",
            "Overdue and not resolved: entry 12 (q11, due 2024-12-31).",
            "Brier score, mean: 0.098 (",
            "over 11 forecasts on 11 questions",
            "Skill against the base rate: ",
            "0.6 to 0.7",
        ] {
            assert!(
                text.contains(said),
                "the {face} does not say {said}:\n{text}"
            );
        }
        assert!(!text.contains("too few"), "{face}");
    }
    let bins: Vec<_> = group["calibration"]
        .as_array()
        .unwrap()
        .iter()
        .map(|bin| (bin["forecasts"].clone(), bin["happened"].clone()))
        .collect();
    assert_eq!(bins, [(7.into(), 0.into()), (4.into(), 4.into())]);
    assert!(page.contains("&#60;b&#62;A. Nalyst&#60;/b&#62;") && !page.contains("<b>A. Nalyst"));
    assert!(page.contains(ledger.head()));
    assert!(ink::list(&ledger, "2026-01-01").contains("open, overdue"));
    assert_eq!(
        ink::list(&Ledger::default(), "2026-01-01"),
        "The ledger is empty.\n"
    );
}
