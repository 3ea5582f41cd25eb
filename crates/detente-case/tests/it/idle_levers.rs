//! Levers that no answer depends on are refused, whatever says what no deal is worth; levers that act pass.

use detente_diag::Code;

use crate::{check, list, reports};

const PRICE: &str = r#"
[case]
name = "A price"
as_of = 2024-06-01
[issue.price]
status_quo = "low"
option = { low = {}, middle = {}, high = { guarantee = 0.5 } }
[party.seller]
side = "A"
roles = ["belligerent"]
issue.price = { weight = 1, value = { low = 0, middle = 0.4, high = 1 } }
[party.buyer]
side = "B"
roles = ["belligerent"]
issue.price = { weight = 1, value = { low = 1, middle = 0.4, high = 0 } }
[party.broker]
roles = ["mediator"]
issue.price = { weight = 1, value = { low = 0, middle = 1, high = 0 } }
"#;

const STATED: &str = "[party.seller]\nreservation = 40\n[party.buyer]\nreservation = 30\n[party.broker]\nreservation = 10\n";

const LOTTERY: &str = "[lottery]\nchance = 0.5\na_wins.choose = { price = 'high' }\nb_wins.choose = { price = 'low' }\n";

/// Without a hazard of escalation.
const CONTEST: &str = r#"
[contest]
line_issue = "price"
unit = "km2"
edge = 0.2
pace = 5
volatility = 3
decisive = 0.003
other_end = 0.02
unsettled.choose = {}
ending.a_decisive.choose = { price = "high" }
ending.b_decisive.choose = { price = "low" }
ending.armistice.choose = {}
"#;

const DURABLE: &str = "[durability]\nbackground = 0.004\n";

/// The case with this account of no deal.
fn with(account: &str) -> String {
    let mut text = PRICE.to_owned();
    if account.starts_with("[party") {
        for party in ["seller", "buyer", "broker"] {
            let header = format!("[party.{party}]\n");
            let value = account
                .split(&header)
                .nth(1)
                .and_then(|rest| rest.lines().next())
                .expect("stated");
            text = text.replace(&header, &format!("{header}{value}\n"));
        }
        return text;
    }
    if account.starts_with("\n[contest]") {
        text = text.replace(
            "low = {}, middle = {}",
            "low = { position = -5 }, middle = { position = 5 }",
        );
    }
    text + account
}

fn lever(trigger: &str, does: &str) -> String {
    format!(
        "[lever.push]\nby = 'broker'\nkind = 'stick'\ntrigger = '{trigger}'\ncost = 2\n{does}\n"
    )
}

/// What is said of the lever as useless; `None`: it passes.
fn refused(account: &str, more: &str, trigger: &str, does: &str) -> Option<String> {
    let text = format!("{}{more}{}", with(account), lever(trigger, does));
    let checked = check("a case", &text);
    let idle = checked
        .diagnostics
        .iter()
        .find(|d| d.code == Code::IDLE_LEVER);
    assert_eq!(
        idle.is_some(),
        checked.case.is_none(),
        "{text}\n{}",
        list(&checked)
    );
    idle.map(|d| d.help.clone().unwrap_or_default())
}

/// Account of no deal, what else the case holds, trigger, what the lever does, and what its refusal speaks of; nothing: it acts.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

