use serde_json::{Value, json};

use super::answer;

const FIRST: &str = include_str!("../../../cases/first-case/case.toml");

fn ask(question: &Value) -> Value {
    let told = answer(&question.to_string(), &detente::Ignored);
    serde_json::from_str(&told).unwrap()
}

fn of(ask: &str, more: &Value) -> Value {
    let mut question = json!({ "ask": ask, "files": [["case.toml", FIRST]] });
    for (key, value) in more.as_object().unwrap() {
        question[key] = value.clone();
    }
    question
}

#[test]
fn the_answer_is_that_of_a_report() {
    let told = ask(&of("look", &json!({ "worlds": 32 })));
    let lead = told["lead"].as_str().unwrap();
    assert_eq!(told["worlds"], 32);
    assert_eq!(told["next"], 128);
    let options = detente::RunOptions {
        worlds: 32,
        effort: detente::Effort::Quick,
        searches: 8,
        ..detente::RunOptions::default()
    };
    let case = detente::check("case.toml", FIRST).case.unwrap();
    let evidence = detente::summarise(&case, &[], options, &detente::Ignored).unwrap();
    let leading = evidence.closest_package().unwrap();
    assert_eq!(case.setting.packages[leading].id, lead);
    let package = &told["packages"][leading];
    assert_eq!(
        package["signed"]["value"],
        evidence.packages()[leading].agreed.value
    );
    assert_eq!(
        package["kept"]["value"],
        Value::Null,
        "this case does not say what may follow a deal"
    );
}

/// While a number moves, the figures are those that the first answer will have, whatever the account of no deal and with or without a record.
#[test]
fn a_glance_shows_what_the_first_answer_says() {
    let strike = include_str!("../../../cases/wage-round/case.toml");
    for (text, set) in [
        (FIRST, json!({ "contest.edge": "0.3" })),
        (strike, json!({})),
    ] {
        let files = json!([["case.toml", text]]);
        for prior in [false, true] {
            let state = json!({ "set": set, "prior": prior });
            let more = json!({ "files": files, "worlds": 32, "state": state });
            let look = ask(&of("look", &more));
            for package in look["packages"].as_array().unwrap() {
                let mut more = more.clone();
                more["package"] = package["id"].clone();
                let glance = ask(&of("glance", &more));
                for figure in ["signed", "in_force", "kept"] {
                    assert_eq!(glance[figure], package[figure], "{figure} of {glance}");
                }
            }
        }
    }
    let none = ask(&of("glance", &json!({ "package": "nothing" })));
    assert!(none["absent"].as_str().unwrap().contains("nothing"));
}

#[test]
fn what_is_set_moves_the_answer_and_what_is_asked_twice_is_the_same() {
    let question = |set: Value| of("look", &json!({ "worlds": 32, "state": { "set": set } }));
    let plain = answer(&question(json!({})).to_string(), &detente::Ignored);
    assert_eq!(
        plain,
        answer(&question(json!({})).to_string(), &detente::Ignored)
    );
    let set = ask(&question(json!({ "party.north.gate": "1" })));
    assert_eq!(set["faults"][0]["code"], "D0402", "{set}");
    let harsh = ask(&question(json!({ "contest.edge": "0.9" })));
    let plain: Value = serde_json::from_str(&plain).unwrap();
    assert_ne!(
        plain["packages"][0]["accepts"],
        harsh["packages"][0]["accepts"]
    );
}

#[test]
fn faults_have_their_places_in_the_text() {
    let text = FIRST.replace("patience = 0.985", "patience = 1.985");
    let told = ask(&json!({ "ask": "check", "files": [["case.toml", text]] }));
    assert_eq!(told["runs"], false);
    let label = &told["faults"][0]["labels"][0];
    let place = |key: &str| usize::try_from(label[key].as_u64().unwrap()).unwrap();
    let units: Vec<u16> = text.encode_utf16().collect();
    let marked = String::from_utf16(&units[place("from")..place("to")]).unwrap();
    assert_eq!(marked, "1.985");
}

