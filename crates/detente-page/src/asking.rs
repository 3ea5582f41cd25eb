//! What to find out first, on the terminal, as questions to ask, and as JSON.

use std::fmt::Write as _;

use detente_case::{Domain, Draw, Status};
use detente_evidence::{Asking, Gain, Question, Topic, VERSION, Verdict, Wanted};
use detente_math::Mean;
use serde_json::{Value, json};

use crate::chapters::mean;
use crate::keys::{bounds, meaning};
use crate::label::in_words;
use crate::terminal::{WIDTH, clip, wrap};
use crate::terms::unit_in;
use crate::words::{capitalised, count, in_words as in_letters, per_hundred, short};
use crate::{headline, label};

/// Columns of a bar.
const BAR: usize = 16;
/// Version of the JSON.
const FORMAT: u32 = 1;
/// Names listed where only their number matters.
const NAMED: usize = 6;

/// The answers, the numbers that they would gain by, and what to ask of the first so many of them.
pub fn asking(asking: &Asking, asked: usize) -> String {
    let mut out = String::new();
    head(asking, &mut out);
    answers(asking, &mut out);
    numbers(asking, &mut out);
    notes(asking, &mut out);
    sheet(asking, asked, &mut out);
    // What a case calls itself must not move the cursor or ring the bell.
    detente_diag::visible(&out).into_owned()
}

fn head(asking: &Asking, out: &mut String) {
    let setting = &asking.setting;
    let readings: Vec<&str> = asking.readings.iter().map(|r| r.id.as_str()).collect();
    let reading = if readings.is_empty() {
        "as written".to_owned()
    } else {
        format!("reading {}", readings.join(", "))
    };
    let worlds = count(asking.options.worlds, "world");
    let _ = writeln!(
        out,
        "{} (as of {}; {reading}; {worlds})\n",
        setting.name, setting.as_of
    );
}

/// The verdicts as long as nothing more is known.
fn answers(asking: &Asking, out: &mut String) {
    let gaining = |question: &&Question| question.told().next().is_some();
    let leads = |question: &&Question| !matches!(question.of, Topic::Claim(..));
    let shown = asking.questions.iter().filter(|q| leads(q) || gaining(q));
    let several = asking.questions.len() > 1;
    for question in shown {
        let right = per_hundred(question.right().value);
        let all = question.right().value + question.all.value.max(0.0);
        let all = if question.constant || question.all.value <= 0.0 {
            String::new()
        } else {
            format!("; with all numbers known in {}", per_hundred(all))
        };
        let known = if several || question.worlds == asking.options.worlds {
            String::new()
        } else {
            format!(" (told by {})", count(question.worlds, "world"))
        };
        wrap(
            &format!(
                "{}: {}, which is right in {right} of 100 worlds{all}{known}.",
                topic(asking, question),
                verdict(asking, question.verdicts[question.said].0)
            ),
            out,
        );
    }
    let idle = asking.questions.iter().filter(|q| !leads(q) && !gaining(q));
    match idle.count() {
        0 => {}
        n => wrap(
            &format!(
                "The verdict on {} no number could be seen to turn.",
                count_of(n, "claim")
            ),
            out,
        ),
    }
}

/// "one claim", "12 claims".
fn count_of(n: usize, noun: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", in_letters(n))
}

/// A bar a number.
fn numbers(asking: &Asking, out: &mut String) {
    out.push('\n');
    if asking.numbers.is_empty() {
        wrap(
            "No number could be seen to make any of these answers right more often by being known: each verdict stands wherever in its range a number lies.",
            out,
        );
        return;
    }
    wrap(
        "Worth knowing: in how many more of 100 worlds a verdict would be right, as far as that is owed to the number where all are known that move it (± standard error); and what it is worth alone",
        out,
    );
    out.push('\n');
    let most = asking.numbers[0].most.1.value;
    for (place, wanted) in asking.numbers.iter().enumerate() {
        let worth = &wanted.most.1;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most the width of a bar"
        )]
        let length = ((worth.value / most).clamp(0.0, 1.0) * BAR as f64).ceil() as usize;
        let bar = "█".repeat(length.max(1));
        let number = format!(
            "{:>3} {:>5} {:<5} {bar:<BAR$} ",
            place + 1,
            hundredths(worth.value),
            error(worth)
        );
        let room = WIDTH - number.chars().count();
        let name = in_words(&wanted.input.path, &asking.setting);
        let _ = writeln!(out, "{number}{}", clip(&name, room).trim_end());
        let alone = match wanted.alone {
            (alone, true) => format!("alone {}", hundredths(alone.value)),
            (_, false) => "alone nothing to speak of".to_owned(),
        };
        let below = format!(
            "{}; {alone}; {}",
            wanted.input.path,
            of_questions(asking, wanted)
        );
        let _ = writeln!(out, "    {}", clip(&below, WIDTH - 4));
    }
}

