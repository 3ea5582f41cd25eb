//! What the `veto` lens found: the war after each refusal, and where on the map of supply the refuser holds.

use askama::Template;
use detente_case::Overrides;
use detente_core::{
    Fixed, Layout, MILESTONES, Row, Search, Setting, Side, Target, World, triggered_by,
};
use detente_lens::{LENSES, Lens, Stage, conformance};
use serde_json::json;

use super::{Study, Written};
use crate::reading::overrides_of;
use crate::run::Progress;
use crate::svg::contour::ContourMap;
use crate::svg::responsive;
use crate::words::{and_list, per_hundred, points, short};

/// Cells of the map each way.
const CELLS: usize = 15;
/// Months at which the table tells who is compelled.
const COMPELLED_BY: [usize; 3] = [6, 12, 24];

#[derive(Template)]
#[template(path = "section-veto.html")]
struct Page {
    finding: String,
    parties: Vec<String>,
    refusers: Vec<Refuser>,
    figures: Vec<Figure>,
}

struct Refuser {
    id: String,
    name: String,
    says: String,
    sided: bool,
    war: Option<String>,
    levers: Vec<Pulled>,
    rows: Vec<Line>,
}

struct Pulled {
    name: String,
    by: String,
    chance: String,
    assumed: bool,
}

struct Line {
    name: String,
    cells: Vec<String>,
    changes: Vec<String>,
}

struct Figure {
    id: String,
    title: String,
    svg: String,
    caption: String,
    xs: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
    readings: Vec<(String, String)>,
}

/// Parties that have a refusal table or whose refusal levers await, those that fight first.
fn refusing(study: &Study, world: &World) -> Vec<usize> {
    let setting = study.setting();
    let mut order: Vec<usize> = (0..setting.parties.len())
        .filter(|p| {
            let stated = setting.refusals.iter().any(|r| r.party == *p);
            stated || triggered_by(setting, world, *p).next().is_some()
        })
        .filter(|p| !setting.packages.is_empty() && mean(study, "fights_on", &[*p, 0]).is_finite())
        .collect();
    order.sort_by_key(|p| setting.parties[*p].side.is_none());
    order
}

pub(super) fn applies(study: &Study) -> bool {
    let world = study.plan.world(&study.plan.medians(), study.overrides);
    !refusing(study, &world).is_empty()
}

/// The section, if some party has a refusal table or levers await its refusal.
pub(super) fn section(study: &Study, _: &dyn Progress) -> Option<Written> {
    let setting = study.setting();
    let world = study.plan.world(&study.plan.medians(), study.overrides);
    let order = refusing(study, &world);
    let mut stage = Stage::default();
    let scene = stage.set(setting, &world, Search::None);
    let pulled = |l: usize| {
        let types = setting.parties[setting.levers[l].by].types.clone();
        let each = types.map(|t| world.numbers.types[t].prior * scene.refusals.chance(l, t));
        each.sum::<f64>()
    };
    let mut refusers = Vec::new();
    let mut data = serde_json::Map::new();
    for party in &order {
        let (refuser, json) = refuser(study, &world, *party, &pulled);
        data.insert(setting.parties[*party].id.clone(), json);
        refusers.push(refuser);
    }
    let (figures, maps): (Vec<_>, Vec<_>) = order
        .iter()
        .filter_map(|p| figure(study, &world, *p))
        .unzip();
    let sentences = order
        .iter()
        .filter_map(|p| sentence(study, *p))
        .collect::<Vec<_>>();
    let first = sentences.first().cloned();
    let finding = first.unwrap_or_else(|| untold(setting, &order));
    let page = Page {
        finding,
        parties: setting.parties.iter().map(|p| p.name.clone()).collect(),
        refusers,
        figures,
    };
    Some(Written {
        bottom_line: sentences.into_iter().map(|s| (s, "veto")).collect(),
        html: page.render().ok()?,
        json: json!({ "refusers": data, "maps": maps }),
    })
}

fn mean(study: &Study, quantity: &str, index: &[usize]) -> f64 {
    study.table.mean("veto", quantity, index).value
}

/// The place of a month in a quantity by milestone.
fn milestone(month: usize) -> usize {
    MILESTONES.iter().position(|m| *m == month).unwrap_or(0)
}

fn chance(x: f64) -> String {
    if x.is_nan() {
        "–".to_owned()
    } else {
        per_hundred(x)
    }
}