#[test]
fn levers_act_by_what_their_account_of_no_deal_reads() {
    let burden = "sets = { \"party.buyer.burden\" = 9 }";
    let value = "sets = { \"party.buyer.issue.price.value.low\" = 0.5 }";
    let aside = "sets = { \"party.buyer.issue.price.value.middle\" = 0.5 }";
    let flow = "flow_cost = { buyer = 2 }";
    let own_flow = "flow_cost = { broker = 2 }";
    let hot = "escalation = 0.5";
    let rows: &[Row] = &[
        // A stated value is moved by nothing; a deal by what is paid once it is signed.
        (
            STATED,
            "",
            "refuse(buyer)",
            burden,
            "reservation values are what no deal is worth",
        ),
        (
            STATED,
            "",
            "refuse(buyer)",
            value,
            "reservation values are what no deal is worth",
        ),
        (STATED, "", "now", flow, "trigger = \"accept\""),
        (
            STATED,
            "",
            "accept",
            "",
            "pay somebody else once a deal is signed",
        ),
        (STATED, "", "accept", own_flow, "pay somebody else"),
        (
            STATED,
            "",
            "accept",
            "flow_cost = { buyer = 0 }",
            "pay somebody else",
        ),
        (STATED, "", "accept", flow, ""),
        (STATED, DURABLE, "violate(buyer)", flow, "[contest]"),
        // A lottery is moved by what a win brings.
        (
            LOTTERY,
            "",
            "refuse(buyer)",
            burden,
            "option of a_wins or b_wins",
        ),
        (
            LOTTERY,
            "",
            "refuse(buyer)",
            flow,
            "option of a_wins or b_wins",
        ),
        (
            LOTTERY,
            "",
            "refuse(buyer)",
            aside,
            "option of a_wins or b_wins",
        ),
        (LOTTERY, "", "refuse(buyer)", value, ""),
        (
            LOTTERY,
            "",
            "now",
            burden,
            "nothing that runs now moves a lottery",
        ),
        (LOTTERY, "", "accept", flow, ""),
        (LOTTERY, DURABLE, "violate(buyer)", burden, "[contest]"),
        // A contest by its numbers and by monthly costs.
        (CONTEST, "", "now", burden, ""),
        (CONTEST, "", "now", own_flow, ""),
        (CONTEST, "", "now", "", "set a number of the contest"),
        (
            CONTEST,
            "",
            "now",
            hot,
            "hazard of escalation that is not 0",
        ),
        (CONTEST, "escalation = 0.001\n", "now", hot, ""),
        (
            CONTEST,
            "[reading.r]\nset = { \"contest.escalation\" = 0.001 }\n",
            "now",
            hot,
            "",
        ),
        (CONTEST, "", "refuse(buyer)", flow, ""),
        (
            CONTEST,
            "",
            "refuse(buyer)",
            own_flow,
            "set a number of the contest",
        ),
        (CONTEST, "", "refuse(buyer)", value, ""),
        (
            CONTEST,
            "",
            "refuse(buyer)",
            "sets = { \"contest.edge\" = 0.2 }",
            "",
        ),
        (
            CONTEST,
            "",
            "refuse(buyer)",
            "on = false",
            "set a number of the contest",
        ),
        (CONTEST, "", "accept", burden, "[durability]"),
        (CONTEST, DURABLE, "accept", burden, ""),
        (CONTEST, DURABLE, "accept", "", "pay somebody else"),
        (CONTEST, "", "violate(buyer)", burden, "[durability]"),
        (CONTEST, DURABLE, "violate(buyer)", burden, ""),
        (CONTEST, DURABLE, "violate(buyer)", flow, ""),
        (
            CONTEST,
            DURABLE,
            "violate(buyer)",
            "",
            "once the deal is broken",
        ),
        (
            CONTEST,
            DURABLE,
            "violate(broker)",
            burden,
            "`broker` is no principal of the talks",
        ),
    ];
    for (account, more, trigger, does, speaks_of) in rows {
        let said = refused(account, more, trigger, does);
        let row = format!("{account}{more}{trigger} {does}: {said:?}");
        assert_eq!(said.is_none(), speaks_of.is_empty(), "{row}");
        assert!(said.unwrap_or_default().contains(speaks_of), "{row}");
    }
}

#[test]
fn a_lever_on_a_war_after_a_deal_needs_a_deal_that_guarantees() {
    let bare = with(CONTEST).replace("high = { guarantee = 0.5 }", "high = {}");
    let burden = "sets = { \"party.buyer.burden\" = 9 }";
    let text = format!("{bare}{DURABLE}{}", lever("accept", burden));
    let checked = check("a case", &text);
    assert!(reports(&checked, Code::IDLE_LEVER), "{}", list(&checked));
}

#[test]
fn a_lever_at_fault_is_not_said_to_do_nothing_besides() {
    for does in [
        "sets = { \"party.buyer.burdne\" = 9 }",
        "sets = 3",
        "flow_cost = { byer = 2 }",
    ] {
        let text = format!("{}{}", with(CONTEST), lever("refuse(buyer)", does));
        let checked = check("a case", &text);
        assert!(
            checked.case.is_none() && !reports(&checked, Code::IDLE_LEVER),
            "{}",
            list(&checked)
        );
    }
    let text = format!("{}{}", with(CONTEST), lever("refuse(byer)", ""));
    assert!(!reports(&check("a case", &text), Code::IDLE_LEVER));
}
