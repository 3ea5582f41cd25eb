//! What is asked for of cases whose answers are known.

use detente_case::{Asked, Case};
use detente_evidence::{Asking, RunOptions, Topic, Verdict};
use detente_math::{normal_cdf, normal_quantile};

use super::{About, NoAsking, asking, most_together, surely};
use crate::check;
use crate::run::Ignored;

/// A seller and a buyer; the first alone decides, by what no deal is worth to it.
const PRICE: &str = r#"
[case]
name = "A price"
as_of = 2024-06-01
[issue.price]
status_quo = "low"
option = { low = {}, middle = {}, high = {} }
[party.seller]
roles = ["principal"]
reservation = "30 to 70"
issue.price = { weight = 1, value = { low = 0, middle = 0.55, high = 1 } }
[party.buyer]
roles = ["principal"]
reservation = "5 to 10"
issue.price = { weight = 1, value = { low = 1, middle = "45% to 60%", high = 0 } }
[package.middle]
choose = { price = "middle" }
[claim.dear]
says = "No deal is worth much to the seller."
holds_when = "settlement.margin[seller, middle] < -5"
[claim.sum]
says = "To both together it is worth much."
holds_when = "settlement.margin[seller, middle] - 4 * party.buyer.reservation < -25"
[claim.stated]
says = "It is as it is stated."
holds_when = "party.seller.reservation > 60"
[claim.good]
says = "It would be good."
not_computable = "A statement of value."
"#;

fn case(text: &str) -> Case {
    let checked = check("case.toml", text);
    checked
        .case
        .unwrap_or_else(|| panic!("{:?}", checked.diagnostics))
}

fn options(worlds: usize) -> RunOptions {
    RunOptions {
        worlds,
        searches: 0,
        solutions: 0,
        ..RunOptions::default()
    }
}

fn ask(case: &Case, about: &About) -> Asking {
    asking(case, &[], about, options(1024), &Ignored).unwrap()
}

/// What a question gains by a number alone, and what of all that numbers are worth together is owed to it; nothing where it cannot be told
/// from nothing.
fn worth(asking: &Asking, question: usize, path: &str) -> [f64; 2] {
    let gains = &asking.questions[question].gains;
    let gain = gains.iter().find(|gain| gain.path == path);
    gain.map_or([0.0; 2], |gain| {
        let told = |told: bool, of: f64| if told { of } else { 0.0 };
        [
            told(gain.alone_told, gain.alone.value),
            told(gain.told, gain.worth.value),
        ]
    })
}

#[test]
fn the_number_that_decides_is_asked_for_first() {
    let case = case(PRICE);
    let asking = ask(&case, &About::Everything);
    let topics: Vec<&Topic> = asking.questions.iter().map(|q| &q.of).collect();
    assert!(matches!(
        topics[..],
        [
            Topic::Headline(0),
            Topic::Blocker(0),
            Topic::Claim(..),
            Topic::Claim(..)
        ]
    ));
    // A claim that compares inputs alone asks for nothing but itself; one that cannot be tested is named.
    assert_eq!(asking.untested, [3]);
    assert_eq!(asking.stated, ["stated"]);
    // The seller signs if no deal is worth less than 55 to it, and nothing else matters: whoever knows it is always right.
    let [headline, blocker, dear, sum] = &asking.questions[..] else {
        panic!("{topics:?}");
    };
    let seller = "party.seller.reservation";
    for (place, question) in [headline, blocker, dear].into_iter().enumerate() {
        let right = question.right().value;
        let [alone, part] = worth(&asking, place, seller);
        assert!((0.55..0.99).contains(&right), "{right}");
        assert!((right + alone - 1.0).abs() < 0.02, "{right} {alone}");
        // A cubic cannot be a step, and finds most of it.
        assert!((right + part - 1.0).abs() < 0.06, "{right} {part}");
        assert!((question.together.value - part).abs() < 1e-9);
        assert!((right + question.all.value - 1.0).abs() < 1e-9);
        assert_eq!(question.told().count(), 1, "{:?}", question.gains);
        assert_eq!(question.worlds, 1024);
    }
    assert_eq!(headline.verdicts[headline.said].0, Verdict::Yes);
    assert_eq!(blocker.verdicts[blocker.said].0, Verdict::Nobody);
    assert_eq!(dear.verdicts[dear.said].0, Verdict::No);
    // Two numbers matter to a sum, the one with the greater spread more.
    let gains = [seller, "party.buyer.reservation"].map(|path| worth(&asking, 3, path)[1]);
    assert!(gains[0] > gains[1], "{gains:?}");
    assert!(
        (gains[0] + gains[1] - sum.together.value).abs() < 0.01,
        "{gains:?}"
    );
    assert!(sum.together.value <= sum.all.value);
    let order: Vec<&str> = asking.order().collect();
    assert_eq!(order[0], seller);
    let first = &asking.numbers[0];
    assert!((first.now[0] - 30.0).abs() < 1e-9 && (first.now[2] - 70.0).abs() < 1e-9);
    assert_eq!(first.questions.len(), 4);
    // What a package's value for the buyer is reaches no answer.
    assert!(
        order.iter().all(|path| !path.contains("value")),
        "{order:?}"
    );
}