fn refuser(
    study: &Study,
    world: &World,
    party: usize,
    pulled: &dyn Fn(usize) -> f64,
) -> (Refuser, serde_json::Value) {
    let setting = study.setting();
    let me = &setting.parties[party];
    let sided = me.side.is_some() && setting.contest.is_some();
    let number = |x: f64| if x.is_nan() { json!(null) } else { json!(x) };
    let levers: Vec<(usize, bool)> = triggered_by(setting, world, party)
        .map(|l| {
            let given = world.fixed("leverage", "credibility", &[l]).is_some();
            (l, given || !world.numbers.levers[l].credibility.is_nan())
        })
        .collect();
    let mut packages = serde_json::Map::new();
    let mut rows = Vec::new();
    for (p, package) in setting.packages.iter().enumerate() {
        let refuses = mean(study, "fights_on", &[party, p]);
        let effective = mean(study, "effective", &[party, p]);
        let compelled = COMPELLED_BY.map(|m| mean(study, "compelled", &[party, p, milestone(m)]));
        let change = |other: usize| -> f64 {
            let types = setting.parties[other].types.clone();
            types
                .map(|t| world.numbers.types[t].prior * mean(study, "change", &[party, p, t]))
                .sum()
        };
        let changes: Vec<f64> = (0..setting.parties.len()).map(change).collect();
        let mut cells = vec![chance(refuses)];
        if sided {
            cells.push(chance(effective));
            cells.extend(compelled.map(chance));
        }
        rows.push(Line {
            name: package.name.clone(),
            cells,
            changes: changes.iter().map(|x| points(*x)).collect(),
        });
        let change = setting.parties.iter().zip(&changes);
        let change: serde_json::Map<_, _> = change
            .map(|(other, x)| (other.id.clone(), number(*x)))
            .collect();
        packages.insert(
            package.id.clone(),
            json!({
                "refuses": number(refuses),
                "effective": number(effective),
                "compelled": compelled.map(number),
                "change": change,
            }),
        );
    }
    let supply = [6, 12].map(|m| mean(study, "supply_after", &[party, milestone(m)]));
    let (holds, endures) = (
        mean(study, "holds", &[party]),
        mean(study, "endures", &[party]),
    );
    let table: serde_json::Map<_, _> = levers
        .iter()
        .map(|(l, assumed)| {
            let told = json!({ "chance": pulled(*l), "assumed": assumed });
            (setting.levers[*l].id.clone(), told)
        })
        .collect();
    let told = json!({
        "holds": number(holds),
        "endures": number(endures),
        "supply_after": supply.map(number),
        "levers_of_refusal": table,
        "packages_of_refusal": packages,
    });
    let stated = setting.refusals.iter().find(|r| r.party == party);
    let war = sided.then(|| {
        let held = if holds.is_nan() {
            "whether it holds is not told, since no line loss is stated".to_owned()
        } else {
            format!("it holds for 24 months with a chance of {} in 100", per_hundred(holds))
        };
        format!(
            "After its refusal the effort of its side is {} of today’s full rate at month 6 and {} at month 12; {held}; it endures \
             with a chance of {} in 100.",
            short(supply[0]),
            short(supply[1]),
            chance(endures)
        )
    });
    let refuser = Refuser {
        id: me.id.clone(),
        name: me.name.clone(),
        says: stated.map(|r| r.says.clone()).unwrap_or_default(),
        sided,
        war,
        levers: levers
            .iter()
            .map(|(l, assumed)| Pulled {
                name: setting.levers[*l].name.clone(),
                by: setting.parties[setting.levers[*l].by].name.clone(),
                chance: per_hundred(pulled(*l)),
                assumed: *assumed,
            })
            .collect(),
        rows,
    };
    (refuser, told)
}

/// What the bottom line says of a party that fights and has a refusal table.
fn sentence(study: &Study, party: usize) -> Option<String> {
    let setting = study.setting();
    let holds = mean(study, "holds", &[party]);
    if holds.is_nan() {
        return None;
    }
    let mean = |quantity: &str, p: usize| mean(study, quantity, &[party, p]);
    let refused = (0..setting.packages.len()).filter(|p| mean("fights_on", *p) > 0.5);
    let refused: Vec<usize> = refused.collect();
    let kept = refused.iter().filter(|p| mean("effective", **p) > 0.5);
    Some(format!(
        "If others settled over {}’s head it would hold for 24 months with a chance of {} in 100; of the {} named packages it more \
         likely than not refuses {}, and could undo {} of these for a year.",
        setting.parties[party].name,
        per_hundred(holds),
        setting.packages.len(),
        refused.len(),
        kept.count()
    ))
}