#[test]
fn a_package_in_hand_stands_beside_the_named_ones_and_is_taken_apart() {
    let package = json!({ "border": "contact", "harbour": "leased", "guarantee": "observers" });
    let state = json!({ "package": package });
    let told = ask(&of("look", &json!({ "worlds": 16, "state": state })));
    let last = told["packages"].as_array().unwrap().last().unwrap();
    assert_eq!(last["id"], "package_in_hand");
    let built = ask(&of("build", &json!({ "state": state })));
    let types = built["parties"][0]["types"].as_array().unwrap();
    assert_eq!(types.len(), 2);
    for one in types {
        let told = one["worth"].as_f64().unwrap() - one["no_deal"].as_f64().unwrap();
        assert!(
            (told - one["margin"].as_f64().unwrap()).abs() < 1e-9,
            "{one}"
        );
        assert!(one["picture"].as_str().unwrap().contains("<svg"));
    }
    let forbidden =
        json!({ "package": { "border": "old_line", "harbour": "leased", "guarantee": "none" } });
    let told = ask(&of("look", &json!({ "state": forbidden })));
    assert!(told["faults"].is_array(), "{told}");
}

#[test]
fn what_would_turn_a_refusal_does() {
    let package = json!({ "border": "strip_ceded", "harbour": "leased", "guarantee": "none" });
    let told = ask(&of(
        "turns",
        &json!({ "worlds": 16, "state": { "package": package } }),
    ));
    let first = &told["turns"][0];
    let then = told["as_it_is"]["signed"]["value"].as_f64().unwrap();
    assert!(first["signed"]["value"].as_f64().unwrap() > then, "{told}");
    // The first row, put in hand, is signed as often as the row says.
    let mut package = package;
    for term in first["terms"].as_array().unwrap() {
        package[term["issue"].as_str().unwrap()] = term["option"].clone();
    }
    let again = ask(&of(
        "turns",
        &json!({ "worlds": 16, "state": { "package": package } }),
    ));
    assert_eq!(again["as_it_is"]["signed"], first["signed"]);
}

#[test]
fn what_would_have_to_be_true_is_what_decides() {
    let told = ask(&of(
        "hinges",
        &json!({ "worlds": 512, "package": "mediators_terms" }),
    ));
    let first = &told["hinges"][0];
    assert!(
        first["path"].is_string() && first["low"] != first["high"],
        "{told}"
    );
    let none = ask(&of("hinges", &json!({ "package": "mediator_terms" })));
    assert!(none["absent"].is_string());
}

#[test]
fn two_states_are_compared_on_the_same_worlds() {
    let told = ask(&of(
        "compare",
        &json!({ "worlds": 16, "state": { "set": { "lever.arms_taper.on": "false", "contest.edge": "0.1" } } }),
    ));
    assert_eq!(told["changes"].as_array().unwrap().len(), 2);
    let causes = told["causes"].as_array().unwrap();
    assert_eq!(causes.len(), 3);
    let lead = told["lead"].as_str().unwrap();
    let rows = told["packages"].as_array().unwrap();
    let row = rows.iter().find(|row| row["id"] == lead).unwrap();
    let terms = row["terms"].as_array().unwrap();
    let whole = terms.last().unwrap()["difference"]["value"]
        .as_f64()
        .unwrap();
    let sum: f64 = causes
        .iter()
        .map(|c| c["moved"]["value"].as_f64().unwrap())
        .sum();
    assert!((sum - whole).abs() < 1e-12);
    // Against itself nothing moves.
    let same = ask(&of("compare", &json!({ "worlds": 8 })));
    for row in same["packages"].as_array().unwrap() {
        for term in row["terms"].as_array().unwrap() {
            assert_eq!(term["difference"]["value"], 0.0);
        }
    }
}

