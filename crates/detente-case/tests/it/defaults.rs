//! Which defaults a case uses, and what becomes of them.

use detente_case::{Case, Draw, Input, Status};

use crate::{check, list};

/// A contest in which nothing is stated that could be left out.
const WAR: &str = r#"
[case]
name = "A strip of coast"
as_of = 2024-06-01
[issue.border]
status_quo = "contact"
[issue.border.option.old_line]
position = -50
[issue.border.option.contact]
position = 0
[party.north]
side = "A"
roles = ["belligerent"]
issue.border = { weight = 1, value = { old_line = 0, contact = 1 } }
[party.south]
side = "B"
roles = ["belligerent"]
issue.border = { weight = 1, value = { old_line = 1, contact = 0 } }
[party.patron]
roles = ["patron"]
issue.border = { weight = 1, value = { old_line = 1, contact = 0 } }
[contest]
line_issue = "border"
unit = "km2"
edge = 0.2
pace = 5
volatility = 3
decisive = 0.003
other_end = 0.02
unsettled.choose = {}
ending.a_decisive.choose = { border = "contact" }
ending.b_decisive.choose = { border = "old_line" }
ending.armistice.choose = {}
"#;

const DURABLE: &str = "[durability]\nbackground = 0.004\n";

fn case(text: &str) -> Case {
    let checked = check("a case", text);
    let faults = list(&checked);
    checked.case.unwrap_or_else(|| panic!("{text}\n{faults}"))
}

/// Paths of the defaults in use.
fn in_use(text: &str) -> Vec<String> {
    let case = case(text);
    let defaults = case.inputs.iter().filter(|i| i.status == Status::Default);
    defaults.map(|input| input.path.clone()).collect()
}

fn input<'a>(case: &'a Case, path: &str) -> &'a Input {
    let mut inputs = case.inputs.iter();
    inputs.find(|i| i.path == path).expect("a path of the case")
}

fn is_drawn(input: &Input) -> bool {
    matches!(&input.draw, Draw::Own(d) if d.exact().is_none())
}

/// Is a path among the defaults in use?
fn uses(text: &str, path: &str) -> bool {
    in_use(text).iter().any(|known| known == path)
}

#[test]
fn a_war_uses_what_its_closed_form_reads() {
    let of = |party: &str| ["patience", "burden", "scar"].map(|key| format!("party.{party}.{key}"));
    let mut expected: Vec<String> = ["north", "south", "patron"]
        .iter()
        .flat_map(|p| of(p))
        .collect();
    expected.push("contest.decisive_slope".to_owned());
    assert_eq!(in_use(WAR), expected);
}

#[test]
fn what_no_lens_reads_is_no_default_in_use() {
    // No hazard of escalation, nothing after a deal, no lever that awaits an answer, one type a party.
    for path in [
        "party.north.escalation_cost",
        "party.north.renege_cost",
        "party.north.fighting_cost",
        "party.north.prior",
        "behaviour.noise",
        "behaviour.precision",
        "contest.escalation_slope",
        "contest.capacity.A.from_month",
    ] {
        assert!(!uses(WAR, path), "{path}");
    }
    let stated = "reservation = 40\nissue.";
    let text = WAR[..WAR.find("[contest]").expect("there")]
        .replace("issue.border =", "reservation = 40\nissue.border =");
    assert!(text.contains(stated));
    assert_eq!(in_use(&text), Vec::<String>::new());
}

#[test]
fn a_hazard_of_escalation_brings_what_escalating_costs() {
    let hazard = WAR.replace(
        "[contest]\n",
        "[contest]\nescalation = 0.001\nweapon = 'A'\n",
    );
    assert!(uses(&hazard, "party.patron.escalation_cost"));
    assert!(uses(&hazard, "contest.escalation_slope"));
    // A reading that may bring one does too.
    let reading = format!("{WAR}[reading.r]\nset = {{ \"contest.escalation\" = 0.001 }}\n");
    assert!(uses(&reading, "party.patron.escalation_cost"));
    assert!(
        !uses(&reading, "contest.escalation_slope"),
        "nobody holds the weapon"
    );
}

