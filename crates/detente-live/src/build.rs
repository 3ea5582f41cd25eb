//! The package in hand: each party's margin taken apart.

use detente::workbench;
use serde_json::{Value, json};

use crate::Refused;
use crate::request::Request;
use crate::state::{self, IN_HAND};

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