fn hundredths(share: f64) -> String {
    format!("{:.1}", 100.0 * share)
}

fn error(worth: &Mean) -> String {
    if worth.error.is_finite() {
        format!("±{:.1}", 100.0 * worth.error)
    } else {
        String::new()
    }
}

/// "for the headline and 3 more".
fn of_questions(asking: &Asking, wanted: &Wanted) -> String {
    let name = |q: &usize| match &asking.questions[*q].of {
        Topic::Headline(_) | Topic::AnyPackage => "the headline".to_owned(),
        Topic::Blocker(_) => "who blocks first".to_owned(),
        Topic::Claim(id, _) => format!("claim {id}"),
        Topic::Chance(_) => "the answer".to_owned(),
    };
    let first = wanted.questions.first().map(name).unwrap_or_default();
    match wanted.questions.len() {
        0 | 1 => format!("for {first}"),
        n => format!("for {first} and {} more", n - 1),
    }
}

/// What the run cannot say.
fn notes(asking: &Asking, out: &mut String) {
    let mut said: Vec<String> = Vec::new();
    let mut idle: Vec<&str> = asking
        .questions
        .iter()
        .flat_map(Question::idle)
        .map(|gain| gain.path.as_str())
        .collect();
    idle.retain(|path| !asking.order().any(|wanted| wanted == *path));
    idle.sort_unstable();
    idle.dedup();
    if !idle.is_empty() {
        said.push(format!(
            "{} besides {} is worth cannot be told from nothing: {}.",
            capitalised(&count_of(idle.len(), "number")),
            if idle.len() == 1 {
                "moves an answer, and what knowing it"
            } else {
                "move an answer, and what knowing them"
            },
            listed(&idle)
        ));
    }
    if !asking.exact.is_empty() {
        let exact: Vec<&str> = asking.exact.iter().map(String::as_str).collect();
        said.push(format!(
            "{} that nobody vouches for {} stated as exact, so that no run can say what knowing them is worth; give them ranges: {}.",
            capitalised(&count_of(exact.len(), "number")),
            if exact.len() == 1 { "is" } else { "are" },
            listed(&exact)
        ));
    }
    if asking.record_left_out {
        said.push(
            "What is on record leaves too few worlds to speak of, and was left out.".to_owned(),
        );
    }
    if !asking.untested.is_empty() {
        said.push(format!(
            "{} cannot be tested.",
            capitalised(&count_of(asking.untested.len(), "claim"))
        ));
    }
    if !asking.stated.is_empty() {
        let stated: Vec<&str> = asking.stated.iter().map(String::as_str).collect();
        said.push(format!(
            "{} the case’s own numbers alone, so that whoever knows these knows the claim; `--claim NAME` asks about one: {}.",
            match stated.len() {
                1 => "1 claim compares".to_owned(),
                n => format!("{} compare", capitalised(&count_of(n, "claim"))),
            },
            listed(&stated)
        ));
    }
    if !said.is_empty() {
        out.push('\n');
    }
    for sentence in said {
        wrap(&sentence, out);
    }
}

