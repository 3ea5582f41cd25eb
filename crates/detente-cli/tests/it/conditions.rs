//! What is put over a case is checked as the case is, and the files of a case are all or none.

use std::path::Path;

use crate::{detente, first_case, folder, refused, stderr, stdout};

fn with(at: &Path, change: impl FnOnce(String) -> String) {
    let text = std::fs::read_to_string(Path::new(&first_case()).join("case.toml")).unwrap();
    let changed = change(text.clone());
    assert_ne!(changed, text);
    std::fs::write(at.join("case.toml"), changed).unwrap();
}

fn set(numbers: &[&str]) -> Vec<String> {
    let options = numbers
        .iter()
        .flat_map(|n| ["--set".to_owned(), (*n).to_owned()]);
    options.collect()
}

#[test]
fn numbers_set_for_a_run_are_checked_with_those_that_stand() {
    let at = folder("conditions-set");
    let case = first_case();
    let weights: Vec<String> = ["border", "harbour", "guarantee"]
        .iter()
        .map(|issue| format!("party.south.issue.{issue}.weight=0"))
        .collect();
    let weights: Vec<&str> = weights.iter().map(String::as_str).collect();
    for (numbers, expected) in [
        (&weights[..], "[party.south] does not care about any issue"),
        (
            &[
                "party.north.type.merchants.prior=0",
                "party.north.type.generals.prior=0",
            ],
            "the priors of the types of `north` are all zero",
        ),
        (
            &[
                "contest.supply.south.share=0",
                "contest.supply.mediator_arms.share=0",
            ],
            "the shares of the contributions to `arms` are all zero",
        ),
        (
            &["issue.border.option.contact.position=40"],
            "lie at the same position",
        ),
    ] {
        let options = set(numbers);
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        for command in [
            &["report", &case][..],
            &["run", &case],
            &["draw", &case],
            &["bench", &case],
            &["why", &case, "north", "north_demand"],
        ] {
            let said = refused(&at, &[command, &options].concat(), expected);
            let last = numbers.last().unwrap();
            assert!(
                said.contains("--> --set:1") && said.contains(last),
                "{said}"
            );
        }
    }
    // One weight less is no fault.
    let options = set(&weights[1..]);
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let args = [&["draw", &case, "--worlds", "2"], &options[..]].concat();
    assert!(detente(&at, &args).status.success());
}

#[test]
fn a_reading_beside_what_is_set_and_two_readings_together_are_checked() {
    let at = folder("conditions-readings");
    with(&at, |text| {
        text + "\n[reading.no_merchants]\nset.\"party.north.type.merchants.prior\" = 0\n\
                [reading.no_generals]\nset.\"party.north.type.generals.prior\" = 0\n"
    });
    assert!(detente(&at, &["check", "case.toml"]).status.success());
    let both = "no_merchants,no_generals";
    let said = refused(
        &at,
        &["draw", "case.toml", "-r", both],
        "all zero under the readings `no_merchants` and `no_generals`",
    );
    assert!(
        said.contains("case.toml:") && said.contains("prior\" = 0"),
        "{said}"
    );
    for reading in ["no_merchants", "no_generals"] {
        assert!(
            detente(&at, &["draw", "case.toml", "-r", reading])
                .status
                .success()
        );
    }
    // A report runs the other readings too, and says so before it begins.
    let set = [
        "report",
        "case.toml",
        "--set",
        "party.north.type.merchants.prior=0",
    ];
    let said = refused(&at, &set, "all zero under the reading `no_generals`");
    assert!(
        said.contains("--set:1") && said.contains("case.toml:"),
        "{said}"
    );
    let alone = [
        "draw",
        "case.toml",
        "--set",
        "party.north.type.merchants.prior=0",
    ];
    assert!(detente(&at, &alone).status.success());
}

