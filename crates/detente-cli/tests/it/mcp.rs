//! `detente mcp` as a client meets it: whole sessions over pipes.

#[cfg(not(feature = "mcp"))]
#[test]
fn a_build_without_the_server_says_how_to_get_one() {
    let at = crate::folder("no-mcp");
    let said = crate::refused(&at, &["mcp"], "--features detente-cli/mcp");
    assert_eq!(said.trim().lines().count(), 1, "{said}");
}

#[cfg(feature = "mcp")]
mod served {
    use std::io::{BufRead as _, BufReader, Read as _, Write as _};
    use std::path::Path;
    use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

    use serde_json::{Value, json};

    use crate::{detente, first_case, folder, refused, stdout};

    /// A server and what has been said to it.
    struct Session {
        child: Child,
        to: Option<ChildStdin>,
        from: BufReader<ChildStdout>,
        last: u64,
    }

    impl Session {
        /// A server that has been greeted.
        fn begin(at: &Path, args: &[&str]) -> Self {
            let mut child = Command::new(env!("CARGO_BIN_EXE_detente"))
                .current_dir(at)
                .arg("mcp")
                .args(args)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let (to, from) = (child.stdin.take(), child.stdout.take().unwrap());
            let mut session = Self {
                child,
                to,
                from: BufReader::new(from),
                last: 0,
            };
            let told = session.ask(
                "initialize",
                &json!({
                    "protocolVersion": "2025-06-18",
                    "capabilities": {},
                    "clientInfo": { "name": "test", "version": "0" }
                }),
            );
            let told = &told["result"];
            assert_eq!(told["serverInfo"]["name"], "detente", "{told}");
            assert!(told["capabilities"]["tools"].is_object(), "{told}");
            let instructions = told["instructions"].as_str().unwrap();
            assert!(instructions.contains("never a probability that no tool returned"));
            session.say(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
            session
        }

        fn line(&mut self, line: &str) {
            let to = self.to.as_mut().unwrap();
            writeln!(to, "{line}").unwrap();
            to.flush().unwrap();
        }

        fn say(&mut self, message: &Value) {
            self.line(&message.to_string());
        }

        /// The next message: whatever is on standard output is one.
        fn hear(&mut self) -> Value {
            let mut line = String::new();
            let read = self.from.read_line(&mut line).unwrap();
            assert!(read > 0, "the server has ended");
            let message: Value = serde_json::from_str(&line)
                .unwrap_or_else(|error| panic!("not the protocol ({error}): {line}"));
            assert_eq!(message["jsonrpc"], "2.0");
            message
        }

        fn request(&mut self, method: &str, params: &Value) -> u64 {
            self.last += 1;
            let id = self.last;
            self.say(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
            id
        }

        /// Asks, and has the answer.
        fn ask(&mut self, method: &str, params: &Value) -> Value {
            let id = self.request(method, params);
            let answer = self.hear();
            assert_eq!(answer["id"], id, "{answer}");
            answer
        }

        /// Calls a tool.
        fn call(&mut self, tool: &str, arguments: &Value) -> Value {
            let told = self.ask(
                "tools/call",
                &json!({ "name": tool, "arguments": arguments }),
            );
            assert!(told["error"].is_null(), "{tool}: {told}");
            told["result"].clone()
        }

        /// What a tool says that does what it is asked.
        fn told(&mut self, tool: &str, arguments: &Value) -> String {
            let result = self.call(tool, arguments);
            assert_ne!(result["isError"], true, "{tool}: {result}");
            said(&result)
        }

        /// What a tool says that does not.
        fn refusal(&mut self, tool: &str, arguments: &Value) -> String {
            let result = self.call(tool, arguments);
            assert_eq!(result["isError"], true, "{tool}: {result}");
            said(&result)
        }

        /// The end of what is said ends the server, and nothing else stands on standard output.
        fn end(mut self) {
            drop(self.to.take());
            let mut rest = String::new();
            self.from.read_to_string(&mut rest).unwrap();
            assert_eq!(rest, "");
            let status = self.child.wait().unwrap();
            let mut noise = String::new();
            let mut stderr = self.child.stderr.take().unwrap();
            stderr.read_to_string(&mut noise).unwrap();
            assert_eq!(status.code(), Some(0), "{noise}");
            assert!(!noise.contains("panicked"), "{noise}");
        }
    }

    fn said(result: &Value) -> String {
        let text = result["content"][0]["text"].as_str();
        text.unwrap_or_else(|| panic!("{result}")).to_owned()
    }

    fn text_of_first_case() -> String {
        std::fs::read_to_string(Path::new(&first_case()).join("case.toml")).unwrap()
    }

    fn given(text: &str) -> Value {
        json!({ "files": { "case.toml": text } })
    }

    const TOOLS: [&str; 8] = [
        "check",
        "compare",
        "draft_number",
        "examples",
        "explain",
        "report",
        "schema",
        "why",
    ];

    #[test]
    fn tools_are_listed_and_say_that_the_engine_alone_gives_chances() {
        let mut session = Session::begin(&folder("mcp-list"), &[]);
        let told = session.ask("tools/list", &json!({}));
        let tools = told["result"]["tools"].as_array().unwrap();
        let mut names: Vec<&str> = tools
            .iter()
            .map(|tool| tool["name"].as_str().unwrap())
            .collect();
        names.sort_unstable();
        assert_eq!(names, TOOLS);
        for tool in tools {
            let says = tool["description"].as_str().unwrap();
            assert!(
                says.contains("was computed by the engine") || says.contains("no probability"),
                "{says}"
            );
            let schema = &tool["inputSchema"];
            assert_eq!(schema["type"], "object", "{tool}");
        }
        // What is unknown, or wrongly asked, is an error of the protocol, and the session goes on.
        let unknown = session.ask(
            "tools/call",
            &json!({ "name": "forecast", "arguments": {} }),
        );
        assert!(unknown["error"].is_object(), "{unknown}");
        let wrong = session.ask(
            "tools/call",
            &json!({ "name": "check", "arguments": { "text": "x" } }),
        );
        let refused = wrong["error"].is_object() || wrong["result"]["isError"] == true;
        assert!(refused, "{wrong}");
        let method = session.ask("nonsense/method", &json!({}));
        assert!(method["error"].is_object(), "{method}");
        session.line("{ this is no JSON");
        session.line("");
        assert!(session.told("examples", &json!({})).contains("reservation"));
        session.end();
    }

    #[test]
    fn a_session_drafts_a_case_and_the_engine_decides() {
        let at = folder("mcp-session");
        let mut session = Session::begin(&at, &[]);
        // The language, as the commands give it.
        let schema: Value = serde_json::from_str(&session.told("schema", &json!({}))).unwrap();
        let own: Value = serde_json::from_slice(&detente(&at, &["schema"]).stdout).unwrap();
        assert_eq!(schema, own);
        let page = session.told("explain", &json!({ "topic": "D0302" }));
        assert_eq!(
            page.trim(),
            stdout(&detente(&at, &["explain", "D0302"])).trim()
        );
        let near = session.refusal("explain", &json!({ "topic": "settlment" }));
        assert!(near.contains("settlement"), "{near}");
        // Examples can be run.
        for line in session.told("examples", &json!({})).lines() {
            let name = line.split(' ').next().unwrap();
            let text = session.told("examples", &json!({ "name": name }));
            let checked = session.call("check", &json!({ "case": given(&text) }));
            assert_eq!(
                checked["structuredContent"]["sound"], true,
                "{name}: {checked}"
            );
        }
        let none = session.refusal("examples", &json!({ "name": "exampel" }));
        assert!(none.contains("there are blank"), "{none}");
        // Faults come all at once, as data and drawn.
        let case = text_of_first_case();
        let bad = case
            .replace("burden = \"10 to 22\"", "burden = \"22 to 10\"")
            .replace("[contest]", "[contest]\nedgy = 3");
        let checked = session.call("check", &json!({ "case": given(&bad) }));
        let drawn = said(&checked);
        assert!(
            drawn.contains("the range runs backwards") && drawn.contains("case.toml:"),
            "{drawn}"
        );
        let data = &checked["structuredContent"];
        assert_eq!(data["sound"], false);
        let codes: Vec<&str> = data["diagnostics"]
            .as_array()
            .unwrap()
            .iter()
            .map(|fault| fault["code"].as_str().unwrap())
            .collect();
        assert!(codes.contains(&"D0302") && codes.len() >= 2, "{codes:?}");
        let run = |case: &str| json!({ "case": given(case) });
        let refusal = session.refusal("report", &json!({ "run": run(&bad) }));
        assert!(refusal.contains("D0302"), "{refusal}");
        let empty = session.refusal("check", &json!({ "case": {} }));
        assert!(empty.contains("give the case"), "{empty}");
        session.end();
    }

    #[test]
    fn reports_whys_and_comparisons_are_those_of_the_commands() {
        let at = folder("mcp-report");
        let (case, shipped) = (text_of_first_case(), first_case());
        let mut session = Session::begin(&at, &[]);
        let run = json!({ "case": given(&case) });
        let told = session.told("report", &json!({ "run": run }));
        let mut told: Value = serde_json::from_str(&told).unwrap();
        let own = detente(&at, &["report", &shipped, "--quick", "--json"]);
        let own: Value = serde_json::from_slice(&own.stdout).unwrap();
        assert_eq!(told["case"]["path"], "case.toml");
        told["case"]["path"] = own["case"]["path"].clone();
        assert_eq!(told, own);
        let under = json!({ "case": given(&case), "reading": ["time_is_souths"], "seed": 7 });
        let told = session.told("report", &json!({ "run": under }));
        let told: Value = serde_json::from_str(&told).unwrap();
        assert_eq!(told["run"]["readings"], json!(["time_is_souths"]));
        assert_eq!(told["run"]["seed"], 7);
        let near = json!({ "case": given(&case), "reading": ["time_is_south"] });
        let near = session.refusal("report", &json!({ "run": near }));
        assert!(near.contains("time_is_souths"), "{near}");
        let asked = json!({ "run": run, "party": "south", "package": "mediators_terms" });
        let why = session.told("why", &asked);
        let own = stdout(&detente(
            &at,
            &["why", &shipped, "south", "mediators_terms"],
        ));
        assert_eq!(why.trim(), own.trim());
        let asked = json!({ "run": run, "party": "sout", "package": "mediators_terms" });
        assert!(session.refusal("why", &asked).contains("south"));
        // What is set moves something, and is named.
        let set = json!({ "case": given(&case), "set": { "contest.edge": "0.9" } });
        let moved = session.told("compare", &json!({ "before": run, "after": set }));
        let moved: Value = serde_json::from_str(&moved).unwrap();
        assert_eq!(moved["common_draws"], true);
        assert_eq!(moved["inputs"].as_array().unwrap().len(), 1);
        assert_eq!(moved["inputs"][0]["path"], "contest.edge");
        let signed = moved["packages"]["signed"].as_array().unwrap();
        assert!(
            signed.iter().any(|line| line["difference"]["value"] != 0.0),
            "{signed:?}"
        );
        assert!(moved["quantities"].as_array().unwrap().len() <= 40);
        let same = session.told("compare", &json!({ "before": run, "after": run }));
        let same: Value = serde_json::from_str(&same).unwrap();
        assert_eq!(same["quantities"], json!([]));
        let bad = json!({ "case": given(&case), "set": { "contest.edg": "0.9" } });
        let refusal = session.refusal("compare", &json!({ "before": run, "after": bad }));
        assert!(refusal.contains("contest.edge"), "{refusal}");
        session.end();
    }

    #[test]
    fn a_drafted_number_is_a_placeholder_with_its_passage_or_nothing() {
        let mut session = Session::begin(&folder("mcp-draft"), &[]);
        let case = text_of_first_case();
        let draft = |value: &str| {
            json!({
                "path": "party.north.burden",
                "value": value,
                "quotation": "The war costs the north \"a tenth\" of its\nincome.",
                "source": { "name": "The invented gazette, 3 May", "url": "https://example.org/a", "author": "A. Writer" },
            })
        };
        let lines = session.told("draft_number", &draft("8 to 14"));
        for part in [
            "[party.north]\nburden = { value = \"8 to 14\", status = \"placeholder\"",
            "source = [\"the-invented-gazette-3-may\"]",
            "\\\"a tenth\\\" of its income",
            "[source.the-invented-gazette-3-may]\ntitle = \"The invented gazette, 3 May\"",
            "url = \"https://example.org/a\"",
        ] {
            assert!(lines.contains(part), "{part}: {lines}");
        }
        // It is a number of the case once the old one is out of its way.
        let without = case.replace("burden = \"10 to 22\"\n", "");
        assert_ne!(without, case);
        let mut asked = draft("8 to 14");
        asked["case"] = given(&without);
        let lines = session.told("draft_number", &asked);
        assert!(lines.contains("# Checked: "), "{lines}");
        let both = json!({ "files": { "case.toml": without, "drafts.toml": lines } });
        let checked = session.call("check", &json!({ "case": both }));
        assert_eq!(checked["structuredContent"]["sound"], true, "{checked}");
        let told = session.told(
            "explain",
            &json!({ "topic": "party.north.burden", "case": both }),
        );
        assert!(told.contains("placeholder"), "{told}");
        asked["case"] = given(&case);
        assert!(
            session
                .told("draft_number", &asked)
                .contains("states party.north.burden already")
        );
        // Neither without its passage, nor with another status, nor where there is no such number.
        for (missing, expected) in [
            (json!({ "quotation": " " }), "the quotation is missing"),
            (json!({ "source": { "name": "" } }), "the source is missing"),
            (
                json!({ "source": { "name": "x", "url": "javascript:1" } }),
                "must begin with https",
            ),
            (json!({ "value": "" }), "the value is missing"),
            (json!({ "path": "burden]" }), "the path must be"),
        ] {
            let mut asked = draft("8 to 14");
            for (key, value) in missing.as_object().unwrap() {
                asked[key] = value.clone();
            }
            let refusal = session.refusal("draft_number", &asked);
            assert!(refusal.contains(expected), "{refusal}");
        }
        for wrong in ["quotation", "source"] {
            let mut asked = draft("8 to 14");
            asked.as_object_mut().unwrap().remove(wrong);
            let told = session.ask(
                "tools/call",
                &json!({ "name": "draft_number", "arguments": asked }),
            );
            let refused = told["error"].is_object() || told["result"]["isError"] == true;
            assert!(refused, "{told}");
        }
        let mut asked = draft("8 to 14");
        asked["status"] = json!("measured");
        let told = session.ask(
            "tools/call",
            &json!({ "name": "draft_number", "arguments": asked }),
        );
        assert!(
            told["error"].is_object() || told["result"]["isError"] == true,
            "{told}"
        );
        let sly = session.told("draft_number", &draft("8\", status = \"measured"));
        assert!(
            sly.contains("value = \"8\\\", status = \\\"measured\", status = \"placeholder\""),
            "{sly}"
        );
        for (value, path, expected) in [
            ("14 to 8", "party.north.burden", "D0302"),
            ("8 to 14", "party.north.burdn", "burden"),
        ] {
            let mut asked = draft(value);
            asked["path"] = json!(path);
            asked["case"] = given(&case);
            let refusal = session.refusal("draft_number", &asked);
            assert!(refusal.contains(expected), "{refusal}");
        }
        session.end();
    }

    #[cfg(unix)]
    #[test]
    fn only_what_lies_below_the_root_folder_is_read() {
        use std::os::unix::fs::symlink;
        let at = folder("mcp-root");
        let (root, outside) = (at.join("root"), at.join("outside"));
        for place in [
            root.join("good"),
            root.join("leaky"),
            root.join("empty"),
            outside.clone(),
        ] {
            std::fs::create_dir_all(place).unwrap();
        }
        let case = text_of_first_case();
        for place in [root.join("good"), root.join("leaky"), outside.clone()] {
            std::fs::write(place.join("case.toml"), &case).unwrap();
        }
        std::fs::write(outside.join("secret.toml"), "secret = 1\n").unwrap();
        symlink(outside.join("secret.toml"), root.join("leaky/more.toml")).unwrap();
        symlink(&outside, root.join("door")).unwrap();
        symlink(root.join("good"), root.join("alias")).unwrap();
        let check = |path: &str| json!({ "case": { "path": path } });
        let mut session = Session::begin(&at, &["--root", "root"]);
        for sound in ["good", "good/case.toml", "./good", "alias"] {
            let told = session.call("check", &check(sound));
            assert_eq!(told["structuredContent"]["sound"], true, "{sound}: {told}");
        }
        let absolute = outside.display().to_string();
        for way in [
            "../outside",
            "good/../../outside",
            &absolute,
            "door",
            "door/case.toml",
            "leaky",
            "",
        ] {
            let refusal = session.refusal("check", &check(way));
            assert!(refusal.contains("does not lie below"), "{way}: {refusal}");
            assert!(!refusal.contains("secret"), "{way}: {refusal}");
        }
        for nothing in ["nowhere", "empty"] {
            let refusal = session.refusal("check", &check(nothing));
            assert!(refusal.contains("holds no case"), "{nothing}: {refusal}");
            assert!(!refusal.contains(&at.display().to_string()), "{refusal}");
        }
        let both = json!({ "case": { "path": "good", "files": { "case.toml": case } } });
        assert!(session.refusal("check", &both).contains("not both"));
        session.end();
        // Without a root folder nothing is read at all.
        let mut session = Session::begin(&at, &[]);
        let refusal = session.refusal("check", &check("root/good"));
        assert!(refusal.contains("started without --root"), "{refusal}");
        session.end();
        refused(&at, &["mcp", "--root", "nowhere"], "--root nowhere");
        refused(
            &at,
            &["mcp", "--root", "outside/secret.toml"],
            "is no folder",
        );
    }

    /// Cancelled work ends and is not answered; what is asked next is.
    #[test]
    fn a_cancelled_run_makes_room_for_the_next() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases");
        let root = root.display().to_string();
        let mut session = Session::begin(&folder("mcp-cancel"), &["--root", &root]);
        let long = json!({ "name": "report", "arguments": { "run": { "case": { "path": "ukraine-2025" } } } });
        let id = session.request("tools/call", &long);
        session.say(&json!({
            "jsonrpc": "2.0",
            "method": "notifications/cancelled",
            "params": { "requestId": id, "reason": "no longer wanted" }
        }));
        let told = session.call("check", &json!({ "case": { "path": "first-case" } }));
        assert_eq!(told["structuredContent"]["sound"], true, "{told}");
        // Who leaves in the middle of a run ends it.
        session.request("tools/call", &long);
        session.end();
    }
}