/// Why whether a party holds is told of none of those that may refuse.
fn untold(setting: &Setting, order: &[usize]) -> String {
    let sided = order.iter().filter(|p| setting.parties[**p].side.is_some());
    let sided: Vec<&str> = sided.map(|p| setting.parties[*p].name.as_str()).collect();
    let why = if setting.contest.is_none() {
        "Without a deal this case has no line that moves".to_owned()
    } else if sided.is_empty() {
        "No party that may refuse here has a side in the fighting".to_owned()
    } else {
        format!(
            "The case does not say how much of the line {} may lose and still hold",
            and_list(&sided)
        )
    };
    format!(
        "{why}: who refuses is told, and what that changes, not whether whoever refuses would hold."
    )
}

/// What the map moves: the nest of the refuser's side, the lever that raises a level in it, and which of what it sets.
struct Axes {
    nest: usize,
    lever: usize,
    place: usize,
}

fn axes(setting: &Setting, world: &World, party: usize) -> Option<Axes> {
    let contest = setting.contest.as_ref()?;
    let side: Side = setting.parties[party].side?;
    triggered_by(setting, world, party).find_map(|lever| {
        let sets = setting.levers[lever].sets.iter().enumerate();
        sets.clone().find_map(|(place, target)| {
            let Target::SupplyLevel(supply) = target else {
                return None;
            };
            let nest = contest.supplies[*supply].nest;
            let raises = world.numbers.levers[lever].sets[place]
                > world.numbers.contest[0].supplies[*supply].level;
            (raises && contest.nests[nest].side == side).then_some(Axes { nest, lever, place })
        })
    })
}

/// How the party fares in a world with all levers of its refusal pulled.
struct Holds<'a> {
    setting: &'a Setting,
    layout: Layout,
    lens: usize,
    stage: Stage,
    row: Vec<f64>,
}

impl<'a> Holds<'a> {
    fn new(setting: &'a Setting) -> Option<Self> {
        let layout = Layout::new(setting, &conformance::specs());
        Some(Self {
            setting,
            lens: LENSES.iter().position(|lens| lens.spec().id == "veto")?,
            stage: Stage::default(),
            row: vec![f64::NAN; layout.width()],
            layout,
        })
    }

    /// Chance that it holds, and the effort of its side at month 12.
    fn of(&mut self, world: &mut World, party: usize) -> (f64, f64) {
        let levers: Vec<usize> = triggered_by(self.setting, world, party).collect();
        world.fixed.extend(levers.into_iter().map(|l| Fixed {
            lens: "leverage",
            quantity: "credibility",
            index: vec![l],
            value: 1.0,
        }));
        self.row.fill(f64::NAN);
        let scene = self.stage.set(self.setting, world, Search::None);
        let lens: &dyn Lens = LENSES[self.lens];
        let mut row = Row::new(&self.layout, self.lens, &mut self.row);
        lens.examine(&scene, &mut row);
        let effort = [party, milestone(12)];
        (
            self.row[self.layout.column("veto", "holds", &[party])],
            self.row[self.layout.column("veto", "supply_after", &effort)],
        )
    }
}