#[test]
fn an_expert_heard_alone_is_checked_where_the_expert_speaks() {
    let at = folder("conditions-expert");
    with(&at, |text| {
        let experts = "{ experts = [{ by = 'Ada', value = 40 }, { by = 'Ben', value = '20 to 30' }, { by = 'Cem', value = '10 to 15' }] }";
        text.replacen(
            "name = \"Where the armies stand\"\nposition = 0",
            &format!("name = \"Here\"\nposition = {experts}"),
            1,
        )
        .replacen(
            "position = { value = 40, source = [\"atlas\"] }",
            "position = { experts = [{ by = 'Ada', value = 40 }, { by = 'Ben', value = 50 }] }",
            1,
        )
    });
    // As the case stands both may lie at 40, in a sixth of all worlds.
    let said = refused(
        &at,
        &["check", "case.toml"],
        "lie at the same position in about 17 of 100 worlds",
    );
    assert!(said.contains("D0506"), "{said}");
    with(&at, |text| {
        let experts = "{ experts = [{ by = 'Ada', value = '-9 to 89' }, { by = 'Ben', value = '20 to 30' }] }";
        text.replacen(
            "name = \"Where the armies stand\"\nposition = 0",
            &format!("name = \"Here\"\nposition = {experts}"),
            1,
        )
    });
    assert!(detente(&at, &["check", "case.toml"]).status.success());
    let said = refused(
        &at,
        &["draw", "case.toml", "--expert", "Ada"],
        "lie at the same position",
    );
    assert!(said.contains("{ by = 'Ada'"), "{said}");
    assert!(
        detente(&at, &["draw", "case.toml", "--expert", "Ben"])
            .status
            .success()
    );
}

#[test]
fn a_claim_that_no_world_can_have_there_is_untold_there() {
    let at = folder("conditions-claims");
    with(&at, |text| {
        text + "\n[lever.arms_surge]\nby = \"mediator\"\nkind = \"pressure\"\ntrigger = \"now\"\non = false\n\
                sets.\"contest.supply.mediator_arms.level\" = 1.5\n\
                [claim.surge]\nsays = \"x\"\nby = \"y\"\nholds_when = \"party.north.burden > 15\"\n\
                with = { \"lever.arms_surge.on\" = true, \"lever.arms_taper.on\" = false }\n\
                [claim.ratio]\nsays = \"x\"\nby = \"y\"\nholds_when = \"1 / (party.north.scar - party.north.scar) > 0\"\n\
                [claim.levers]\nsays = \"x\"\nby = \"y\"\nholds_when = \"party.north.burden > 15\"\n\
                with = { \"lever.arms_surge.on\" = true }\n"
    });
    let said = refused(&at, &["check", "case.toml"], "D0507");
    assert!(said.contains("with what the claim `levers` sets"), "{said}");
    with(&at, |text| {
        // Under the reading the taper does not run; under `both` the surge does.
        text.replace(
            "trigger = \"now\"\ndelay",
            "trigger = \"now\"\non = false\ndelay",
        ) + "\n[lever.arms_surge]\nby = \"mediator\"\nkind = \"pressure\"\ntrigger = \"now\"\non = false\n\
               sets.\"contest.supply.mediator_arms.level\" = 1.5\n\
               [reading.taper]\nset.\"lever.arms_taper.on\" = true\n\
               [claim.surge]\nsays = \"x\"\nby = \"y\"\nholds_when = \"party.north.burden > 15\"\n\
               with = { \"lever.arms_surge.on\" = true }\n\
               [claim.ratio]\nsays = \"x\"\nby = \"y\"\nholds_when = \"1 / (party.north.scar - party.north.scar) > 0\"\n"
    });
    let check = detente(&at, &["check", "case.toml"]);
    assert!(check.status.success(), "{}", stderr(&check));
    assert!(stderr(&check).contains("D0719"), "{}", stderr(&check));
    let small = [
        "--worlds",
        "64",
        "--searches",
        "2",
        "--json",
        "-o",
        "page.html",
    ];
    let report = detente(&at, &[&["report", "case.toml"][..], &small].concat());
    assert!(report.status.success(), "{}", stderr(&report));
    assert!(
        stderr(&report).contains("claim `surge` is not told there"),
        "{}",
        stderr(&report)
    );
    let json: serde_json::Value = serde_json::from_slice(&report.stdout).unwrap();
    let claim = |id: &str| {
        let claims = json["claims"].as_array().unwrap().iter();
        claims
            .clone()
            .find(|claim| claim["id"] == id)
            .unwrap()
            .clone()
    };
    let surge = claim("surge");
    assert_eq!(surge["share"]["not_told"], 0);
    let under = &surge["readings"]["taper"];
    assert_eq!(
        (&under["not_told"], &under["holds"]["n"]),
        (&under["worlds"], &0.into())
    );
    let ratio = claim("ratio");
    assert_eq!(ratio["share"]["not_told"], ratio["share"]["worlds"]);
    assert_eq!(ratio["share"]["holds"]["value"], serde_json::Value::Null);
    let page = std::fs::read_to_string(at.join("page.html")).unwrap();
    assert!(page.contains("could not be told") || page.contains("not told"));
}

