//! What may follow a deal beside what followed past ones, as the case counts them.

use detente_core::Setting;
use detente_evidence::{Class, Evidence};
use serde_json::{Value, json};

use super::{in_time, war_by};
use crate::class;
use crate::terms::Terms;
use crate::words::{count, in_words};

/// Counts of past cases, as rows and as data.
pub(super) fn base_rates(
    setting: &Setting,
    classes: &[Class],
) -> (Vec<(String, String, String)>, Vec<Value>) {
    let row = |class: &Class| {
        (
            setting.base_rates[class.rate].says.clone(),
            in_time(class.months),
            class::cell(class),
        )
    };
    let data = |class: &Class| {
        json!({
            "id": setting.base_rates[class.rate].id,
            "years": class.months as f64 / 12.0,
            "share": class.share,
            "counted": class.counted,
        })
    };
    (
        classes.iter().map(row).collect(),
        classes.iter().map(data).collect(),
    )
}

/// The classes at the horizons that the table of packages prints, as feet of that table; and of all classes in words how many packages are
/// more than a factor of two away from each.
pub(super) fn beside_classes(
    evidence: &Evidence,
    horizons: &[usize],
) -> (Vec<(String, Vec<String>)>, Vec<String>) {
    let setting = &evidence.setting;
    let terms = Terms::of(setting);
    let (mut feet, mut said) = (Vec::new(), Vec::new());
    for class in &evidence.classes {
        if horizons.contains(&class.months) {
            let cells = horizons.iter().map(|months| {
                if *months == class.months {
                    class::cell(class)
                } else {
                    String::new()
                }
            });
            feet.push((class::says(class, setting).to_owned(), cells.collect()));
        }
        let ratios =
            (0..setting.packages.len()).map(|p| class.times(war_by(evidence, p, class.months)));
        let ratios: Vec<f64> = ratios.filter(|x| !x.is_nan()).collect();
        if ratios.is_empty() {
            said.push(format!(
                "“{}”: {}; this run does not tell how often {} within that time.",
                class::says(class, setting),
                class::told(class),
                terms.resumes()
            ));
            continue;
        }
        let apart = |words| {
            ratios
                .iter()
                .filter(|x| class::gap(**x) == Some(words))
                .count()
        };
        let few = class
            .few()
            .map_or("", |_| ", which so few cases leave open");
        let (more, less) = (apart("more than twice"), apart("less than half"));
        said.push(format!(
            "“{}”: {}{few}. Of the {} that somebody would sign, {} more than twice as often after {}, less than half \
             as often after {}.",
            class::says(class, setting),
            class::told(class),
            count(ratios.len(), "package"),
            terms.resumes(),
            none_or(more),
            none_or(less)
        ));
    }
    (feet, said)
}

/// How many times as often war resumes after each package as in each class at its horizon, as data.
pub(super) fn class_data(evidence: &Evidence) -> Vec<Value> {
    let setting = &evidence.setting;
    let told = evidence.classes.iter().filter(|c| {
        let mut packages = 0..setting.packages.len();
        packages.any(|p| !war_by(evidence, p, c.months).is_nan())
    });
    told.map(|class| {
        let packages = setting.packages.iter().enumerate();
        let times: serde_json::Map<_, _> = packages
            .map(|(p, package)| {
                let times = class.times(war_by(evidence, p, class.months));
                (package.id.clone(), json!(times))
            })
            .collect();
        json!({ "class": setting.base_rates[class.rate].id, "months": class.months, "times": times })
    })
    .collect()
}

/// A small number as a word, alone.
fn none_or(n: usize) -> String {
    if n == 0 {
        "none".to_owned()
    } else {
        in_words(n)
    }
}