#[test]
fn durability_brings_what_breaking_a_deal_costs_and_draws_it() {
    let text = format!("{WAR}{DURABLE}");
    let found = in_use(&text);
    for path in [
        "party.north.renege_cost",
        "party.south.renege_cost",
        "behaviour.noise",
        "durability.force.A",
        "durability.kept_months",
    ] {
        assert!(found.iter().any(|known| known == path), "{path}: {found:?}");
    }
    let case = case(&text);
    assert!(
        !uses(&text, "party.patron.renege_cost"),
        "it does not fight"
    );
    assert!(
        !uses(&text, "durability.rebuild.A"),
        "forces that end up where they were refill nothing"
    );
    assert!(!uses(&text, "durability.fades"), "nothing fades");
    let north = input(&case, "party.north.renege_cost");
    assert!(is_drawn(north) && north.text == "between 0 and 10" && north.is_listed());
    assert!(is_drawn(input(&case, "behaviour.noise")));
    assert!(
        !is_drawn(input(&case, "durability.kept_months")),
        "a yardstick is exact"
    );
    assert_eq!(input(&case, "durability.kept_months").text, "60");
}

#[test]
fn forces_that_change_bring_the_months_in_which_they_do() {
    let text = format!("{WAR}{DURABLE}force.A = '0.7 to 1.2'\n");
    assert!(uses(&text, "durability.rebuild.A") && !uses(&text, "durability.rebuild.B"));
    assert!(is_drawn(input(&case(&text), "durability.rebuild.A")));
    let reading = format!("{WAR}{DURABLE}[reading.r]\nset = {{ \"durability.force.B\" = 0.8 }}\n");
    assert!(uses(&reading, "durability.rebuild.B") && !uses(&reading, "durability.rebuild.A"));
}

#[test]
fn stating_a_number_silences_it() {
    let stated = WAR.replacen(
        "roles = [\"belligerent\"]\n",
        "roles = [\"belligerent\"]\nrenege_cost = 0\nscar = 0\n",
        1,
    );
    let text = format!("{stated}{DURABLE}");
    assert!(!uses(&text, "party.north.renege_cost") && !uses(&text, "party.north.scar"));
    assert!(uses(&text, "party.south.renege_cost") && uses(&text, "party.south.scar"));
    assert!(!is_drawn(input(&case(&text), "party.north.renege_cost")));
}

#[test]
fn types_share_the_draw_of_their_party_unless_all_have_their_own() {
    let types = "[party.north.type.firm]\nprior = 0.5\n[party.north.type.tired]\nprior = 0.5\n";
    let text = format!("{WAR}{types}{DURABLE}");
    let of_north = |text: &str| {
        let mut found = in_use(text);
        found.retain(|path| path.ends_with("renege_cost") && path.contains("north"));
        found
    };
    assert_eq!(of_north(&text), ["party.north.renege_cost"]);
    let case = case(&text);
    let firm = input(&case, "party.north.type.firm.renege_cost");
    assert!(
        matches!(&firm.draw, Draw::Inherited(same) if case.inputs[same.0 as usize].path == "party.north.renege_cost")
    );
    let own = text.replace("prior = 0.5\n", "prior = 0.5\nrenege_cost = 3\n");
    assert_eq!(of_north(&own), Vec::<String>::new());
}

#[test]
fn levers_that_await_an_answer_bring_their_costs_and_the_noise_of_choosing() {
    let lever = |more: &str| {
        format!(
            "{WAR}[lever.surge]\nby = 'patron'\nkind = 'stick'\nsets = {{ \"contest.edge\" = 0 }}\n{more}"
        )
    };
    let now = lever("trigger = 'now'\n");
    assert!(!uses(&now, "lever.surge.cost") && !uses(&now, "behaviour.noise"));
    let answer = lever("trigger = 'refuse(north)'\n");
    for path in [
        "lever.surge.cost",
        "lever.surge.audience_cost",
        "behaviour.noise",
    ] {
        assert!(uses(&answer, path), "{path}");
    }
    let off = lever("trigger = 'refuse(north)'\non = false\n");
    assert!(!uses(&off, "lever.surge.cost") && !uses(&off, "behaviour.noise"));
    let switched = format!("{off}[reading.r]\nset = {{ \"lever.surge.on\" = true }}\n");
    assert!(uses(&switched, "lever.surge.cost") && uses(&switched, "behaviour.noise"));
}

