//! Reference classes: what share of past cases failed within so many years, as the case counts them. Wherever the report says how long a
//! peace lasts, the counts at the same horizon stand beside it, and a gap of more than a factor of two is said in words.

use detente_core::{ProcessSetting, Setting};
use detente_evidence::chapters::durability::Peace;
use detente_evidence::{Chapter, Class, Evidence};

use crate::words::{in_time, in_words, per_hundred, short, signed};

/// From this ratio on, and below its inverse, model and class are said to disagree.
const FACTOR: f64 = 2.0;

/// What was counted, without its full stop.
pub(crate) fn says<'a>(class: &Class, setting: &'a Setting) -> &'a str {
    setting.base_rates[class.rate].says.trim_end_matches('.')
}

/// "6 (2 to 14)".
pub(crate) fn of_hundred(class: &Class) -> String {
    let [low, middle, high] = class.share.map(per_hundred);
    format!("{middle} ({low} to {high})")
}

/// "27 (5 to 65), 1 of 4": with how many cases were counted, where the case says.
pub(crate) fn cell(class: &Class) -> String {
    match class.counted {
        Some([hits, all]) => format!("{}, {hits} of {all}", of_hundred(class)),
        None => of_hundred(class),
    }
}

/// "1 of 4 past cases within five years, as a rate 27 of 100 (5 to 65)".
pub(crate) fn told(class: &Class) -> String {
    let within = in_time(class.months);
    match class.counted {
        Some([hits, all]) => format!(
            "{hits} of {all} past cases within {within}, as a rate {}",
            rate(class)
        ),
        None => format!("{} of 100 past cases within {within}", of_hundred(class)),
    }
}

/// "27 of 100 (5 to 65)".
fn rate(class: &Class) -> String {
    let [low, middle, high] = class.share.map(per_hundred);
    format!("{middle} of 100 ({low} to {high})")
}

/// What few cases cannot say of a model's chance, after a sentence that sets it beside them.
pub(crate) fn too_few(class: &Class, failure: f64) -> String {
    let Some(few) = class.few() else {
        return String::new();
    };
    let one = few == 1.0;
    let (few, are) = (number(few), if one { "is" } else { "are" });
    let cases = if one { "case" } else { "cases" };
    match (gap(class.times(failure)), class.holds(failure)) {
        (None, _) => format!(", but {few} {cases} {are} too few to bear it out"),
        (Some(_), true) => format!(", but {few} {cases} {are} too few to tell against it"),
        (Some(_), false) => format!(", though only {few} {cases} {are} counted"),
    }
}

/// A count as a word, where it is small.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a whole number of cases"
)]
fn number(cases: f64) -> String {
    in_words(cases as usize)
}

/// ", on 4 to 41 cases a count", where the case says so of all.
fn sizes(classes: &[&Class]) -> String {
    let sizes = classes.iter().filter_map(|class| class.counted);
    let sizes: Vec<f64> = sizes.map(|[_, all]| all).collect();
    let least = sizes.iter().copied().fold(f64::INFINITY, f64::min);
    let most = sizes.iter().copied().fold(0.0, f64::max);
    match sizes.len() {
        n if n < classes.len() => String::new(),
        _ if least == most => format!(", on {least} cases a count"),
        _ => format!(", on {least} to {most} cases a count"),
    }
}

/// How far a model's chance of failure is from a class, in words; `None` within a factor of two.
pub(crate) fn gap(times: f64) -> Option<&'static str> {
    match times {
        t if t > FACTOR => Some("more than twice"),
        t if t < 1.0 / FACTOR => Some("less than half"),
        _ => None,
    }
}

/// A sentence that says so, after others, where a package lapses by itself within the time: that counts among breakdowns, and among past cases
/// it may not.
pub(crate) fn lapse(evidence: &Evidence, package: usize, within: usize) -> String {
    let Chapter::Told(told) = &evidence.chapters.durability else {
        return String::new();
    };
    let Some(peace) = told.packages.get(package) else {
        return String::new();
    };
    match peace.lapses {
        Some((_, _, months))
            if months <= within as f64 && leads_to_deals(&evidence.setting, peace) =>
        {
            format!(
                " The deal itself lapses after {} in the median world, and stands until then in {} of 100; from there on what counts is whether a final deal \
                 that it has led on to is in force.",
                count_of(months),
                per_hundred(peace.to_lapse)
            )
        }
        Some((_, _, months)) if months <= within as f64 => format!(
            " The deal itself lapses after {} in the median world, which counts as a breakdown here.",
            count_of(months)
        ),
        _ => String::new(),
    }
}

/// Does a package lapse into a process that knows final deals?
pub(crate) fn leads_to_deals(setting: &Setting, peace: &Peace) -> bool {
    let leads = peace
        .lapses
        .and_then(|(issue, option, _)| setting.issues[issue].options[option].then);
    let mut process = setting.process.iter();
    leads.is_some() && process.any(ProcessSetting::has_deals)
}

