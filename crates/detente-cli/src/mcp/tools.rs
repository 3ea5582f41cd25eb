//! The tools.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use detente::diag::{Diagnostic, visible_json};
use detente::report::{self, Stamp};
use detente::{Keeps, RunOptions, Template, new_case, summarise};
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{CallToolResult, ContentBlock, Implementation, ServerCapabilities, ServerConfig};
use rmcp::schemars::{self, JsonSchema};
use rmcp::service::{RequestContext, RoleServer};
use rmcp::{ErrorData, ServerHandler, tool, tool_handler, tool_router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::case::{Drawn, Given, Root};
use super::draft::{self, Draft};
use super::work::{Answer, Bench, Refused, Watch, text, words};
use crate::commands::check::{as_data, size};
use crate::commands::compare::texts::{Side, compare};
use crate::{memory, render};

/// What a tool's result never is.
macro_rules! engine_alone {
    ($what:literal) => {
        concat!(
            $what,
            " Every share and chance in the result was computed by the engine, or stands in the case’s own text (a prior, a signed forecast); none was estimated or filled in by a language model, and a share of worlds is no forecast."
        )
    };
}

/// Likewise of what runs nothing.
macro_rules! no_chance {
    ($what:literal) => {
        concat!($what, " It runs nothing and returns no probability.")
    };
}

#[derive(Clone)]
pub(super) struct Server {
    root: Option<Arc<Root>>,
    bench: Bench,
}

/// Nothing to say.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Topic {
    /// A diagnostic code (D0302), a lens (settlement), a quantity (settlement.accepts), a key of the language (contest.edge), or with a case
    /// the path of one of its numbers.
    topic: String,
    /// The case whose number it is.
    #[serde(default)]
    case: Option<Given>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Check {
    /// The case.
    case: Given,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Report {
    /// The case and how it is drawn.
    run: Drawn,
    /// Leave out what is on record: acts and anchors weigh neither types nor worlds.
    #[serde(default)]
    prior: bool,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Why {
    /// The case and how it is drawn.
    run: Drawn,
    /// The identifier of the party.
    party: String,
    /// The identifier of the named package.
    package: String,
    /// The index of the world; if left out, every number at its median.
    #[serde(default)]
    world: Option<u64>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Compare {
    /// The first run.
    before: Drawn,
    /// The second: another case, another version of the same, or the same under a reading or with numbers set.
    after: Drawn,
    /// Tell of every quantity that moved, not of those alone that moved most.
    #[serde(default)]
    all: bool,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Example {
    /// Which one; if left out, they are listed.
    #[serde(default)]
    name: Option<String>,
}

#[tool_router(vis = "pub(super)")]
impl Server {
    pub(super) fn new(root: Option<Root>, ended: Arc<AtomicBool>) -> Self {
        Self {
            root: root.map(Arc::new),
            bench: Bench::new(ended),
        }
    }

    #[tool(
        description = no_chance!("The case language as a JSON Schema (of the TOML that a case is written in): every table and key, what it takes and what it means."),
        annotations(read_only_hint = true)
    )]
    async fn schema(&self, _: Parameters<Nothing>) -> CallToolResult {
        // Without line breaks and indents it is half as long.
        let schema = detente::schema();
        let compact = serde_json::from_str::<Value>(&schema).map(|schema| schema.to_string());
        CallToolResult::success(vec![ContentBlock::text(
            visible_json(&compact.unwrap_or(schema)).into_owned(),
        )])
    }

    #[tool(
        description = no_chance!("A page on a diagnostic code, a lens, a quantity or a key of the language; with a case, on one of its numbers: where it comes from and what depends on it."),
        annotations(read_only_hint = true)
    )]
    async fn explain(
        &self,
        Parameters(asked): Parameters<Topic>,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResult, ErrorData> {
        let root = self.root.clone();
        self.bench
            .work(context, move |_| explain(&asked, root.as_deref()))
            .await
    }

    #[tool(
        description = no_chance!("Checks a case: every fault at once, as data and drawn, each with its code, its place, what was expected and the nearest right name. Draft, check, mend, and only then run a report."),
        annotations(read_only_hint = true)
    )]
    async fn check(
        &self,
        Parameters(asked): Parameters<Check>,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResult, ErrorData> {
        let root = self.root.clone();
        self.bench
            .work(context, move |_| check(&asked.case, root.as_deref()))
            .await
    }

    #[tool(
        description = engine_alone!("A first look at a case, as `detente report --quick --json`: in how many of 128 sampled worlds each package is signed, in force and kept, who blocks it and why, what moves the answer, with Monte Carlo errors."),
        annotations(read_only_hint = true)
    )]
    async fn report(
        &self,
        Parameters(asked): Parameters<Report>,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResult, ErrorData> {
        let root = self.root.clone();
        self.bench
            .work(context, move |watch| quick(&asked, root.as_deref(), watch))
            .await
    }

    #[tool(
        description = engine_alone!("Why a party accepts or refuses a named package in one world, type by type and number by number: what the package is worth, which red lines it crosses, what refusing is worth, and the margin, in points of each type’s own."),
        annotations(read_only_hint = true)
    )]
    async fn why(
        &self,
        Parameters(asked): Parameters<Why>,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResult, ErrorData> {
        let root = self.root.clone();
        self.bench
            .work(context, move |_| why(&asked, root.as_deref()))
            .await
    }

    #[tool(
        description = engine_alone!("What moved between two runs of 128 worlds each, and what differs between their cases: packages, quantities with the error of the difference, numbers, structure. Runs of one seed share their draws."),
        annotations(read_only_hint = true)
    )]
    async fn compare(
        &self,
        Parameters(asked): Parameters<Compare>,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResult, ErrorData> {
        let root = self.root.clone();
        self.bench
            .work(context, move |watch| moved(&asked, root.as_deref(), watch))
            .await
    }

    #[tool(
        description = no_chance!("Small cases to start from: a list, or the text of one. Their numbers are invented and stand for nothing."),
        annotations(read_only_hint = true)
    )]
    async fn examples(&self, Parameters(asked): Parameters<Example>) -> CallToolResult {
        example(asked.name.as_deref())
    }

    #[tool(
        description = no_chance!("The TOML lines that enter a number into a case as a placeholder, with the passage that it was drawn from and its source. It is refused without a quotation and a source. A drafted number never enters as measured, quoted or judged: a person who has read the source may raise its status."),
        annotations(read_only_hint = true)
    )]
    async fn draft_number(
        &self,
        Parameters(asked): Parameters<Draft>,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResult, ErrorData> {
        let root = self.root.clone();
        self.bench
            .work(context, move |_| draft::draft(&asked, root.as_deref()))
            .await
    }
}