#[test]
fn one_claim_or_one_chance_may_be_asked_about() {
    let case = case(&format!(
        "{PRICE}[judgement.a]\nsays = \"x\"\nby = \"A\"\non = 2024-06-01\nprobability = 0.5\nrule = \"r\"\ndue = 2025-01-01\n\
         quantity = \"settlement.agreed[middle]\"\n\
         [judgement.b]\nsays = \"x\"\nby = \"A\"\non = 2024-06-01\nprobability = 0.5\nrule = \"r\"\ndue = 2025-01-01\n\
         quantity = \"settlement.margin[seller, middle]\"\n"
    ));
    let all = ask(&case, &About::Everything);
    let one = ask(&case, &About::Claim(0));
    assert_eq!(one.questions.len(), 1);
    assert_eq!(one.questions[0].gains, all.questions[2].gains);
    // Asked for by name, a claim of inputs alone is told like others.
    let stated = ask(&case, &About::Claim(2));
    assert!(stated.stated.is_empty() && stated.untested.is_empty());
    let gain = &stated.questions[0].gains[0];
    assert_eq!(gain.path, "party.seller.reservation");
    let right = stated.questions[0].right().value;
    assert!((right + gain.alone.value - 1.0).abs() < 0.02);
    let chance = |j: usize| match &case.judgements[j].asks {
        Some(Asked::Amount(amount)) => About::Chance(Box::new(amount.clone()), "it".to_owned()),
        other => panic!("{other:?}"),
    };
    let signed = ask(&case, &chance(0));
    assert_eq!(signed.questions[0].gains, all.questions[0].gains);
    let no = asking(&case, &[], &chance(1), options(64), &Ignored).unwrap_err();
    assert!(matches!(no, NoAsking::NoChance(_)), "{no}");
    let no = asking(&case, &[], &About::Claim(3), options(64), &Ignored).unwrap_err();
    assert!(no.to_string().contains("A statement of value"), "{no}");
    let reading = ["none".to_owned()];
    let no = asking(&case, &reading, &About::Everything, options(64), &Ignored).unwrap_err();
    assert!(matches!(no, NoAsking::Reading(_)));
}

/// Two who must sign, each by a normal number of its own: what knowing one of these is worth to the verdict has a closed form. Whoever knows that
/// one of them does not sign is always right; whoever knows that it does is right as often as the other does what it mostly does.
#[test]
fn what_a_number_is_worth_to_a_signature_is_its_closed_form() {
    let text = PRICE.replace("reservation = \"5 to 10\"", "reservation = \"20 to 60\"");
    let text = text.replace("middle = \"45% to 60%\"", "middle = 0.5");
    let case = case(&text);
    let all = asking(&case, &[], &About::Everything, options(4096), &Ignored).unwrap();
    let spread = 20.0 / normal_quantile(0.95);
    let seller = normal_cdf((55.0 - 50.0) / spread);
    let buyer = normal_cdf((50.0 - 40.0) / spread);
    let right = f64::max(seller * buyer, 1.0 - seller * buyer);
    let headline = &all.questions[0];
    assert!((headline.right().value - right).abs() < 0.02);
    for (path, own, other) in [
        ("party.seller.reservation", seller, buyer),
        ("party.buyer.reservation", buyer, seller),
    ] {
        let exact = 1.0 - own + own * f64::max(other, 1.0 - other) - right;
        let gain = headline
            .gains
            .iter()
            .find(|gain| gain.path == path)
            .unwrap();
        let off = (gain.alone.value - exact).abs();
        assert!(
            gain.alone_told && off < 4.0 * gain.alone.error + 0.005 && off < 0.03,
            "{path}: {:?}, {exact}",
            gain.alone
        );
    }
}

/// Worlds that a record weighs down are worth fewer that count alike, and fewer numbers can be looked at together.
#[test]
fn numbers_are_looked_at_together_as_far_as_worlds_count_alike() {
    for (effective, told, most) in [
        (2048.0, 2048, 24),
        (200.0, 2048, 5),
        (2048.0, 100, 2),
        (16.0, 2048, 0),
    ] {
        assert_eq!(most_together(effective, told), most, "{effective} {told}");
    }
}

/// A verdict that no number can turn is worth asking nobody about, however much numbers move the share.
#[test]
fn a_sure_answer_needs_no_expert() {
    let text = PRICE.replace("reservation = \"30 to 70\"", "reservation = \"1 to 3\"");
    let text = text.replace("middle = 0.55", "middle = \"40% to 70%\"");
    let case = case(&text);
    let asking = ask(&case, &About::Everything);
    assert!(asking.questions[0].constant && asking.questions[0].gains.is_empty());
    // Numbers that nobody vouches for and that are exact all the same are named, ends of scales are not.
    let buyer = "party.buyer.reservation".to_owned();
    assert!(
        !asking.exact.contains(&buyer) && asking.exact.iter().all(|path| !path.contains("value"))
    );
    let text = text.replace("reservation = \"5 to 10\"", "reservation = 7");
    let asking = ask(&self::case(&text), &About::Everything);
    assert!(asking.exact.contains(&buyer), "{:?}", asking.exact);
}

#[test]
fn threads_and_runs_change_nothing() {
    let case = case(PRICE);
    let one = RunOptions {
        threads: Some(1),
        ..options(256)
    };
    let two = RunOptions {
        threads: Some(2),
        ..options(256)
    };
    let [one, two] = [one, two]
        .map(|options| asking(&case, &[], &About::Everything, options, &Ignored).unwrap());
    for (a, b) in one.questions.iter().zip(&two.questions) {
        assert_eq!(a.gains, b.gains);
    }
}

/// Quantiles of Student's t with fifteen degrees of freedom, from tables.
#[test]
fn how_sure_is_sure() {
    for (doubt, known) in [
        (0.05, 1.753),
        (0.025, 2.131),
        (0.005, 2.947),
        (0.0005, 4.073),
    ] {
        assert!(
            (surely(doubt) - known).abs() < 1e-3,
            "{doubt}: {}",
            surely(doubt)
        );
    }
}