fn listed(names: &[&str]) -> String {
    let shown = names
        .iter()
        .take(NAMED)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// What to ask an expert, number by number: both ends before the middle.
fn sheet(asking: &Asking, asked: usize, out: &mut String) {
    let first: Vec<&Wanted> = asking.numbers.iter().take(asked).collect();
    if first.is_empty() {
        return;
    }
    out.push('\n');
    wrap(
        "What to ask, both ends before the middle: whoever has named a middle moves too little away from it (O’Hagan et al. 2006).",
        out,
    );
    for (place, wanted) in first.into_iter().enumerate() {
        let input = &wanted.input;
        out.push('\n');
        let doc = meaning(&input.path).map_or(String::new(), |(doc, _)| format!(": {doc}"));
        wrap(
            &format!(
                "{}. {}{doc} ({})",
                place + 1,
                in_words(&input.path, &asking.setting),
                input.path
            ),
            out,
        );
        if matches!(input.draw, Draw::Ranked { .. }) {
            wrap(
                "Only its rank among the party’s weights is stated: ask in which order the issues matter, or for weights.",
                out,
            );
            continue;
        }
        let unit = unit_in(input.unit, &asking.setting);
        let share = input.domain == Domain::Share;
        let now = wanted.now.map(|x| {
            if share {
                format!("{}%", short(100.0 * x))
            } else {
                short(x)
            }
        });
        wrap(
            &format!(
                "Unit: {unit}; {}. The case has {} / {} / {} ({}).",
                bounds(input.domain),
                now[0],
                now[1],
                now[2],
                input.status.name()
            ),
            out,
        );
        out.push_str(
            "   a. So low that you would be surprised if the truth were lower (1 in 20): ____\n",
        );
        out.push_str(
            "   b. So high that you would be surprised if the truth were higher:         ____\n",
        );
        out.push_str(
            "   c. Last, as likely too low as too high:                                  ____\n",
        );
    }
    out.push('\n');
    wrap(
        "`detente export CASE --xlsx FILE --ask` writes all of them for experts to fill, in this order.",
        out,
    );
}

/// The answer, in words.
fn topic(asking: &Asking, question: &Question) -> String {
    let package = |p: usize| &asking.setting.packages[p].name;
    match &question.of {
        Topic::Headline(p) => {
            format!(
                "Headline: the leading package “{}” {}",
                package(*p),
                headline::verb(asking.headline)
            )
        }
        Topic::AnyPackage => "Headline: some package is acceptable to all it needs".to_owned(),
        Topic::Blocker(p) => format!("Who blocks “{}” first", package(*p)),
        Topic::Claim(id, says) => format!("Claim {id}: {}", says.trim_end_matches('.')),
        Topic::Chance(called) => called.clone(),
    }
}

fn verdict(asking: &Asking, verdict: Verdict) -> String {
    match verdict {
        Verdict::Yes => "yes".to_owned(),
        Verdict::No => "no".to_owned(),
        Verdict::Party(p) => asking.setting.parties[p].name.clone(),
        Verdict::Nobody => "nobody".to_owned(),
    }
}

/// The same as JSON text.
pub fn asking_json(asking: &Asking) -> String {
    let setting = &asking.setting;
    let document = json!({
        "format": FORMAT,
        "detente": VERSION,
        "case": { "name": setting.name, "as_of": setting.as_of },
        "run": {
            "seed": asking.options.stream.seed,
            "worlds": asking.options.worlds,
            "effective": asking.effective,
            "searches": asking.options.searches,
            "readings": asking.readings.iter().map(|r| r.id.clone()).collect::<Vec<_>>(),
            "record_left_out": asking.record_left_out,
        },
        "questions": asking.questions.iter().map(|q| question_data(asking, q)).collect::<Vec<_>>(),
        "numbers": asking.numbers.iter().map(|n| number_data(asking, n)).collect::<Vec<_>>(),
        "exact_placeholders": asking.exact,
        "untested_claims": asking.untested.len(),
        "stated_claims": asking.stated,
    });
    format!("{document:#}\n")
}

fn question_data(asking: &Asking, question: &Question) -> Value {
    let setting = &asking.setting;
    let of = match &question.of {
        Topic::Headline(p) => json!({ "kind": "headline", "package": setting.packages[*p].id }),
        Topic::AnyPackage => json!({ "kind": "any_package" }),
        Topic::Blocker(p) => json!({ "kind": "blocker", "package": setting.packages[*p].id }),
        Topic::Claim(id, says) => json!({ "kind": "claim", "claim": id, "says": says }),
        Topic::Chance(called) => json!({ "kind": "chance", "quantity": called }),
    };
    let name = |verdict: Verdict| match verdict {
        Verdict::Yes => "yes".to_owned(),
        Verdict::No => "no".to_owned(),
        Verdict::Party(p) => setting.parties[p].id.clone(),
        Verdict::Nobody => "nobody".to_owned(),
    };
    json!({
        "of": of,
        "verdict": name(question.verdicts[question.said].0),
        "right": mean(question.right()),
        "verdicts": question.verdicts.iter()
            .map(|(verdict, share)| json!({ "verdict": name(*verdict), "right": mean(share) })).collect::<Vec<_>>(),
        "with_all_known": mean(&question.all),
        "together": mean(&question.together),
        "told_by": question.worlds,
        "visible": question.visible,
        "constant": question.constant,
        "gains": question.gains.iter().map(gain_data).collect::<Vec<_>>(),
    })
}

fn gain_data(gain: &Gain) -> Value {
    json!({
        "path": gain.path,
        "alone": mean(&gain.alone),
        "alone_told": gain.alone_told,
        "worth": mean(&gain.worth),
        "told": gain.told,
        "first_order_index": gain.index,
        "low": gain.ends.0,
        "high": gain.ends.1,
        "together_with": gain.with,
    })
}

fn number_data(asking: &Asking, wanted: &Wanted) -> Value {
    let input = &wanted.input;
    let now = wanted.now;
    json!({
        "path": input.path,
        "label": label::in_words(&input.path, &asking.setting),
        "unit": unit_in(input.unit, &asking.setting),
        "status": input.status.name(),
        "placeholder": input.status == Status::Placeholder,
        "now": { "low": now[0], "middle": now[1], "high": now[2] },
        "ask": ["low", "high", "middle"],
        "worth": mean(&wanted.most.1),
        "alone": mean(&wanted.alone.0),
        "alone_told": wanted.alone.1,
        "question": wanted.most.0,
        "questions": wanted.questions,
    })
}
