//! The package in hand: each party's margin taken apart.

use detente::handles::settlement;
use detente::{Progress, what_decides, workbench};
use serde_json::{Value, json};

use crate::Refused;
use crate::compare::options;
use crate::request::Request;
use crate::state::{self, IN_HAND};

/// Worlds in which what decides is looked for, unless more are asked for: fewer tell of little.
const WORLDS: usize = 256;

/// For each party what the package is worth to it piece by piece, with every number at its median. Without a package in hand that of the
/// case which the question names.
pub(crate) fn build(request: &Request) -> Result<Value, Refused> {
    let put = state::put(&request.named(), &request.state, &[])?;
    let package = if request.state.package.is_empty() {
        request.text("package")?
    } else {
        IN_HAND
    };
    let setting = &put.case.setting;
    let parties = setting.parties.iter().map(|party| {
        let why = detente::why_told(&put.case, &put.overrides, &party.id, package, None);
        why.map(|why| workbench::margins(setting, &why))
            .map_err(|none| Refused::Absent(none.to_string()))
    });
    let parties: Vec<Value> = parties.collect::<Result<_, _>>()?;
    Ok(json!({ "package": package, "parties": parties }))
}

/// What would have to be true for all to sign the package in hand: the numbers that decide it, and how often all sign at either end of each.
pub(crate) fn hinges(request: &Request, progress: &dyn Progress) -> Result<Value, Refused> {
    let put = state::put(&request.named(), &request.state, &[])?;
    let wanted = if request.state.package.is_empty() {
        request.text("package")?
    } else {
        IN_HAND
    };
    let setting = &put.case.setting;
    let place = setting
        .packages
        .iter()
        .position(|package| package.id == wanted);
    let place =
        place.ok_or_else(|| Refused::Absent(format!("the case has no package `{wanted}`")))?;
    let worlds = request.worlds.unwrap_or(WORLDS);
    let options = options(&request.state, request, worlds);
    let of = (settlement::AGREED, &[place][..]);
    let moving = what_decides(&put.case, &request.state.readings, options, of, progress)
        .map_err(|bad| state::refused(&bad, &detente::diag::Sources::default()))?;
    Ok(json!({
        "worlds": worlds,
        "constant": moving.constant,
        "visible": if moving.visible.is_finite() { json!(moving.visible) } else { Value::Null },
        "hinges": workbench::deciding(setting, &moving),
    }))
}