/// "24 months", "13.5 months".
fn count_of(months: f64) -> String {
    let unit = if months == 1.0 { "month" } else { "months" };
    format!("{} {unit}", short(months))
}

/// A sentence that sets the chance that a signed deal breaks down beside the classes that count over the same time: over `first` months
/// where any does, else over the time nearest to that after which the model's chance is told. `broken` is that chance by months.
pub(crate) fn beside(
    classes: &[Class],
    setting: &Setting,
    first: usize,
    broken: impl Fn(usize) -> Option<f64>,
) -> String {
    let months = nearest(classes, first, &broken);
    let Some(failure) = broken(months) else {
        return String::new();
    };
    let horizon = in_time(months);
    let at: Vec<&Class> = classes.iter().filter(|c| c.months == months).collect();
    let found = if months == first {
        per_hundred(failure)
    } else {
        format!("{} over the same time", per_hundred(failure))
    };
    match at.as_slice() {
        [] => {
            let other = if classes.is_empty() {
                ""
            } else {
                ", nor over a time after which this run tells the model’s chance"
            };
            format!(
                "The case counts no past cases over {horizon}{other}, so nothing here says whether that is many."
            )
        }
        [one] => {
            let times = one.times(failure);
            let words = match gap(times) {
                Some(words) => format!(
                    "the model’s {found} is {words} that ({} times), and nothing in it was fitted to that count",
                    signed(times, 1)
                ),
                None => format!("the model’s {found} is within a factor of two of that"),
            };
            format!(
                "{}: {words}{}.",
                over(one, setting, true),
                too_few(one, failure)
            )
        }
        several => {
            let middle = |c: &&Class| c.share[1];
            let least = several.iter().map(middle).fold(f64::INFINITY, f64::min);
            let most = several.iter().map(middle).fold(0.0, f64::max);
            let all = in_words(several.len());
            let count = |words: &str| {
                let with = several.iter();
                with.filter(|c| gap(c.times(failure)) == Some(words))
                    .count()
            };
            let mut apart = Vec::new();
            for words in ["more than twice", "less than half"] {
                match count(words) {
                    0 => {}
                    n if n == several.len() => {
                        apart.push(format!("{words} every one of these {all} counts"));
                    }
                    n if apart.is_empty() => {
                        apart.push(format!("{words} {} of these {all} counts", in_words(n)));
                    }
                    1 => apart.push(format!("{words} another")),
                    n => apart.push(format!("{words} {} others", in_words(n))),
                }
            }
            let words = if apart.is_empty() {
                format!("within a factor of two of all {all} counts")
            } else {
                apart.join(" and ")
            };
            let few = match several.iter().filter(|c| c.few().is_some()).count() {
                0 => String::new(),
                n if n == several.len() => {
                    ", but all of them are on fewer than ten cases".to_owned()
                }
                n => format!("; {} of them on fewer than ten cases", in_words(n)),
            };
            let sizes = sizes(several);
            format!(
                "Of 100 past cases it was {} to {} over {horizon}, by what was counted{sizes}: the model’s {found} is {words}{few}.",
                per_hundred(least),
                per_hundred(most)
            )
        }
    }
}

/// Classes counted over other times than `beside` speaks of from which the model is far off, as sentences.
pub(crate) fn elsewhere(
    classes: &[Class],
    setting: &Setting,
    first: usize,
    broken: impl Fn(usize) -> Option<f64>,
) -> String {
    let months = nearest(classes, first, &broken);
    let others = classes.iter().filter(|class| class.months != months);
    let far = others.filter_map(|class| {
        let failure = broken(class.months)?;
        let words = gap(class.times(failure))?;
        Some(format!(
            "{}: the model’s {} is {words} that{}.",
            over(class, setting, false),
            per_hundred(failure),
            too_few(class, failure)
        ))
    });
    let far: Vec<String> = far.collect();
    far.join(" ")
}

/// "Of 4 past cases it was 1 over five years (“…”), as a rate 27 of 100 (5 to 65)"; after another such sentence, that past cases are
/// spoken of need not be said where no number of them is.
fn over(class: &Class, setting: &Setting, first: bool) -> String {
    let (horizon, says) = (in_time(class.months), says(class, setting));
    match class.counted {
        Some([hits, all]) => format!(
            "Of {all} past {} it was {hits} over {horizon} (“{says}”), as a rate {}",
            if all == 1.0 { "case" } else { "cases" },
            rate(class)
        ),
        None if first => format!(
            "Of 100 past cases it was {} over {horizon} (“{says}”)",
            of_hundred(class)
        ),
        None => format!("Over {horizon} it was {} (“{says}”)", of_hundred(class)),
    }
}

