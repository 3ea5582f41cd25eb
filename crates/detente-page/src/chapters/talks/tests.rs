//! Sentences of small talks whose answer is known.

use detente_core::talks::Kind;
use detente_evidence::chapters::talks::{Belief, More, OfKind, OfRound, OfType, Shape, Threat};
use detente_evidence::{Chapter, Evidence, RunOptions};
use detente_math::Mean;
use detente_study::Ignored;

use super::agreed::ends;
use super::*;

/// Powell's ultimatum with two types: asking for eighty pays if the tough type is unlikely, and is refused by it.
fn ultimatum(tough: f64, rest: &str) -> String {
    format!(
        r#"
[case]
name = "Two types and an offer"
as_of = 2025-01-01

[issue.share]
name = "Share"
status_quo = "none"
option = {{ none = {{ name = "nothing" }}, some = {{ name = "sixty" }}, most = {{ name = "eighty" }}, all = {{ name = "all" }} }}

[party.asker]
name = "Asker"
roles = ["principal"]
reservation = 40
issue.share = {{ weight = 100, value = {{ none = 0, some = 0.6, most = 0.8, all = 1 }} }}

[party.asked]
name = "Asked"
roles = ["principal"]
issue.share = {{ weight = 100, value = {{ none = 1, some = 0.4, most = 0.2, all = 0 }} }}
[party.asked.type.tough]
name = "tough"
prior = {tough}
reservation = 39
[party.asked.type.soft]
name = "soft"
prior = {}
reservation = 19

[package.fair]
name = "Sixty"
choose = {{ share = "some" }}
[package.greedy]
name = "Eighty"
choose = {{ share = "most" }}
{rest}"#,
        1.0 - tough
    )
}

const ONE_ROUND: &str = "[talks]\nrounds = 1\nprotocol = \"same\"\nfirst = \"asker\"\n";

fn evidence(text: &str) -> Evidence {
    let checked = crate::check("case.toml", text);
    let case = checked
        .case
        .unwrap_or_else(|| panic!("{:?}", checked.diagnostics));
    let options = RunOptions {
        worlds: 4,
        searches: 0,
        ..RunOptions::default()
    };
    detente_study::summarise(&case, &[], options, &Ignored).unwrap()
}

fn of(evidence: &Evidence) -> Talks {
    let Chapter::Told(found) = &evidence.chapters.talks else {
        panic!("no chapter: {:?}", evidence.chapters.talks)
    };
    found.clone()
}

fn html(evidence: &Evidence, found: &Talks) -> String {
    write(evidence, found).unwrap().html
}

/// What a reader sees, on one line.
fn seen(html: &str) -> String {
    let mut text = String::new();
    for piece in html.split('<') {
        text.push(' ');
        text.push_str(piece.split_once('>').map_or(piece, |(_, after)| after));
    }
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace("&#62;", ">")
        .replace("&#60;", "<")
}