#[tool_handler]
impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let tools = ServerCapabilities::builder().enable_tools().build();
        ServerConfig::new(tools)
            .with_server_info(Implementation::new("detente", detente::VERSION))
            .with_instructions(INSTRUCTIONS)
    }
}

/// What a language model is told before it begins.
const INSTRUCTIONS: &str = "detente analyses negotiations in the shadow of an alternative, such as peace talks while a war goes on, from a case: a text in TOML. You draft, the engine \
     decides. Start from `examples` and `schema`, ask `explain` about keys, enter each number by `draft_number` (always a placeholder, with a quotation and its \
     source), mend what `check` finds, then ask `report`, `why` and `compare`. Quote shares as the engine returns them, with their errors, as counts of sampled worlds of \
     this model: never as forecasts, and never a probability that no tool returned.";

fn explain(asked: &Topic, root: Option<&Root>) -> Answer {
    let near =
        |near: Option<&str>| near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    let topic = &asked.topic;
    match &asked.case {
        None => detente::explain(topic)
            .map(|page| words(&page))
            .map_err(|other| {
                Refused::saying(format!(
                    "`{topic}` is no code, lens, quantity or key{}",
                    near(other.as_deref())
                ))
            }),
        Some(given) => {
            let run = Drawn {
                case: given.clone(),
                ..Drawn::default()
            };
            let opened = run.open(root)?;
            detente::explain_input(&opened.case, topic)
                .map(|page| words(&page))
                .map_err(|other| {
                    Refused::saying(format!(
                        "the case has no number `{topic}`{}",
                        near(other.as_deref())
                    ))
                })
        }
    }
}

