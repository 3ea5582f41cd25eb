//! Random stories told in the case language, each number at its path: what no deal is worth to every type is what the
//! independent simulation says of the same story.

use detente_core::Search;
use std::fmt::Write;

use detente::{Overrides, Plan, Stream};
use detente_lens::Stage;

use crate::expected::{Rule, expected};
use crate::stories::{FEATURES, random_story};
use crate::story::{Mind, Pattern, Story};

/// Random stories.
const STORIES: u64 = 40;

fn choice(package: &[usize]) -> String {
    let chosen = package
        .iter()
        .enumerate()
        .map(|(k, o)| format!("i{k} = \"o{o}\""));
    format!("{{ {} }}", chosen.collect::<Vec<_>>().join(", "))
}

fn when(pattern: &Pattern) -> String {
    let listed = pattern.iter().map(|(k, options)| {
        let ids: Vec<String> = options.iter().map(|o| format!("\"o{o}\"")).collect();
        format!("i{k} = [{}]", ids.join(", "))
    });
    format!("{{ {} }}", listed.collect::<Vec<_>>().join(", "))
}

/// A type's own numbers, as keys of its table or of its party's. A leader that does not matter stands for none.
fn own_numbers(mind: &Mind, text: &mut String) -> std::fmt::Result {
    writeln!(text, "patience = {:?}", mind.patience)?;
    writeln!(text, "burden = {:?}", mind.burden)?;
    writeln!(text, "scar = {:?}", mind.scar)?;
    writeln!(text, "escalation_cost = {:?}", mind.escalation_cost)?;
    writeln!(text, "believes.edge = {:?}", mind.edge)?;
    writeln!(text, "believes.own_sd = {:?}", mind.doubt)?;
    writeln!(text, "believes.escalation = {:?}", mind.escalation)?;
    for (k, (weight, values)) in mind.weights.iter().zip(&mind.values).enumerate() {
        writeln!(text, "issue.i{k}.weight = {weight:?}")?;
        for (o, value) in values.iter().enumerate() {
            writeln!(text, "issue.i{k}.value.o{o} = {value:?}")?;
        }
    }
    let leader = mind.leader.as_ref();
    let (legacy, office) = leader.map_or((0.0, 0.0), |leader| (leader.legacy, leader.office));
    writeln!(text, "leader.legacy = {legacy:?}")?;
    writeln!(text, "leader.office = {office:?}")?;
    for feature in FEATURES {
        let mut fates = leader.iter().flat_map(|leader| &leader.fates);
        let stated = fates.find(|(key, _)| *key == feature);
        let (share, chance) = stated.map_or((0.0, 0.0), |(_, f)| (f.legacy, f.loses_office));
        writeln!(
            text,
            "leader.if.{feature} = {{ legacy = {share:?}, loses_office = {chance:?} }}"
        )?;
    }
    Ok(())
}

/// The story as a case text.
fn told(story: &Story) -> Result<String, std::fmt::Error> {
    let mut owned = String::from("[case]\nname = \"A story\"\nas_of = 2024-06-01\n");
    let text = &mut owned;
    for (k, count) in story.options.iter().enumerate() {
        writeln!(text, "[issue.i{k}]\nstatus_quo = \"o0\"")?;
        for o in 0..*count {
            writeln!(text, "[issue.i{k}.option.o{o}]")?;
            if let Some(position) = story.positions.get(o).filter(|_| k == story.line_issue) {
                position.map_or(Ok(()), |x| writeln!(text, "position = {x:?}"))?;
            }
            if story.dictated == Some((k, o)) {
                writeln!(text, "imposed = true")?;
            }
        }
    }
    for (p, party) in story.parties.iter().enumerate() {
        let side = ["A", "B", "none"][party.side.unwrap_or(2)];
        let role = if p < 2 { "belligerent" } else { "patron" };
        writeln!(
            text,
            "[party.p{p}]\nside = \"{side}\"\nroles = [\"{role}\"]"
        )?;
        let minds: Vec<&Mind> = story.minds.iter().filter(|m| m.party == p).collect();
        // What the party states, its types override.
        own_numbers(minds[0], text)?;
        for (i, pattern) in party.together.iter().enumerate() {
            writeln!(
                text,
                "[party.p{p}.interaction.i{i}]\nsays = \"Together.\"\nwhen = {}\nworth = {:?}",
                when(pattern),
                minds[0].together[i]
            )?;
        }
        for (i, (pattern, price)) in party.lines.iter().enumerate() {
            writeln!(
                text,
                "[party.p{p}.redline.r{i}]\nsays = \"Dear.\"\nkind = \"soft\"\nwhen = {}\npenalty = {price:?}",
                when(pattern)
            )?;
        }
        if minds.len() > 1 {
            for (t, mind) in minds.iter().enumerate() {
                writeln!(text, "[party.p{p}.type.t{t}]\nprior = 0.5")?;
                own_numbers(mind, text)?;
                for (i, worth) in mind.together.iter().enumerate() {
                    writeln!(text, "interaction.i{i}.worth = {worth:?}")?;
                }
            }
        }
    }
    contest(story, text)?;
    Ok(owned)
}

