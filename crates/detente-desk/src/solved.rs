//! Answers for programs. `docs/json.md` explains the fields.

use detente_games::certificate::Verdict;
use detente_games::certificate::exact::Exact;
use detente_games::logit::Side;
use detente_games::signalling::{Class, Reading};
use detente_games::solve::{Equilibrium, MessageFacts, Method, Solution};
use detente_games::{Assessment, Certificate, Game, Tree, story};
use serde_json::{Value, json};

/// Everything that was found.
pub fn solution(game: &Game, tree: &Tree, solution: &Solution, set: &[String]) -> String {
    let list = |found: &[Equilibrium]| -> Vec<Value> {
        found
            .iter()
            .map(|found| equilibrium(game, tree, solution, found))
            .collect()
    };
    let mut value = head(game, tree);
    value["equilibria"] = list(&solution.equilibria).into();
    value["rejected"] = list(&solution.rejected).into();
    value["crossings"] = json!(solution.crossings);
    value["set"] = json!(set);
    value["complete"] = solution.complete.into();
    value["stopped"] = solution.stopped.into();
    value["patterns"] = match solution.patterns {
        Some((solved, all)) => json!({ "solved": solved, "all": all }),
        None => Value::Null,
    };
    line(&value)
}

/// A quantal response equilibrium.
pub fn quantal(
    game: &Game,
    tree: &Tree,
    answer: &Assessment,
    certificate: &Certificate,
    lambda: f64,
) -> String {
    let mut value = head(game, tree);
    value["quantal"] = assessment(game, tree, answer, certificate);
    value["quantal"]["lambda"] = lambda.into();
    value["quantal"]["residual"] = residual(tree, answer, certificate, lambda).into();
    // It is not meant to be an equilibrium: at a precision that is finite everyone errs.
    value["quantal"]["verdict"] = "quantal response".into();
    value["quantal"]["finding"] = Value::Null;
    line(&value)
}

/// An answer that somebody has, with its certificate.
pub fn checked(game: &Game, tree: &Tree, answer: &Assessment, certificate: &Certificate) -> String {
    line(&assessment(game, tree, answer, certificate))
}

fn head(game: &Game, tree: &Tree) -> Value {
    json!({
        "version": detente::VERSION,
        "title": game.title,
        "players": game.players,
        "nodes": tree.parent.len(),
        "payoff_range": tree.payoff_range(),
    })
}

fn equilibrium(game: &Game, tree: &Tree, solution: &Solution, found: &Equilibrium) -> Value {
    let mut value = assessment(game, tree, &found.answer, &found.certificate);
    value["found_by"] = found.found_by.iter().map(method).collect();
    value["corners_of_continuum"] = json!(found.corners);
    value["exact"] = match &found.exact {
        Some(Exact::Proved(exact)) => json!({
            "proved": true,
            "beliefs": exact.beliefs.iter().map(|set| set.iter().map(ToString::to_string).collect::<Vec<_>>()).collect::<Vec<_>>(),
            "strategy": exact.strategy.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "value": exact.value.iter().map(ToString::to_string).collect::<Vec<_>>(),
        }),
        Some(Exact::Refuted { .. }) => {
            json!({ "proved": false, "why": "no simple fractions near it are one" })
        }
        Some(_) => json!({ "proved": false, "why": "no simple fractions" }),
        None => json!({ "proved": false, "why": "too large" }),
    };
    if let (Some(facts), Some(reading)) = (&found.message, &solution.signalling) {
        value["signalling"] = signalling(reading, facts);
    }
    value
}

fn signalling(reading: &Reading, facts: &MessageFacts) -> Value {
    let unsent: Vec<Value> = facts
        .unsent
        .iter()
        .map(|unsent| {
            let temptations: Vec<Value> = unsent
                .intuitive
                .temptations
                .iter()
                .map(|temptation| {
                    json!({
                        "type": reading.game.types[temptation.kind].name,
                        "payoff": temptation.payoff.to_string(),
                        "most": temptation.most.to_string(),
                        "least": temptation.least.to_string(),
                        "ruled_out": temptation.ruled_out,
                        "round": temptation.round,
                        "breaks": temptation.breaks(),
                    })
                })
                .collect();
            let name = |kind: usize| reading.game.types[kind].name.as_str();
            let struck: Vec<Value> = unsent
                .d1
                .struck
                .iter()
                .map(|struck| json!({ "type": name(struck.kind), "by": name(struck.by), "round": struck.round }))
                .collect();
            let left: Vec<&str> =
                unsent.d1.left.iter().map(|kind| name(*kind)).collect();
            json!({
                "message": reading.game.messages[unsent.message].name,
                "intuitive": {
                    "survives": unsent.intuitive.survives(),
                    "survives_once": unsent.intuitive.survives_once,
                    "temptations": temptations,
                },
                "d1": { "survives": unsent.d1.survives, "survives_once": unsent.d1.survives_once, "left": left, "struck": struck },
            })
        })
        .collect();
    json!({
        "class": class(facts.class),
        "corners_of_continuum": facts.corners,
        "unsent": unsent,
    })
}