#[test]
fn files_of_a_folder_are_read_refused_or_nobodys() {
    let at = folder("conditions-files");
    std::fs::create_dir(at.join("strip")).unwrap();
    let put = |name: &str, text: &str| std::fs::write(at.join("strip").join(name), text).unwrap();
    let whole = std::fs::read_to_string(Path::new(&first_case()).join("case.toml")).unwrap();
    let cut = whole.find("[reading.time_is_souths]").unwrap();
    put("case.toml", &whole[..cut]);
    put("readings.TOML", &whole[cut..]);
    // What editors and systems leave behind is none of the case's.
    for name in [
        "._case.toml",
        ".#readings.toml",
        ".hidden.toml",
        "readings.toml~",
        "#readings.toml#",
    ] {
        put(name, "this is [not TOML");
    }
    let check = detente(&at, &["check", "strip"]);
    assert!(check.status.success(), "{}", stderr(&check));
    assert!(stdout(&check).contains("2 readings"), "{}", stdout(&check));
    std::fs::create_dir(at.join("strip/more.toml")).unwrap();
    refused(&at, &["check", "strip"], "more.toml is not a file");
    std::fs::remove_dir(at.join("strip/more.toml")).unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere", at.join("strip/more.toml")).unwrap();
        refused(&at, &["check", "strip"], "more.toml cannot be opened");
        std::fs::remove_file(at.join("strip/more.toml")).unwrap();
        // As an editor marks a file that it has open.
        std::os::unix::fs::symlink("me@here.4711", at.join("strip/.#case.toml")).unwrap();
        assert!(detente(&at, &["check", "strip"]).status.success());
        unreadable(&at);
    }
}

#[cfg(unix)]
fn unreadable(at: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |name: &str, mode: u32| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(at.join(name), permissions).unwrap();
    };
    // The superuser reads anything.
    mode("strip", 0o300);
    let superuser = std::fs::read_dir(at.join("strip")).is_ok();
    if !superuser {
        refused(at, &["check", "strip"], "strip cannot be listed");
    }
    mode("strip", 0o755);
    mode("strip/readings.TOML", 0o000);
    if !superuser {
        refused(at, &["check", "strip"], "readings.TOML cannot be read");
    }
    mode("strip/readings.TOML", 0o644);
}

/// What is set for a run and a lever that runs now sets too holds until then, which is said, and nothing else is.
#[test]
fn what_a_running_lever_takes_over_is_noted() {
    let at = folder("conditions-taken-over");
    with(&at, |text| text + "\n# As it ships.\n");
    let noted = |set: &[&str]| {
        let why = ["why", "case.toml", "south", "mediators_terms"];
        let said = detente(&at, &[&why[..], set].concat());
        assert!(said.status.success(), "{}", stderr(&said));
        stderr(&said)
    };
    let set = "contest.supply.mediator_arms.level=1.3";
    let said = noted(&["--set", set]);
    assert!(
        said.contains("is also set by the lever `arms_taper`")
            && said.contains("which runs now and takes over from month "),
        "{said}"
    );
    let off = noted(&["--set", set, "--set", "lever.arms_taper.on=false"]);
    assert!(!off.contains("takes over"), "{off}");
    assert!(!noted(&["--set", "contest.edge=0.1"]).contains("takes over"));
}