fn contest(story: &Story, text: &mut String) -> std::fmt::Result {
    let war = &story.war;
    writeln!(
        text,
        "[contest]\nline_issue = \"i{}\"\nunit = \"km2\"\nhorizon = {}",
        story.line_issue, war.horizon
    )?;
    for (key, number) in [
        ("edge", war.edge),
        ("pace", war.pace),
        ("volatility", war.volatility),
        ("start", war.start),
        ("decisive", war.decisive),
        ("decisive_slope", war.decisive_slope),
        ("other_end", war.other_end),
        ("escalation", war.escalation),
        ("escalation_slope", war.escalation_slope),
    ] {
        writeln!(text, "{key} = {number:?}")?;
    }
    let weapon = war.weapon.map_or("none", |side| ["A", "B"][side]);
    writeln!(text, "weapon = \"{weapon}\"")?;
    let supply = |n: usize, j: usize| format!("contest.supply.n{n}_{j}");
    for (n, nest) in war.nests.iter().enumerate() {
        let side = ["A", "B"][nest.side];
        let (weight, rho) = (nest.weight, nest.rho);
        writeln!(
            text,
            "[contest.nest.n{n}]\nside = \"{side}\"\nweight = {weight:?}\nsubstitution = {rho:?}"
        )?;
        for (j, c) in nest.contributions.iter().enumerate() {
            writeln!(
                text,
                "[{}]\nfrom = \"p0\"\nnest = \"n{n}\"\nshare = {:?}\nlevel = {:?}\nbuffer = {:?}\nramp = {:?}",
                supply(n, j),
                c.share,
                c.level,
                c.buffer,
                c.ramp
            )?;
        }
    }
    for (side, capacity) in ["A", "B"].into_iter().zip(&war.depletion) {
        let (from, low) = (capacity.from_month, capacity.low);
        writeln!(
            text,
            "[contest.capacity.{side}]\nfrom_month = {from:?}\nlow = {low:?}"
        )?;
    }
    for (key, package) in [
        ("unsettled", &story.unsettled),
        ("ending.a_decisive", &story.decisive[0]),
        ("ending.b_decisive", &story.decisive[1]),
        ("ending.armistice", &story.armistice),
    ] {
        writeln!(text, "[contest.{key}]\nchoose = {}", choice(package))?;
    }
    let levers = war.levers.iter().zip(&story.run).zip(&story.flow_costs);
    for (l, ((lever, on), costs)) in levers.enumerate() {
        // The language refuses a lever that changes nothing.
        if lever.sets.is_empty() && costs.is_empty() && lever.escalation == 0.0 {
            continue;
        }
        writeln!(
            text,
            "[lever.l{l}]\nby = \"p0\"\nkind = \"stick\"\ntrigger = \"now\"\non = {on}\ndelay = {:?}\ncost = 7\nescalation = {:?}",
            lever.delay, lever.escalation
        )?;
        for (party, cost) in costs {
            writeln!(text, "flow_cost.p{party} = {cost:?}")?;
        }
        if !lever.sets.is_empty() {
            writeln!(text, "[lever.l{l}.sets]")?;
        }
        for (n, j, level) in &lever.sets {
            writeln!(text, "\"{}.level\" = {level:?}", supply(*n, *j))?;
        }
    }
    Ok(())
}

#[test]
fn stories_told_in_the_language_agree_with_the_simulation() {
    let rule = Rule::plain(400);
    let (mut largest, mut types): (f64, usize) = (0.0, 0);
    for seed in 0..STORIES {
        let story = random_story(seed);
        let text = told(&story).expect("a string takes anything");
        let checked = detente::check("story", &text);
        let case = checked
            .case
            .unwrap_or_else(|| panic!("story {seed}: {:#?}\n{text}", checked.diagnostics));
        let plan = Plan::new(&case);
        let world = plan.world(&plan.uniforms(Stream::default(), 0), &Overrides::default());
        let mut stage = Stage::default();
        let scene = stage.set(&plan.setting, &world, Search::None);
        assert_eq!(plan.setting.types.len(), story.minds.len());
        for t in 0..story.minds.len() {
            let value = scene.reservation(t).expect("declared");
            let own = expected(&story.seen_by(t), &rule).values[0];
            let gap = (value - own).abs();
            assert!(
                gap < 0.003,
                "story {seed}, type {t}: {value}, not {own}\n{text}"
            );
            largest = largest.max(gap);
            types += 1;
        }
    }
    println!("{types} types of {STORIES} stories: {largest:.2e} points at most");
}