/// The months over which the model is set beside what was counted.
fn nearest(classes: &[Class], first: usize, broken: &impl Fn(usize) -> Option<f64>) -> usize {
    let told = |c: &&Class| c.months == first || broken(c.months).is_some();
    let nearest = classes.iter().filter(told);
    let nearest = nearest.min_by_key(|c| (c.months.abs_diff(first), c.months));
    nearest.map_or(first, |class| class.months)
}

#[cfg(test)]
mod tests {
    use super::{beside, gap};
    use detente_evidence::Class;

    #[test]
    fn a_gap_of_more_than_two_is_said_both_ways() {
        assert_eq!(gap(2.1), Some("more than twice"));
        assert_eq!(gap(0.4), Some("less than half"));
        assert_eq!((gap(2.0), gap(0.5), gap(1.0)), (None, None, None));
    }

    /// Four cases are said to be four, and neither bear a model out nor tell against it where their range holds its chance.
    #[test]
    fn few_cases_are_said_to_be_few() {
        let text = include_str!("../../../cases/first-case/case.toml");
        let mut setting = crate::check("case.toml", text).case.unwrap().setting;
        let rate = |id: &str| detente_core::BaseRate {
            id: id.to_owned(),
            says: format!("Counted as {id}."),
        };
        setting.base_rates = vec![rate("deals"), rate("pacts")];
        let counted = |rate, hits, all| {
            let own = detente_math::Distribution::base_rate(hits, all);
            Class {
                rate,
                months: 60,
                share: [0.05, 0.5, 0.95].map(|u| own.quantile(u)),
                counted: own.counted(),
            }
        };
        let said = |classes: &[Class], failure| {
            beside(classes, &setting, 60, |m| (m == 60).then_some(failure))
        };
        let four = [counted(0, 1.0, 4.0)];
        assert_eq!(
            said(&four, 0.22),
            "Of 4 past cases it was 1 over five years (“Counted as deals”), as a rate 27 of 100 (5 to 65): the model’s 22 is within a \
             factor of two of that, but four cases are too few to bear it out."
        );
        assert!(said(&four, 0.6).ends_with(", but four cases are too few to tell against it."));
        assert!(said(&four, 0.9).ends_with(", though only four cases are counted."));
        // Enough cases need no such word, but are counted all the same.
        let many = said(&[counted(0, 10.0, 40.0)], 0.22);
        assert!(
            many.starts_with("Of 40 past cases it was 10 over five years"),
            "{many}"
        );
        assert!(many.ends_with("within a factor of two of that."), "{many}");
        let both = said(&[counted(0, 1.0, 4.0), counted(1, 10.0, 40.0)], 0.22);
        assert!(both.contains("on 4 to 40 cases a count"), "{both}");
        assert!(
            both.ends_with("all two counts; one of them on fewer than ten cases."),
            "{both}"
        );
        assert_eq!(super::cell(&four[0]), "27 (5 to 65), 1 of 4");
        let over = super::elsewhere(&four, &setting, 12, |m| (m == 60).then_some(0.9));
        assert_eq!(over, "");
    }

    #[test]
    fn the_sentence_counts_what_it_compares() {
        let text = include_str!("../../../cases/first-case/case.toml");
        let mut setting = crate::check("case.toml", text).case.unwrap().setting;
        let rate = |id: &str| detente_core::BaseRate {
            id: id.to_owned(),
            says: format!("Counted as {id}."),
        };
        setting.base_rates = vec![rate("wars"), rate("clashes")];
        let class = |rate, share: f64| Class {
            rate,
            months: 60,
            share: [share / 2.0, share, share * 2.0],
            counted: None,
        };
        let both = [class(0, 0.06), class(1, 0.58)];
        let said = |classes: &[Class], failure| {
            beside(classes, &setting, 60, |m| (m == 60).then_some(failure))
        };
        assert_eq!(
            said(&both, 0.57),
            "Of 100 past cases it was 6 to 58 over five years, by what was counted: the model’s 57 is more than twice one of these two \
             counts."
        );
        assert!(
            said(&both[..1], 0.02)
                .contains("(“Counted as wars”): the model’s 2 is less than half that (0.3 times)")
        );
        assert!(said(&both[..1], 0.07).contains("within a factor of two of that"));
        assert!(said(&[], 0.5).starts_with("The case counts no past cases over five years, so"));
        // What was counted over another time is held against the model's chance over that time, where it is told.
        let early = [Class {
            months: 24,
            ..both[0]
        }];
        let by = |m: usize| match m {
            24 => Some(0.04),
            60 => Some(0.5),
            _ => None,
        };
        assert!(beside(&early, &setting, 60, by).contains(
            "over two years (“Counted as wars”): the model’s 4 over the same time is within a factor of two of that"
        ));
        assert!(said(&early, 0.5).contains("over five years, nor over a time after which"));
    }
}