#[test]
fn what_is_set_is_saved_as_text_of_the_case() {
    let state = json!({ "readings": ["arms_flow"], "set": { "contest.edge": "0.1 to 0.2", "party.mediator.patience": "0.98" } });
    let saved = ask(&of(
        "reading",
        &json!({ "state": state, "name": "My view", "by": "A. Analyst", "says": "As \"heard\"." }),
    ));
    let text = format!("{FIRST}{}", saved["text"].as_str().unwrap());
    let case = detente::check("case.toml", &text).case.unwrap();
    let reading = case.readings.iter().find(|r| r.id == "my_view").unwrap();
    assert_eq!(
        (reading.by.as_str(), reading.says.as_str()),
        ("A. Analyst", "As \"heard\".")
    );
    // It is the same run.
    let look = |files: Value, state: Value| {
        ask(&json!({ "ask": "look", "files": files, "state": state, "worlds": 16 }))
    };
    let set = look(json!([["case.toml", FIRST]]), state);
    let read = look(
        json!([["case.toml", text]]),
        json!({ "readings": ["my_view"] }),
    );
    for (a, b) in set["packages"]
        .as_array()
        .unwrap()
        .iter()
        .zip(read["packages"].as_array().unwrap())
    {
        assert_eq!(a["signed"], b["signed"]);
        assert_eq!(a["kept"], b["kept"]);
    }
    let none = ask(&of(
        "reading",
        &json!({ "name": "x", "by": "y", "says": "" }),
    ));
    assert!(none["absent"].is_string());
}

#[test]
fn places_are_explained_and_completed() {
    let at = FIRST.find("\"10 to 22\"").unwrap() + 2;
    let told = ask(&of("explain", &json!({ "file": 0, "at": at })));
    assert_eq!(told["topic"], "party.north.burden");
    let at = FIRST.find("[party.south]").unwrap() + "[party.south]\n".len();
    let told = ask(&of("complete", &json!({ "file": 0, "at": at })));
    let offers = told["offers"].as_array().unwrap();
    assert!(offers.iter().any(|offer| offer["label"] == "burden"));
}

#[test]
fn chapters_are_told_when_they_are_opened() {
    let strike = include_str!("../../../cases/wage-round/case.toml");
    let open = |chapter: &str| {
        let files = json!([["case.toml", strike]]);
        ask(&json!({ "ask": "open", "files": files, "chapter": chapter, "worlds": 8 }))
    };
    let told = open("durability");
    let html = told["html"].as_str().unwrap();
    assert!(html.starts_with("<section id=\"durability\""), "{html}");
    assert!(!html.contains("Left out"), "{html}");
    let none = open("durabilty");
    assert!(
        none["absent"].as_str().unwrap().contains("`durability`"),
        "{none}"
    );
    let nothing = ask(&of(
        "open",
        &json!({ "chapter": "durability", "worlds": 8 }),
    ));
    assert!(nothing["absent"].is_string(), "{nothing}");
}

#[test]
fn a_question_that_is_none_is_refused_in_words() {
    for (question, says) in [
        ("", "no JSON"),
        ("{}", "nothing is asked"),
        (r#"{"ask":"look","files":[1]}"#, "`files`"),
        (r#"{"ask":"lok","files":[]}"#, "did you mean `look`?"),
        (r#"{"ask":"look","files":[]}"#, "the case's texts"),
        (r#"{"ask":"look","files":[["a","b"]],"worlds":0}"#, "from 1"),
        (
            r#"{"ask":"look","files":[["a","b"]],"state":{"set":{"a":1}}}"#,
            "texts",
        ),
        (
            r#"{"ask":"explain","files":[["a","b"]],"file":3,"at":0}"#,
            "place",
        ),
    ] {
        let told: Value = serde_json::from_str(&answer(question, &detente::Ignored)).unwrap();
        let error = told["error"].as_str().unwrap_or_default();
        assert!(error.contains(says), "{question}: {told}");
    }
}

struct Abandoned;

impl detente::Progress for Abandoned {
    fn advance(&self, _: usize) {}
    fn stopped(&self) -> bool {
        true
    }
    fn abandoned(&self) -> bool {
        true
    }
}

#[test]
fn what_nobody_waits_for_stops() {
    let question = of("look", &json!({ "worlds": 60_000 })).to_string();
    assert_eq!(answer(&question, &Abandoned), r#"{"abandoned":true}"#);
}
