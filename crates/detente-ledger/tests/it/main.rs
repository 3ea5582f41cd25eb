//! The chain and the scores.

mod chain;
mod scores;

use detente_case::{Forecast, Observed, Tree, TreeKind, read_distribution};
use detente_diag::{Diagnostics, FileId, Span};
use detente_ledger::{
    CaseTexts, HEAD, Ledger, Model, Resolved, Signed, Weights, What, append, read,
};
use detente_math::Distribution;

/// A distribution as a judgement writes it.
fn distribution(text: &str) -> Distribution {
    let tree = Tree {
        span: Span::new(FileId(0), 0, text.len() + 2),
        kind: TreeKind::Text(text.into()),
    };
    read_distribution(&tree, &mut Diagnostics::default()).unwrap_or_else(|| panic!("{text}"))
}

fn number(text: &str) -> Forecast {
    Forecast::Number {
        text: text.into(),
        distribution: distribution(text),
    }
}

fn signed(judgement: &str, forecast: Forecast) -> Signed {
    Signed {
        judgement: judgement.into(),
        says: "The fighting ends by the end of 2024.".into(),
        forecast,
        unit: String::new(),
        rule: "An armistice signed by both.".into(),
        due: "2024-12-31".into(),
        by: "A. Nalyst".into(),
        on: "2024-06-01".into(),
        entered: "2024-06-01T12:00:00Z".into(),
        hindsight: false,
        why: "The model leaves out the election.".into(),
        base_rate: None,
        crowd: None,
        case: CaseTexts {
            name: "first-case".into(),
            sha256: "ab".repeat(32),
            files: vec![("case.toml".into(), "cd".repeat(32))],
        },
        model: Some(Model {
            version: "0.1.0".into(),
            build: String::new(),
            claim: String::new(),
            computes: "settlement.agreed[terms]".into(),
            readings: vec!["arms_flow".into()],
            expert: String::new(),
            set: vec!["contest.edge=0.3".into()],
            seed: u64::MAX,
            sampler: "quasi".into(),
            worlds: 4096,
            searches: 0,
            told: 4096,
            weights: Weights::Prior,
            share: 0.1 + 0.2,
            error: 0.003,
            printed: "30 of 100".into(),
            quantiles: Some([0.1, 0.25, 1.0 / 3.0]),
            kinds: vec!["Always a deal.: >99 of 100".into()],
        }),
    }
}

fn chance(judgement: &str, chance: f64) -> What {
    What::Signed(Box::new(signed(judgement, Forecast::Chance(chance))))
}

fn resolved(judgement: &str, settles: &[usize], observed: Observed) -> What {
    What::Resolved(Resolved {
        judgement: judgement.into(),
        settles: settles.to_vec(),
        observed,
        says: "The year ended without an armistice.".into(),
        on: "2025-01-01".into(),
        sources: vec!["The gazette".into()],
        by: "A. Nalyst".into(),
        entered: "2025-01-02T08:00:00Z".into(),
    })
}

/// The text of a ledger of these entries.
fn ledger(entries: &[What]) -> String {
    let mut text = HEAD.to_owned();
    for what in entries {
        let next = append(&sound(&text), what);
        text.push_str(&next.text);
    }
    text
}

fn sound(text: &str) -> Ledger {
    let (ledger, faults, _) = read("ledger.toml", text);
    ledger.unwrap_or_else(|| panic!("{faults:#?}\n{text}"))
}
