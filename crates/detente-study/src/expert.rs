//! One expert alone, where several speak.

use std::collections::BTreeSet;

use detente_case::{Case, ClaimTest, Draw, With};

/// No number of the case has this expert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownExpert {
    /// As typed.
    pub name: String,
    /// The nearest name, if one is near.
    pub nearest: Option<String>,
    /// All there are.
    pub known: Vec<String>,
}

impl std::fmt::Display for UnknownExpert {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = &self.name;
        match &self.nearest {
            Some(near) => write!(
                f,
                "no number has an expert `{name}`; did you mean `{near}`?"
            ),
            None if self.known.is_empty() => {
                write!(
                    f,
                    "no number has an expert `{name}`; the case names none at all"
                )
            }
            None => write!(
                f,
                "no number has an expert `{name}`; the case names: {}",
                self.known.join(", ")
            ),
        }
    }
}

impl std::error::Error for UnknownExpert {}

/// Everybody who speaks of a number among others, in the case, its readings or what its claims and anchors set, by name.
pub fn experts(case: &Case) -> BTreeSet<&str> {
    let read = case.readings.iter().flat_map(|reading| &reading.set);
    let claimed = case.claims.iter().map(|claim| match &claim.test {
        ClaimTest::Share(test) => test.with.as_slice(),
        ClaimTest::NotComputable(_) => &[],
    });
    let anchored = case
        .anchors
        .iter()
        .flat_map(|anchor| [anchor.with.as_slice(), &anchor.against]);
    let tried = claimed.chain(anchored).flat_map(With::inputs);
    let put = read.chain(tried).flat_map(|replaced| &replaced.experts);
    let all = case.inputs.iter().flat_map(|input| &input.experts);
    all.chain(put)
        .map(|expert| expert.by.as_str())
        .filter(|name| !name.is_empty())
        .collect()
}

/// The case with an expert as the only one wherever several speak and this one is among them, in its readings and in what its claims
/// and anchors set too. Elsewhere it stays as it is.
///
/// # Errors
///
/// No number has an expert of this name.
pub fn expert_alone(case: &Case, name: &str) -> Result<Case, UnknownExpert> {
    let mut alone = case.clone();
    let mut heard = false;
    let text_of = |text: &str| format!("{name} alone, of {text}");
    for input in &mut alone.inputs {
        let own = input.experts.iter().find(|expert| expert.by == name);
        if let Some(own) = own {
            input.draw = Draw::Own(own.distribution.clone());
            input.text = text_of(&input.text);
            input.span = Some(own.span);
            heard = true;
        }
    }
    let read = alone.readings.iter_mut().flat_map(|r| &mut r.set);
    let claimed = alone
        .claims
        .iter_mut()
        .flat_map(|claim| match &mut claim.test {
            ClaimTest::Share(test) => test.with.as_mut_slice(),
            ClaimTest::NotComputable(_) => &mut [],
        });
    let anchored = alone
        .anchors
        .iter_mut()
        .flat_map(|anchor| anchor.with.iter_mut().chain(&mut anchor.against));
    let tried = claimed.chain(anchored).filter_map(|with| match with {
        With::Input(replacement) => Some(replacement),
        With::Quantity(..) => None,
    });
    for replaced in read.chain(tried) {
        let own = replaced.experts.iter().find(|expert| expert.by == name);
        if let Some(own) = own {
            replaced.distribution = own.distribution.clone();
            replaced.text = text_of(&replaced.text);
            replaced.span = own.span;
            heard = true;
        }
    }
    if heard {
        return Ok(alone);
    }
    let known: Vec<String> = experts(case).into_iter().map(str::to_owned).collect();
    let nearest = detente_diag::nearest(name, known.iter().map(String::as_str));
    Err(UnknownExpert {
        name: name.to_owned(),
        nearest: nearest.map(str::to_owned),
        known,
    })
}