fn method(method: &Method) -> Value {
    match method {
        Method::Backward { ties } => json!({ "method": "backward", "ties": ties }),
        Method::Signalling => json!({ "method": "signalling patterns" }),
        Method::Sequences => json!({ "method": "corners of Nash equilibria" }),
        Method::Pure => json!({ "method": "pure strategies" }),
        Method::Replies => json!({ "method": "best replies" }),
        Method::Supports => json!({ "method": "supports" }),
        Method::RegretMinimisation => json!({ "method": "regret minimisation" }),
        Method::QuantalResponse {
            side,
            lambda,
            effort,
        } => json!({
            "method": "quantal response",
            "side": match side {
                Side::Principal => "principal",
                Side::Shifted => "shifted",
                Side::ShiftedBack => "shifted back",
                Side::ByStakes => "by stakes",
                Side::From(_) => "from another start",
            },
            "lambda": lambda,
            "steps": effort.steps,
            "factorisations": effort.factorisations,
        }),
    }
}

fn assessment(game: &Game, tree: &Tree, answer: &Assessment, certificate: &Certificate) -> Value {
    let story = story::tell(game, tree, answer, certificate);
    let sets: Vec<Value> = story
        .scenes
        .iter()
        .map(|scene| {
            let info = &game.sets()[scene.set];
            let check = &certificate.sets[scene.set];
            let actions: Vec<Value> = tree
                .actions_of(scene.set)
                .zip(&info.actions)
                .zip(&check.values)
                .map(|((action, label), worth)| {
                    json!({
                        "label": label,
                        "probability": answer.strategy[action],
                        "log_tremble": answer.tremble[action],
                        "value": worth,
                    })
                })
                .collect();
            let nodes: Vec<Value> = tree
                .members_of(scene.set)
                .iter()
                .zip(&check.beliefs)
                .map(|(node, belief)| json!({ "node": node, "belief": belief }))
                .collect();
            let beliefs: Vec<Value> = scene
                .beliefs
                .iter()
                .map(|belief| {
                    json!({
                        "hidden": belief.hidden,
                        "before": belief.before,
                        "after": belief.after,
                        "values": belief.values,
                    })
                })
                .collect();
            json!({
                "player": info.player,
                "number": info.number,
                "label": info.label,
                "reach": check.reach,
                "log_reach": check.log_reach,
                "actions": actions,
                "nodes": nodes,
                "beliefs": beliefs,
                "regret": check.regret,
                "stakes": check.stakes,
                "sentence": scene.sentence,
            })
        })
        .collect();
    let endings: Vec<Value> = story
        .endings
        .iter()
        .map(|(label, p)| json!({ "label": label, "probability": p }))
        .collect();
    json!({
        "verdict": verdict(&certificate.verdict),
        "finding": certificate.in_words(game),
        "value": certificate.value,
        "nash_conv": certificate.nash_conv,
        "regret": certificate.regret,
        "distance": certificate.distance,
        "endings": endings,
        "sets": sets,
    })
}

fn verdict(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Sequential => "sequential",
        Verdict::Inconsistent { .. } => "inconsistent",
        Verdict::NashOnly { .. } => "nash only",
        Verdict::NotEquilibrium { .. } => "not an equilibrium",
        Verdict::Malformed(_) => "malformed",
    }
}

fn line(value: &Value) -> String {
    let text = serde_json::to_string_pretty(value).expect("a JSON value prints");
    format!("{text}\n")
}

/// What a class of signalling equilibria is called.
pub fn class(class: Class) -> &'static str {
    match class {
        Class::Pooling => "pooling",
        Class::Separating => "separating",
        Class::PartlyPooling => "partly pooling",
        Class::SemiSeparating => "semi-separating",
    }
}

/// The largest distance of log-odds at an information set from λ times the difference of payoffs, as the certificate finds these.
pub fn residual(tree: &Tree, answer: &Assessment, checked: &Certificate, lambda: f64) -> f64 {
    let mut most: f64 = 0.0;
    for (set, check) in checked.sets.iter().enumerate() {
        let first = tree.actions_of(set).start;
        for (action, value) in tree.actions_of(set).zip(&check.values) {
            let odds = answer.tremble[action] - answer.tremble[first];
            most = most.max((odds - lambda * (value - check.values[0])).abs());
        }
    }
    most
}
