//! Agreements, and whether they lasted five years.

use crate::choice::{Choice, Separated, chances, fit};
use crate::table::{Date, Fault, Row, Table, enough};
use crate::trial::{Case, Model, Predictor, Section, Setup, base_rate, share, trial};

/// Years that an agreement has to last.
const YEARS: i64 = 5;
/// Days in a year, on average.
const DAYS: f64 = 365.25;
/// The last day that version 22.1 of the data set speaks of.
const KNOWN_UNTIL: Date = Date {
    year: 2021,
    month: 12,
    day: 31,
};
/// What an agreement may provide for and a class without it may not: power shared in the cabinet, in territory and in the army (Hartzell &
/// Hoddie 2003), peacekeepers (Fortna 2004), a ceasefire, disarmament. Named before anything was scored.
const PROVISIONS: [&str; 6] = ["shagov", "aut", "intarmy", "pko", "cease", "ddr"];

/// An agreement of which five years are known.
struct Agreement {
    group: String,
    /// Whether all, some or few of the issues are settled, and what the conflict is about.
    class: [String; 2],
    provisions: Vec<f64>,
    failed: bool,
    /// Did it end at all, as far as is known, and how many years it was seen to last.
    ended: bool,
    years: f64,
}

impl Case for Agreement {
    fn group(&self) -> &str {
        &self.group
    }

    fn options(&self) -> usize {
        2
    }

    fn came(&self) -> usize {
        usize::from(self.failed)
    }
}

/// Reads a table of peace agreements with the columns of the UCDP Peace Agreement Dataset and puts models of their failure within five years
/// to the trial. Agreements signed less than five years before the data end are left out, and so are those whose end has no date. Agreements
/// of one conflict are one group.
///
/// # Errors
/// All faults of the table.
pub fn agreements(text: &str, setup: Setup) -> Result<Vec<Section>, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut columns = vec![
        "gwno",
        "conflict_id",
        "pa_date",
        "ended",
        "duration",
        "pa_type",
        "incompatibility",
    ];
    columns.extend(PROVISIONS);
    let table = Table::read(text, &columns, &mut faults);
    let mut cases = Vec::new();
    let (mut late, mut undated) = (0, 0);
    for row in table.iter().flat_map(Table::rows) {
        match agreement(&row, &mut faults) {
            Some(Read::Known(known)) => cases.push(known),
            Some(Read::Late) => late += 1,
            Some(Read::Undated) => undated += 1,
            None => {}
        }
    }
    enough(cases.iter().map(|case| case.group.as_str()), &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    let models = models();
    let last = models.len() - 1;
    let title = "failed within five years";
    let mut section = trial(title, "conflict", &cases, &models, last, setup);
    let failed = cases.iter().filter(|case| case.failed).count();
    let wide = failed as f64 / (cases.len() + undated) as f64;
    section.notes.push(format!(
        "Left out: {late} signed less than five years before {}, {undated} that ended on a day that is not given. Were these counted as having \
         lasted, {wide:.3} of {} failed and that very share scores {:.4} (Brier).",
        KNOWN_UNTIL.year + 1,
        cases.len() + undated,
        wide * (1.0 - wide)
    ));
    Ok(vec![section])
}

enum Read {
    Known(Agreement),
    /// Five years are not over.
    Late,
    /// It ended, nobody says when.
    Undated,
}

fn agreement(row: &Row<'_>, faults: &mut Vec<Fault>) -> Option<Read> {
    let before = faults.len();
    let signed = row.date("pa_date", faults);
    let ended = row.word("ended", &["", "0", "0.0", "1", "1.0"], faults);
    let ended = ended.is_some_and(|place| place > 2);
    let on = if ended && !row.text("duration").is_empty() {
        row.date("duration", faults)
    } else {
        None
    };
    for column in ["pa_type", "incompatibility"] {
        if row.text(column).is_empty() {
            faults.push(Fault::new(row.line, column, "a class was expected here"));
        }
    }
    if let (Some(signed), Some(on)) = (signed, on)
        && on < signed
    {
        let said = "it ended before it was signed";
        faults.push(Fault::new(row.line, "duration", said));
    }
    let provisions: Vec<Option<usize>> = PROVISIONS
        .iter()
        .map(|name| row.word(name, &["0", "1"], faults))
        .collect();
    if faults.len() > before {
        return None;
    }
    let signed = signed?;
    let due = Date {
        year: signed.year + YEARS,
        ..signed
    };
    if due > KNOWN_UNTIL {
        return Some(Read::Late);
    }
    if ended && on.is_none() {
        return Some(Read::Undated);
    }
    let until = on.unwrap_or(KNOWN_UNTIL);
    let conflict = row.text("conflict_id");
    Some(Read::Known(Agreement {
        group: if conflict.is_empty() {
            format!("state {}", row.text("gwno"))
        } else {
            format!("conflict {conflict}")
        },
        class: ["pa_type", "incompatibility"].map(|name| row.text(name).to_owned()),
        provisions: provisions
            .into_iter()
            .map(|there| f64::from(u8::from(there == Some(1))))
            .collect(),
        failed: on.is_some_and(|on| on <= due),
        ended,
        // One that ended on the day of its signing was seen for half a day.
        years: ((until.days() - signed.days()) as f64).max(0.5) / DAYS,
    }))
}

