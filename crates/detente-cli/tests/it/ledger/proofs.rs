//! A ledger that somebody changed, and shares that are proved by running again.

use detente::ledger::{self, What};

use super::{JUDGEMENTS, SIGN, done, no, run, strip, text};
use crate::{detente, refused, stderr, stdout};

#[test]
fn what_somebody_did_to_a_ledger_is_named_and_nothing_is_added_to_it() {
    let at = strip("ledger-spoilt");
    for _ in 0..3 {
        done(&at, SIGN, &[]);
    }
    let whole = text(&at);
    let head = whole.rsplit("hash = \"").next().unwrap()[..64].to_owned();
    let second = whole.match_indices("[[entry]]").nth(1).unwrap().0;
    let third = whole.rfind("\n[[entry]]").unwrap();
    let changed =
        whole[..second].to_owned() + &whole[second..].replacen("armistice", "Armistice", 1);
    let removed = whole[..second].to_owned() + whole[third..].trim_start();
    let line = |text: &str, at: usize| text[..at].lines().count() + 1;
    for (spoilt, code, named) in [
        (
            &changed,
            "D1001",
            format!(
                "entry 2 on line {} is not as it was written",
                line(&whole, second)
            ),
        ),
        (
            &removed,
            "D1002",
            format!(
                "entry 2 was taken out before entry 3 on line {}",
                line(&whole, second)
            ),
        ),
        (
            &whole.replace("seed = \"1\"", "seed = 1"),
            "D0203",
            "a text in quotes".into(),
        ),
        (&whole[..third - 40].to_owned(), "D0104", "not TOML".into()),
    ] {
        std::fs::write(at.join("strip/ledger.toml"), spoilt).unwrap();
        refused(&at, &["check", "strip/ledger.toml"], code);
        for words in [
            "verify strip",
            "list strip",
            "score strip",
            SIGN,
            "resolve strip --evidence",
        ] {
            let said = no(&at, words, &[], code);
            assert!(said.contains(&named), "{words}: {said}");
        }
        assert_eq!(&text(&at), spoilt, "nothing is added to what does not hold");
    }
    // Cut off, the chain holds; a head that was quoted tells.
    let cut = &whole[..third];
    std::fs::write(at.join("strip/ledger.toml"), cut).unwrap();
    done(&at, "verify strip --chain", &[]);
    let said = no(&at, "verify strip --chain", &["--head", &head], "D1003");
    assert!(said.contains("cut off after entry 2"), "{said}");
    std::fs::write(at.join("strip/ledger.toml"), &whole).unwrap();
    done(&at, "verify strip --chain", &["--head", &head[..12]]);
    let check = detente(&at, &["check", "strip/ledger.toml"]);
    assert!(
        stdout(&check).contains("holds: 3 entries"),
        "{}",
        stdout(&check)
    );
}

#[test]
fn a_share_is_proved_from_the_texts_that_were_signed_and_from_no_others() {
    let at = strip("ledger-texts");
    done(&at, SIGN, &[]);
    let case = at.join("strip/case.toml");
    let whole = std::fs::read_to_string(&case).unwrap();
    std::fs::write(
        &case,
        whole.replacen("burden = \"10 to 22\"", "burden = \"10 to 23\"", 1) + "\n# later\n",
    )
    .unwrap();
    std::fs::write(
        at.join("strip/extra.toml"),
        "[reading.later]\nset = { \"contest.edge\" = 0.1 }\n",
    )
    .unwrap();
    let output = run(&at, "verify strip", &[]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let said = stdout(&output);
    for words in [
        "case.toml changed since it was signed",
        "extra.toml was not there",
        "cannot be re-computed from these texts",
    ] {
        assert!(said.contains(words), "{said}");
    }
    assert!(
        stderr(&output).contains("1 of 1 signed shares"),
        "{}",
        stderr(&output)
    );
    // The same ledger beside the texts as they were.
    std::fs::create_dir(at.join("old")).unwrap();
    std::fs::write(at.join("old/case.toml"), &whole).unwrap();
    std::fs::write(at.join("old/judgements.toml"), JUDGEMENTS).unwrap();
    done(&at, "verify old --ledger strip/ledger.toml", &[]);

    // Copies that are kept prove it when the case has gone on.
    done(&at, SIGN, &["--keep"]);
    std::fs::remove_file(at.join("strip/extra.toml")).unwrap();
    std::fs::write(&case, &whole).unwrap();
    let said = done(&at, "verify strip", &[]);
    assert!(
        said.contains("comes out bit for bit from the copies that were kept"),
        "{said}"
    );
    // A copy that was touched is no proof.
    for copy in std::fs::read_dir(at.join("strip/ledger.texts")).unwrap() {
        let copy = copy.unwrap().path();
        let text = std::fs::read_to_string(&copy).unwrap();
        std::fs::write(&copy, text + "\n").unwrap();
    }
    let output = run(&at, "verify strip", &[]);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
}

/// Whoever knows how to hash can write what they like; running it again finds it out.
#[test]
fn a_share_that_never_came_out_is_found_by_running_again() {
    let at = strip("ledger-forged");
    done(&at, SIGN, &[]);
    let (sound, ..) = ledger::read("ledger.toml", &text(&at));
    let forge = |change: &dyn Fn(&mut ledger::Model)| {
        let entry = &sound.as_ref().unwrap().entries[0];
        let What::Signed(mut signed) = entry.what.clone() else {
            panic!("a forecast")
        };
        change(signed.model.as_mut().unwrap());
        let forged = ledger::append(&ledger::Ledger::default(), &What::Signed(signed));
        std::fs::write(
            at.join("strip/ledger.toml"),
            ledger::HEAD.to_owned() + &forged.text,
        )
        .unwrap();
        run(&at, "verify strip", &[])
    };
    let bit = forge(&|model| model.share = f64::from_bits(model.share.to_bits() ^ 1));
    assert_eq!(bit.status.code(), Some(1));
    assert!(
        stdout(&bit).contains("does not come out"),
        "{}",
        stdout(&bit)
    );
    assert_eq!(forge(&|model| model.told -= 1).status.code(), Some(1));
    assert_eq!(forge(&|model| model.seed = 2).status.code(), Some(1));
    let version = forge(&|model| model.version = "0.0.9".into());
    assert!(version.status.success(), "the bits are the same");
    assert!(
        stdout(&version).contains("signed by detente 0.0.9, this is"),
        "{}",
        stdout(&version)
    );
    let build = forge(&|model| model.build = "ab".repeat(32));
    assert!(
        stdout(&build).contains("signed by another build of detente"),
        "{}",
        stdout(&build)
    );
    assert!(forge(&|_| {}).status.success());
}