#[test]
fn a_lottery_uses_what_fighting_costs_and_no_patience() {
    let war = WAR.find("[contest]").expect("there");
    let lottery = "[lottery]\nchance = 0.5\na_wins.choose = { border = 'contact' }\nb_wins.choose = { border = 'old_line' }\n";
    let text = format!(
        "{}{lottery}",
        WAR[..war]
            .replace("position = -50\n", "")
            .replace("position = 0\n", "")
    );
    assert_eq!(
        in_use(&text),
        ["north", "south", "patron"].map(|party| format!("party.{party}.fighting_cost"))
    );
    assert!(uses(&format!("{text}{DURABLE}"), "party.north.patience"));
}

#[test]
fn readings_and_numbers_set_for_a_run_take_the_place_of_a_default() {
    let reading = "[reading.r]\nset = { \"party.north.renege_cost\" = 0 }\n";
    let case = case(&format!("{WAR}{DURABLE}{reading}"));
    // Exactly the field's value is another number than the draw that stands in for it.
    let checked = check("a case", &format!("{WAR}{DURABLE}{reading}"));
    assert!(
        !list(&checked).contains("changes nothing"),
        "{}",
        list(&checked)
    );
    let set = case
        .with_set(
            &["party.south.renege_cost=4".to_owned()],
            &mut detente_diag::Sources::default(),
        )
        .expect("a number");
    assert_eq!(input(&set, "party.south.renege_cost").status, Status::Set);
    assert!(!is_drawn(input(&set, "party.south.renege_cost")));
}

#[test]
fn the_warning_names_drawn_defaults_first_and_numbers_of_a_kind_together() {
    let said = list(&check("a case", &format!("{WAR}{DURABLE}")));
    let line = said
        .lines()
        .find(|line| line.contains("D0717"))
        .expect("a warning");
    assert!(
        line.contains(
            "16 numbers are defaults that answers depend on: party.north.renege_cost and party.south.renege_cost (between 0 and 10 points), behaviour.noise (0.2 to 1 points), party.north.patience and 2 like it (0.985 a month)"
        ),
        "{line}"
    );
}

#[test]
fn an_act_that_is_a_choice_brings_what_choosing_is_blurred_by() {
    let act = |told: &str| {
        format!(
            "{WAR}[package.stay]\nchoose = {{ border = \"contact\" }}\n[act.answer]\nby = \"north\"\non = 2024-03-01\nsays = \"It answered.\"\n{told}\n"
        )
    };
    let brings = |told: &str| uses(&act(told), "behaviour.noise");
    assert!(brings("accepted = \"stay\"") && brings("refused = \"stay\""));
    assert!(!brings("accepted = \"stay\"\nnoise = \"1 to 3\""));
    assert!(!brings("") && !uses(WAR, "behaviour.noise"));
    let drawn = case(&act("refused = \"stay\""));
    assert!(is_drawn(input(&drawn, "behaviour.noise")));
}

/// What nothing reads is no claim about the world, and so no placeholder; it is one again where no deal is of the kind that reads it.
#[test]
fn what_nothing_uses_is_no_placeholder() {
    let stated = "reservation = 40\nburden = \"1 to 3\"\nbelieves.edge = \"0.1 to 0.3\"\n";
    let of = |text: &str| {
        let (party, contest) = text.split_once("[contest]").expect("a contest");
        let party = party.replace("[party.north]\n", &format!("[party.north]\n{stated}"));
        let others = |text: String, id: &str| {
            let head = format!("[party.{id}]\n");
            text.replace(&head, &format!("{head}reservation = 30\n"))
        };
        let without = others(others(party.clone(), "south"), "patron");
        let with = party.replace("reservation = 40\n", "");
        [without, format!("{with}[contest]{contest}")].map(|text| case(&text))
    };
    let [without, with] = of(WAR);
    for path in ["party.north.burden", "party.north.believes.edge"] {
        assert_eq!(input(&without, path).status, Status::Idle, "{path}");
        assert_eq!(input(&with, path).status, Status::Placeholder, "{path}");
    }
    let counted = |case: &Case, part: &str| {
        let listed = case.inputs.iter().filter(|i| i.is_listed());
        listed
            .filter(|i| i.path.contains(part) && i.status == Status::Placeholder)
            .count()
    };
    let [fewer, all] = [&without, &with].map(|case| case.resting_on().placeholders);
    assert_eq!(fewer, counted(&without, ""));
    assert_eq!(all, counted(&with, ""));
    assert_eq!(counted(&without, "north.b"), 0);
    assert_eq!(counted(&with, "north.b"), 2);
}