fn check(given: &Given, root: Option<&Root>) -> Answer {
    let (_, checked) = given.checked(root)?;
    let idle = checked.case.as_ref().map(detente::idle_anchors);
    let found = checked.diagnostics.into_iter();
    let faults: Vec<Diagnostic> = found.chain(idle.into_iter().flatten()).collect();
    let drawn = render::drawn(&faults, &checked.sources);
    let verdict = match &checked.case {
        Some(case) => format!("The case can be run: {}", size(case)),
        None => "The case has faults and cannot be run.".to_owned(),
    };
    let said = if drawn.is_empty() {
        verdict
    } else {
        format!("{drawn}\n\n{verdict}")
    };
    let mut data = as_data(&faults, &checked.sources);
    data["sound"] = json!(checked.case.is_some());
    let mut result = CallToolResult::success(vec![text(&said)]);
    result.structured_content = Some(data);
    Ok(result)
}

/// As `detente report --quick --json`.
fn quick(asked: &Report, root: Option<&Root>, watch: &Watch) -> Answer {
    let opened = asked.run.open(root)?;
    let options = RunOptions {
        record: !asked.prior,
        ..RunOptions::quick(&opened.case, opened.stream)
    };
    memory::refuse_too_many(&opened.case, Keeps::Report, options.worlds)?;
    let evidence = summarise(&opened.case, &opened.readings, options, watch)
        .map_err(|bad| Refused::saying(bad.to_string()))?;
    let stamp = Stamp {
        case_path: opened.name,
        case_hash: report::hash(&opened.texts),
        command: String::new(),
    };
    let data = report::json(&evidence, &stamp);
    Ok(CallToolResult::success(vec![ContentBlock::text(
        visible_json(&data).into_owned(),
    )]))
}

fn why(asked: &Why, root: Option<&Root>) -> Answer {
    let opened = asked.run.open(root)?;
    let world = asked.world.map(|index| (opened.stream, index));
    detente::why(
        &opened.case,
        &opened.overrides,
        &asked.party,
        &asked.package,
        world,
    )
    .map(|said| words(&said))
    .map_err(|no| Refused::saying(no.to_string()))
}

fn moved(asked: &Compare, root: Option<&Root>, watch: &Watch) -> Answer {
    let open = |run: &Drawn| {
        let opened = run.open(root)?;
        Ok::<_, Refused>(Side {
            case: opened.case,
            written: opened.written,
            overrides: opened.overrides,
            readings: opened.readings,
            stream: opened.stream,
        })
    };
    let sides = [open(&asked.before)?, open(&asked.after)?];
    let data = compare(&sides, asked.all, watch)?;
    Ok(CallToolResult::success(vec![ContentBlock::text(
        visible_json(&format!("{data:#}\n")).into_owned(),
    )]))
}

fn example(name: Option<&str>) -> CallToolResult {
    let Some(name) = name else {
        return words(&crate::commands::new::lines());
    };
    let mut all = Template::ALL.into_iter();
    if let Some(own) = all.find(|own| own.name() == name) {
        return words(&new_case(own, "A case"));
    }
    let names: Vec<&str> = Template::ALL.iter().map(|own| own.name()).collect();
    let said = format!(
        "there is no example `{name}`; there are {}",
        names.join(", ")
    );
    CallToolResult::error(vec![text(&said)])
}