fn figure(study: &Study, world: &World, party: usize) -> Option<(Figure, serde_json::Value)> {
    let setting = study.setting();
    let Axes { nest, lever, place } = axes(setting, world, party)?;
    let mut holds = Holds::new(setting)?;
    let step = |k: usize| k as f64 / (CELLS - 1) as f64;
    let xs: Vec<f64> = (0..CELLS).map(|k| -2.0 + 3.0 * step(k)).collect();
    let ys: Vec<f64> = (0..CELLS).map(|k| 2.0 * step(k)).collect();
    let (mut efforts, mut held) = (Vec::new(), Vec::new());
    for y in &ys {
        let (mut row, mut kept) = (Vec::new(), Vec::new());
        for x in &xs {
            let mut moved = world.clone();
            moved.numbers.contest[0].nests[nest].substitution = *x;
            moved.numbers.levers[lever].sets[place] = *y;
            let (chance, effort) = holds.of(&mut moved, party);
            row.push(effort);
            kept.push(chance);
        }
        efforts.push(row);
        held.push(kept);
    }
    if efforts.iter().chain(&held).flatten().any(|x| x.is_nan()) {
        return None;
    }
    let inside: Vec<Vec<bool>> = held
        .iter()
        .map(|row| row.iter().map(|x| *x > 0.5).collect())
        .collect();
    let somewhere = inside.iter().flatten().any(|x| *x);
    let everywhere = inside.iter().flatten().all(|x| *x);
    let name = &setting.parties[party].name;
    // The run itself, and each reading at its own median world.
    let mut marks = vec![("This run".to_owned(), study.overrides.clone())];
    for reading in &study.case.readings {
        if let Ok(overrides) = overrides_of(study.case, std::slice::from_ref(&reading.id)) {
            marks.push((reading.name.clone(), overrides));
        }
    }
    let mut placed: Vec<(String, f64, f64)> = Vec::new();
    let mut readings = Vec::new();
    for (name, overrides) in marks {
        let (x, y, chance) = at(study, &overrides, &mut holds, party, (nest, lever, place));
        readings.push((name.clone(), chance));
        // Readings that leave the map's numbers alone stand on one point.
        let near = |p: &&mut (String, f64, f64)| (p.1 - x).abs() < 1e-9 && (p.2 - y).abs() < 1e-9;
        match placed.iter_mut().find(near) {
            Some(point) if point.0.starts_with("This run") => {
                "This run, and readings that leave both numbers alone".clone_into(&mut point.0);
            }
            Some(point) => point.0 = format!("{}; {name}", point.0),
            None => placed.push((name, x, y)),
        }
    }
    let title =
        format!("Effort of {name}’s side twelve months after its refusal, today’s full rate = 1");
    let map = ContourMap {
        desc: format!(
            "{title}, by how far contributions substitute for one another and by how far its patron steps up"
        ),
        title: title.clone(),
        id: format!("veto-map-{}", setting.parties[party].id),
        x_label: "ρ, substitution: 1 one replaces another, below 0 a missing one is nearly fatal"
            .to_owned(),
        y_label: format!("Level under “{}” (1 = today)", setting.levers[lever].name),
        xs,
        ys,
        shares: efforts,
        inside,
        points: placed,
    };
    let json = json!({
        "party": setting.parties[party].id,
        "lever": setting.levers[lever].id,
        "substitution": map.xs,
        "level": map.ys,
        "effort": map.shares,
        "holds": held,
        "readings": readings.iter().map(|(n, x)| json!({ "name": n, "holds": x })).collect::<Vec<_>>(),
    });
    let figure = Figure {
        id: map.id.clone(),
        svg: responsive(&map.render(), &map.render_compact()),
        title,
        caption: format!(
            "The median world with every lever of the refusal pulled; only the two numbers move. Darker: more effort. {} Marks stand \
             where readings put the two numbers; their other numbers differ from the map’s, so the chance of holding in each is in \
             the table.",
            match (somewhere, everywhere) {
                (_, true) => "Everywhere on the map it is likelier than not to hold for 24 months.",
                (true, _) => "The line bounds where it is likelier than not to hold for 24 months.",
                _ => "Nowhere on the map is it likelier than not to hold for 24 months.",
            }
        ),
        xs: map.xs.iter().map(|x| short(*x)).collect(),
        rows: map
            .ys
            .iter()
            .zip(&map.shares)
            .map(|(y, row)| (short(*y), row.iter().map(|x| format!("{x:.2}")).collect()))
            .collect(),
        readings: readings.into_iter().map(|(n, x)| (n, chance(x))).collect(),
    };
    Some((figure, json))
}

/// Where a reading stands on the map, and the chance in its own median world.
fn at(
    study: &Study,
    overrides: &Overrides,
    holds: &mut Holds,
    party: usize,
    (nest, lever, place): (usize, usize, usize),
) -> (f64, f64, f64) {
    let mut world = study.plan.world(&study.plan.medians(), overrides);
    let x = world.numbers.contest[0].nests[nest].substitution;
    let y = world.numbers.levers[lever].sets[place];
    let (chance, _) = holds.of(&mut world, party);
    (x, y, chance)
}