fn models() -> Vec<Model<Agreement>> {
    vec![
        base_rate(),
        Model {
            name: "by type",
            about: "the share of its class: full, partial or on the process; one agreement at the base rate added",
            fit: Box::new(|cases| Ok(shares(cases, |case| case.class[0].clone()))),
        },
        Model {
            name: "by type and issue",
            about: "the share of its class by type and by what the conflict is about; one agreement at the base rate added",
            fit: Box::new(|cases| Ok(shares(cases, |case| case.class.join(" / ")))),
        },
        Model {
            name: "constant rate by type",
            about: "fails at a rate that never changes, that of its class; one failure at the rate of all added",
            fit: Box::new(|cases| Ok(rates(cases))),
        },
        Model {
            name: "provisions",
            about: "logit on shared power (cabinet, territory, army), peacekeepers, ceasefire, disarmament",
            fit: Box::new(provisions),
        },
    ]
}

/// All of the training folds are known for five years, so this is Kaplan and Meier's (1958) estimate by class.
fn shares(cases: &[&Agreement], class: fn(&Agreement) -> String) -> Predictor<Agreement> {
    let rate = share(cases);
    let known: Vec<(String, bool)> = cases.iter().map(|c| (class(c), c.failed)).collect();
    Box::new(move |case| {
        let own = class(case);
        let alike = known.iter().filter(|(class, _)| *class == own);
        let failed = alike.clone().filter(|(_, failed)| *failed).count();
        let chance = (failed as f64 + rate) / (alike.count() as f64 + 1.0);
        vec![1.0 - chance, chance]
    })
}

/// Failures by years seen: the estimate of greatest likelihood where what is still in force is censored.
fn rates(cases: &[&Agreement]) -> Predictor<Agreement> {
    let known: Vec<(String, bool, f64)> = cases
        .iter()
        .map(|c| (c.class[0].clone(), c.ended, c.years))
        .collect();
    let count = |class: Option<&str>| {
        let alike = known
            .iter()
            .filter(|(own, ..)| class.is_none_or(|class| class == own));
        alike.fold((0.0, 0.0), |(ends, years), (_, ended, seen)| {
            (ends + f64::from(u8::from(*ended)), years + seen)
        })
    };
    let (ends, years) = count(None);
    let mut classes: Vec<&str> = known.iter().map(|(class, ..)| class.as_str()).collect();
    classes.sort_unstable();
    classes.dedup();
    let overall = ends / years;
    let of = |class: &str| {
        let (ends, years) = count(Some(class));
        if overall > 0.0 {
            (ends + 1.0) / (years + 1.0 / overall)
        } else {
            0.0
        }
    };
    let by_class: Vec<(String, f64)> = classes.iter().map(|c| ((*c).to_owned(), of(c))).collect();
    Box::new(move |case| {
        let known = by_class.iter().find(|(class, _)| *class == case.class[0]);
        let rate = known.map_or(overall, |(_, rate)| *rate);
        let lasts = libm::exp(-rate * YEARS as f64);
        vec![lasts, 1.0 - lasts]
    })
}

fn provisions(cases: &[&Agreement]) -> Result<Predictor<Agreement>, Separated> {
    let features = |case: &Agreement| {
        let mut all = vec![1.0];
        all.extend(&case.provisions);
        all
    };
    let choices = cases
        .iter()
        .map(|case| Choice::binary(features(case), case.failed));
    let weights = fit(&choices.collect::<Vec<_>>())?;
    Ok(Box::new(move |case| {
        chances(&Choice::binary(features(case), false).features, &weights)
    }))
}

#[cfg(test)]
mod tests {
    use crate::table::Date;

    #[test]
    fn days_are_counted_as_on_the_calendar() {
        let days = |text: &str| Date::read(text).unwrap().days();
        assert_eq!(days("0000-03-01"), 0);
        // The epoch of Unix lies 719,468 days after that.
        assert_eq!(days("1970-01-01"), 719_468);
        assert_eq!(days("2000-03-01") - days("2000-02-28"), 2);
        assert_eq!(days("1900-03-01") - days("1900-02-28"), 1);
        // Every day is one more than the one before.
        let mut last = days("1995-12-31");
        for year in 1996..2002 {
            for month in 1..=12 {
                for day in 1..=31 {
                    if let Some(date) = Date::read(&format!("{year}-{month:02}-{day:02}")) {
                        assert_eq!(date.days(), last + 1);
                        last = date.days();
                    }
                }
            }
        }
        assert_eq!(last, days("2001-12-31"));
        for wrong in [
            "",
            "1999-2-01",
            "1999-02-30",
            "1999-13-01",
            "99-01-01",
            "1999-01-0x",
        ] {
            assert_eq!(Date::read(wrong), None, "{wrong}");
        }
    }
}
