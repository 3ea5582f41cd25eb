//! One package while a number moves: the figures of the first answer, and nothing else.

use detente::Progress;
use detente::handles::{durability, settlement};
use detente::workbench::share;
use serde_json::{Value, json};

use crate::Refused;
use crate::compare;
use crate::look::FIRST;
use crate::request::Request;
use crate::state;

/// How often a package is signed, in force and kept, on the worlds of the first answer: only what these three numbers need is worked out.
pub(crate) fn glance(request: &Request, progress: &dyn Progress) -> Result<Value, Refused> {
    let put = state::put(&request.named(), &request.state, &[])?;
    let wanted = request.text("package")?;
    let named = &put.case.setting.packages;
    let p = named.iter().position(|package| package.id == wanted);
    let p = p.ok_or_else(|| Refused::Absent(format!("the case has no package `{wanted}`")))?;
    let worlds = request.worlds.unwrap_or(FIRST);
    let of = [settlement::AGREED, settlement::IN_FORCE, durability::KEPT];
    let asked = of.map(|quantity| (quantity, vec![p]));
    let table = compare::ask(&put, &request.state, request, (&asked, worlds), progress);
    let [signed, in_force, kept] = of.map(|quantity| share(&table.mean(quantity, &[p])));
    Ok(
        json!({ "package": wanted, "worlds": worlds, "signed": signed, "in_force": in_force, "kept": kept }),
    )
}