/// Powell's condition: with a tough type three times of ten the asker takes the risk, and is refused as often.
#[test]
fn a_tough_type_refuses_what_a_soft_one_takes() {
    let evidence = evidence(&ultimatum(0.3, ONE_ROUND));
    let found = of(&evidence);
    assert!(
        (deal(&found).value - 0.7).abs() < 1e-6,
        "{:?}",
        deal(&found)
    );
    assert_eq!(
        finding(&evidence, &found),
        "Played as a game, 70 of 100 talks end with a deal; if all knew all types, >99 would."
    );
    assert_eq!(
        sentence(&evidence).unwrap(),
        "Played as a game, 70 of 100 talks end with a deal (all types known: >99)."
    );
    let page = html(&evidence, &found);
    let text = seen(&page);
    for said in [
        "Played in 4 worlds, each with a certified answer.",
        "Rounds One. Asker proposes. Offers At most 8 packages",
        "“Eighty” is what 70 of 100 talks end with.",
        "Share eighty >99",
        "Eighty Asked: tough >99 30 >99",
        "If all knew all types, 30 of 100 talks more would end with a deal.",
        "Were all told, by a mediator whom they believe, which type Asked is, 30 of 100 talks more would end with a deal (4 worlds); Asker (+6.0) and Asked: tough (+1.0) gain by it.",
        "Asked >99 +30",
        "Played again in 4 worlds with room for twice as many moves, which adds neither a round nor an offer: the chance of a deal (70 of 100) moves in none of them.",
        "One round is played, so that the last round is all of the talks.",
        "All answers are of one kind.",
        "A deal in some talks; some types accept what others of their party refuse. >99 70",
        "Round 1. Asker offers A. It takes Asked for soft in 70 of 100. Round 1; Asker offered A. Asked: tough refuses; soft accepts.",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    // What is no contest is told without a word of war.
    let words = text.split(|c: char| !c.is_alphabetic());
    let words: Vec<String> = words.map(str::to_lowercase).collect();
    for word in [
        "war",
        "peace",
        "fighting",
        "attack",
        "attacks",
        "forces",
        "armistice",
    ] {
        assert!(!words.iter().any(|own| own == word), "{word}\n{text}");
    }
    // One round is no curve, and nothing threatens.
    for missing in [
        "id=\"talks-chances\"",
        "id=\"talks-threats\"",
        "id=\"talks-path\"",
    ] {
        assert!(!page.contains(missing), "{missing}");
    }
    // The same as data.
    let data = data::data(&evidence.setting, &found);
    let last = data["months"].as_array().unwrap().last().unwrap();
    assert!((last["deal"]["value"].as_f64().unwrap() - 0.7).abs() < 1e-6);
    assert_eq!(data["kinds"][0]["says"], kind_in_words(Kind(9)));
}

/// With a tough type six times of ten the safe offer pays, and everybody takes it.
#[test]
fn a_likely_tough_type_is_offered_what_it_takes() {
    let evidence = evidence(&ultimatum(0.6, ONE_ROUND));
    let found = of(&evidence);
    assert!(deal(&found).value > 1.0 - 1e-6, "{:?}", deal(&found));
    let text = seen(&html(&evidence, &found));
    for said in [
        "Played as a game, >99 of 100 talks end with a deal; if all knew all types, >99 would.",
        "“Sixty” is what >99 of 100 talks end with.",
        "If all knew all types, about as many talks would end with a deal.",
        "Always a deal. >99 >99",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
}

/// A case without the table has neither a chapter nor a word of it.
#[test]
fn no_table_no_chapter() {
    let evidence = evidence(&ultimatum(0.3, ""));
    assert!(matches!(evidence.chapters.talks, Chapter::Nothing));
    assert_eq!(sentence(&evidence), None);
    let stamp = detente_evidence::Stamp {
        case_path: "a case".to_owned(),
        case_hash: String::new(),
        command: String::new(),
    };
    let page = crate::html(&evidence, &stamp);
    assert!(!page.contains("#talks") && !page.contains("id=\"talks"));
}

#[test]
fn no_rounds_are_no_numbers() {
    let evidence = evidence(&ultimatum(0.3, "[talks]\nrounds = 0\n"));
    let page = html(&evidence, &of(&evidence));
    assert!(page.contains("The case allows no round of talks, and so none ends with a deal."));
    assert!(!page.contains("<table") && !page.contains("<dl"), "{page}");
    assert!(
        page.ends_with("</section>") || page.ends_with("</section>\n"),
        "{page}"
    );
}

/// Worlds without an answer are told in shares, and where no world has one there is nothing else.
#[test]
fn worlds_without_an_answer_are_told() {
    let evidence = evidence(&ultimatum(0.3, ONE_ROUND));
    let mut found = of(&evidence);
    (
        found.draws,
        found.answered,
        found.uncertified,
        found.too_large,
    ) = (10, 5, 3, 1);
    assert_eq!(
        coverage(&found),
        "Played in 10 worlds: 50 of 100 (5) have a certified answer, of which alone everything here is told; 30 of 100 have no certified \
         answer, 10 of 100 are too large however they are cut and 10 of 100 could not be played."
    );
    let said = finding(&evidence, &found);
    let part = "(of the worlds played 50 of 100 have a certified answer, and these alone count).";
    assert!(said.ends_with(part), "{said}");
    (found.answered, found.uncertified) = (0, 9);
    let page = html(&evidence, &found);
    let text = seen(&page);
    assert!(
        text.contains("and there is a certified answer in none."),
        "{text}"
    );
    assert!(
        text.contains("90 of 100 have no certified answer and 10 of 100 are too large"),
        "{text}"
    );
    assert!(!page.contains("<h3"), "{page}");
}

/// What rests on placeholders is hatched, and nothing else.
#[test]
fn placeholders_are_hatched() {
    let two = "[talks]\nrounds = 2\nprotocol = \"same\"\nfirst = \"asker\"\n";
    let mut evidence = evidence(&ultimatum(0.3, two));
    let mut found = of(&evidence);
    // So that there is a curve whatever is played.
    found.rounds = [0, 1]
        .map(|month| OfRound {
            month,
            held: exactly(0.5),
            deal: exactly(0.25),
            terms: Vec::new(),
        })
        .to_vec();
    for (placeholders, hatched) in [(0, false), (3, true)] {
        evidence.resting_on.placeholders = placeholders;
        let page = html(&evidence, &found);
        assert!(page.contains("id=\"talks-chances\""));
        assert_eq!(
            page.contains("url(#talks-endings"),
            hatched,
            "{placeholders}"
        );
        assert!(page.contains("Of 100 deals 50 come in the first round"));
    }
}

fn exactly(value: f64) -> Mean {
    Mean {
        value,
        error: 0.0,
        n: 4,
    }
}

fn about(value: f64, error: f64) -> Mean {
    Mean { value, error, n: 4 }
}

/// Threats, beliefs, delay and more, told of numbers that are given.
#[test]
fn sentences_say_their_numbers() {
    let one = evidence(&ultimatum(0.3, ONE_ROUND));
    let mut found = of(&one);
    let strike = "[lever.strike]\nname = \"Strike\"\nby = \"asked\"\nkind = \"stick\"\ntrigger = \"refuse(asker)\"\n\
                  sets.\"party.asker.reservation\" = 20\n";
    let checked = crate::check("case.toml", &ultimatum(0.3, strike));
    let setting = checked
        .case
        .unwrap_or_else(|| panic!("{:?}", checked.diagnostics))
        .setting;
    let lever = 0;
    let by = &setting.parties[setting.levers[lever].by];
    let (first, second) = (by.types.start, by.types.start + 1);
    found.threats = vec![Threat {
        lever,
        may: [1.0, 1.0],
        made: about(0.43, 0.02),
        by: vec![(first, exactly(1.0)), (second, exactly(0.21))],
        alike: 0.3,
        believed: about(0.62, 0.03),
        pulled: exactly(0.05),
        price: about(1.25, 0.5),
    }];
    found.kinds = vec![
        OfKind {
            kind: Kind::DEAL.with(Kind::THREAT, true).with(Kind::BLUFF, true),
            share: 0.75,
            deal: exactly(0.5),
            example: None,
        },
        OfKind {
            kind: Kind::default(),
            share: 0.25,
            deal: exactly(0.0),
            example: None,
        },
    ];
    let name = format!("“{}” ({})", setting.levers[lever].name, by.name);
    assert_eq!(
        threats_finding(&setting, &found),
        [
            format!(
                "{name} is announced in 43\u{a0}±2 of 100 talks, believed in 62\u{a0}±3 of 100, and carried out in 5 of 100 talks."
            ),
            "In 75 of 100 answers a type announces what it would not always carry out: a bluff."
                .to_owned(),
        ]
    );
    let (rows, left) = tables::threats(&setting, &found);
    assert_eq!(
        (rows[0].by.len(), rows[0].price.as_str(), left.as_str()),
        (3, "1.25\u{a0}±0.50", "")
    );
    assert_eq!(rows[0].by[1], format!("{}: 21", setting.types[second].name));
    assert_eq!(
        rows[0].by[2],
        "all types alike, so that it tells nothing of them, in 30 of 100 answers with it"
    );
    found.threats[0].made = exactly(0.0);
    found.threats[0].pulled = exactly(0.001);
    assert_eq!(
        threats_finding(&setting, &found),
        ["In fewer than one talk of 100 is a threat announced or carried out."]
    );
    assert_eq!(
        tables::threats(&setting, &found).1,
        format!("Neither announced nor carried out in one talk of 100: {name}.")
    );
    assert_eq!(
        kinds_finding(&found),
        "Answers are of two kinds; 75 of 100 are of the commonest."
    );
    assert_eq!(
        kind_in_words(found.kinds[0].kind),
        "A deal in some talks; a threat is announced, by some as a bluff."
    );

    found.beliefs = vec![
        Belief {
            t: first,
            rounds: vec![exactly(0.4), exactly(0.71)],
        },
        Belief {
            t: second,
            rounds: vec![exactly(0.6), exactly(0.29)],
        },
    ];
    let title = format!(
        "Who still talks in round 2 is taken for {} in 71 of 100, not 40",
        type_name(&setting, first)
    );
    assert_eq!(pictures::most_moved(&setting, &found), Some(title.clone()));
    let picture = pictures::beliefs(&setting, &found, &title).unwrap();
    assert!(
        picture.contains("round 2") && picture.contains("class=\"act\""),
        "{picture}"
    );
    found.beliefs[0].rounds[1] = exactly(0.4);
    found.beliefs[1].rounds[1] = exactly(0.6);
    assert_eq!(pictures::most_moved(&setting, &found), None);

    found.shapes = vec![Shape {
        rounds: 2,
        offers: 3,
        share: 1.0,
    }];
    found.worths = vec![
        OfType {
            t: first,
            gain: exactly(3.0),
            last_round: about(1.2, 0.3),
            known: exactly(0.0),
        },
        OfType {
            t: second,
            gain: exactly(3.0),
            last_round: about(-0.8, 0.1),
            known: exactly(0.0),
        },
        OfType {
            t: 0,
            gain: exactly(3.0),
            last_round: about(0.5, 0.3),
            known: exactly(0.0),
        },
    ];
    assert_eq!(
        delay(&setting, &found),
        format!(
            "{} (+1.2\u{a0}±0.3) gains by the last round; {} (−0.8\u{a0}±0.1) loses by the last round.",
            type_name(&setting, first),
            type_name(&setting, second)
        )
    );
    (found.crossed, found.regret) = (0.12, 0.0005);
    assert_eq!(
        unique(&found),
        "In 12 of 100 answers another branch crosses the one that is followed: the equilibrium is not unique, and another is as near. At no \
         point of any could a type gain more than one part in 2000 of what is at stake there by another move."
    );
    let mut more = More {
        times: 2,
        draws: 8,
        rounds: 0,
        offers: 6,
        neither: 2,
        deal: [exactly(0.62), exactly(0.64)],
        change: about(0.021, 0.013),
        most: 0.05,
    };
    assert_eq!(
        with_more(&more),
        "Played again in 8 worlds with room for twice as many moves, which adds a further offer in six and neither a round nor an offer in two: \
         64 of 100 talks end with a deal instead of 62. World by world the chance moves by +2.1\u{a0}±1.3 of 100 on average, no more than chance \
         makes of so few; by 5 of 100 at most."
    );
    (more.rounds, more.offers, more.neither) = (2, 8, 0);
    let added = "which adds a further round in two and a further offer in all: 64";
    assert!(with_more(&more).contains(added), "{}", with_more(&more));
    assert_eq!(
        kind_in_words(Kind::DEAL.with(Kind::THREAT, true).with(Kind::IDLE, true)),
        "A deal in some talks; a threat is announced, not as a bluff, by all types alike, so that it tells nothing of them."
    );
}

/// Terms over time: drawn where they move by more than their errors, else told to stand still, and of what is too rare nothing.
#[test]
fn terms_are_told_by_round() {
    let one = evidence(&ultimatum(0.3, ONE_ROUND));
    let (setting, mut found) = (&one.setting, of(&one));
    let round = |month: usize, deal: f64, most: f64, error: f64| OfRound {
        month,
        held: exactly(1.0),
        deal: exactly(deal),
        terms: vec![vec![
            exactly(0.0),
            about(1.0 - most, error),
            about(most, error),
            exactly(0.0),
        ]],
    };
    // One round.
    assert_eq!((agreed::still(&found).as_str(), ends(&found)), ("", None));
    assert!(agreed::over_time(setting, &found).is_none());
    found.rounds = vec![round(0, 0.5, 0.4, 0.02), round(1, 0.2, 0.71, 0.03)];
    let figure = agreed::over_time(setting, &found).unwrap();
    assert_eq!(
        figure.title,
        "Deals of round 2 have “eighty” on “Share” in 71\u{a0}±3 of 100, those of round 1 in 40\u{a0}±2"
    );
    assert!(
        figure
            .caption
            .starts_with("50 of 100 talks end with a deal in round 1, 20 in round 2.")
    );
    assert!(figure.drawing.contains("round 1 → round 2") && figure.drawing.contains("40 → 71"));
    assert_eq!(agreed::still(&found), "");
    found.terms = found.rounds[0].terms.clone();
    let text = seen(&html(&one, &found));
    assert!(
        text.contains("Option Of 100 deals Round 1 Round 2 Share sixty 60 ±2 60 ±2 29 ±3"),
        "{text}"
    );
    let data = data::data(setting, &found);
    assert_eq!(data["rounds"][1]["terms"]["share"]["most"]["value"], 0.71);
    // Within the errors.
    found.rounds[1] = round(1, 0.2, 0.45, 0.03);
    assert!(agreed::over_time(setting, &found).is_none());
    assert_eq!(
        agreed::still(&found),
        "Deals of round 2 have the terms of those of round 1, as far as errors tell."
    );
    // Too few, and none.
    found.rounds[1].terms.clear();
    assert_eq!(
        agreed::still(&found),
        "By round terms are told of round 1 alone: deals of the others are rarer than 1 of 100 talks or come from fewer than 8 worlds."
    );
    assert_eq!(
        data::data(setting, &found)["rounds"][1]["terms"],
        serde_json::Value::Null
    );
    found.rounds[1].deal = exactly(0.001);
    assert_eq!(
        agreed::still(&found),
        "Next to no deal comes in another round than round 1, so that terms do not change over time."
    );
}
