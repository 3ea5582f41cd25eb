//! Which answers of a register can stand.

use detente_case::{Case, Domain};
use detente_diag::{Code, Diagnostic, Diagnostics};

use super::filled::FilledRow;
use super::{Filled, bounds, bounds_in_words, has_changed, mark, row, scale};
use crate::cell::{Part, Scale, Stated, number, tidy};
use crate::fault::{At, Faults};

/// An answer that can be put into the case.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The number's path.
    pub path: String,
    /// The answer as the language writes it, without quotes.
    pub value: String,
    /// What the range rests on.
    pub why: String,
    /// For quotation.
    pub says: String,
    /// Where it stands in the register.
    pub(crate) at: At,
    /// The case's own number was another when it was asked for.
    pub(crate) changed: Option<Diagnostic>,
}

impl Answer {
    /// Was the case's own number another when it was asked for?
    #[must_use]
    pub fn is_of_another_number(&self) -> bool {
        self.changed.is_some()
    }
}

/// What became of the rows.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// Answers that can stand.
    pub answers: Vec<Answer>,
    /// Why others cannot.
    pub refused: Vec<Diagnostic>,
    /// Rows with words and no numbers, by path.
    pub words_alone: Vec<String>,
}

/// Looks at each answer: is there such a number, and can it be that?
#[must_use]
pub fn judge(filled: &Filled, case: &Case) -> Judged {
    let mut judged = Judged::default();
    let mut faults = Faults::default();
    for own in &filled.rows {
        if own.numbers.iter().all(|(cell, _)| cell.is_none()) {
            judged.words_alone.push(own.path.clone());
            continue;
        }
        if let Some(first) = judged.answers.iter().find(|known| known.path == own.path) {
            let what = format!("a second answer for {}", own.path);
            faults.say(
                Code::SAID_TWICE,
                &own.at_path,
                what,
                format!("the first is at {}: keep one", first.at),
            );
            continue;
        }
        judged.answers.extend(answer(own, case, &mut faults));
    }
    judged.refused = faults.into_list();
    judged
}

fn answer(own: &FilledRow, case: &Case, faults: &mut Faults) -> Option<Answer> {
    let Some(input) = case.inputs.iter().find(|input| input.path == own.path) else {
        let what = format!("the case has no number {}", own.path);
        let known = case.inputs.iter().filter(|input| input.is_listed());
        let known = known.map(|input| input.path.as_str());
        let near = detente_diag::nearest(&own.path, known);
        let help = match near {
            Some(near) => format!("did you mean {near}?"),
            None => "`detente list inputs CASE` lists them: was it renamed since the register was written?".to_owned(),
        };
        faults.say(Code::NO_SUCH_ROW, &own.at_path, what, help);
        return None;
    };
    let Some(asked) = row(case, input) else {
        let what = format!("{} is no number that experts can be asked for", own.path);
        let help = "it is a switch, an end of a scale, a yardstick, drawn with others, or no answer depends on it";
        faults.say(Code::BAD_ANSWER, &own.at_path, what, help);
        return None;
    };
    let stated = stated(own, scale(asked.domain, &asked.unit), faults)?;
    let within = within(stated, own, asked.domain, faults)?;
    let changed = own
        .mark
        .as_ref()
        .filter(|then| has_changed(then, &mark(input)));
    let changed = changed.map(|_| {
        let mut said = Diagnostics::default();
        let [low, middle, high] = asked.now.map(super::shown);
        let what = format!(
            "{}: {} is another number than when it was asked for; it is now {low} / {middle} / {high}",
            own.at_path, own.path
        );
        let warning = Diagnostic::new(Code::NUMBER_CHANGED, what);
        said.push(warning.help("the answer is taken as it stands: ask again if the question is another now"));
        said.as_slice()[0].clone()
    });
    Some(Answer {
        path: own.path.clone(),
        value: within,
        why: own.why.clone(),
        says: own.says.clone(),
        at: own.at_path.clone(),
        changed,
    })
}

/// Low and high, and perhaps a middle.
fn stated(own: &FilledRow, scale: Scale, faults: &mut Faults) -> Option<Stated> {
    let mut read = [None; 3];
    let mut fine = true;
    for (place, (cell, at)) in read.iter_mut().zip(&own.numbers) {
        let Some(cell) = cell else { continue };
        match number(cell, scale) {
            Ok(x) => *place = Some(x),
            Err((what, help)) => {
                faults.say(Code::BAD_ANSWER, at, what, help);
                fine = false;
            }
        }
    }
    if !fine {
        return None;
    }
    let at = |part: Part| &own.numbers[part as usize].1;
    let (low, middle, high) = match read {
        [Some(low), middle, Some(high)] => (low, middle, high),
        [None, Some(_), None] => {
            let help = "name low and high: nine times in ten the truth lies between them. If you are certain, write the same number into all three cells";
            faults.say(
                Code::BAD_ANSWER,
                at(Part::Middle),
                "a middle stands alone, and says nothing of how sure it is",
                help,
            );
            return None;
        }
        [low, ..] => {
            let (part, what) = match low {
                None => (Part::Low, "low is missing"),
                Some(_) => (Part::High, "high is missing"),
            };
            faults.say(Code::BAD_ANSWER, at(part), what, "name both ends");
            return None;
        }
    };
    match Stated::ordered(low, middle, high) {
        Ok(stated) => Some(stated),
        Err((what, help)) => {
            faults.say(Code::BAD_ANSWER, at(Part::Low), what, help);
            None
        }
    }
}

/// The answer as the language writes it, if it lies within the bounds of the number.
fn within(stated: Stated, own: &FilledRow, domain: Domain, faults: &mut Faults) -> Option<String> {
    let (least, most) = bounds(domain);
    let (low, high) = stated.ends();
    let beyond = |x: f64| {
        let open = domain == Domain::Positive && x <= 0.0;
        open || least.is_some_and(|least| x < least) || most.is_some_and(|most| x > most)
    };
    for (x, part) in [(low, Part::Low), (high, Part::High)] {
        if beyond(x) {
            let meant = domain == Domain::Share && x > 1.0 && x <= 100.0;
            let help = if meant {
                format!("did you mean {x}%?")
            } else {
                format!("the number is {}", bounds_in_words(domain))
            };
            let at = &own.numbers[part as usize].1;
            faults.say(
                Code::BAD_ANSWER,
                at,
                format!("{x} is beyond the bounds of this number"),
                help,
            );
            return None;
        }
    }
    let on_bound = least.is_some_and(|least| low <= least) || most.is_some_and(|most| high >= most);
    let [low, high] = [low, high].map(tidy);
    Some(match stated {
        Stated::Exact(x) => tidy(x).to_string(),
        // An end on the bound is a hard one: no twentieth lies beyond it.
        Stated::Range(..) if on_bound => format!("between {low} and {high}"),
        Stated::Three(_, middle, _) if on_bound => format!("pert({low}, {middle}, {high})"),
        Stated::Range(..) => format!("{low} to {high}"),
        Stated::Three(_, middle, _) => format!("{low} / {middle} / {high}"),
    })
}
