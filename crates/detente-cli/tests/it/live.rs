//! The workbench's server as whoever sends it bytes meets it, and pages that work without one. What the page does is tested in a browser.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::{detente, first_case, folder, refused, stderr};

struct Server {
    process: Child,
    host: String,
    token: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    fn of(case: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_detente"))
            .arg("live")
            .arg(case)
            .arg("--no-open")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let out = process.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://").unwrap();
        let (host, token) = address.split_once("/?token=").unwrap();
        assert!(host.starts_with("127.0.0.1:"), "{host}");
        assert!(token.len() >= 32, "{token}");
        Self {
            host: host.to_owned(),
            token: token.to_owned(),
            process,
        }
    }

    /// Sends bytes, and reads all that comes.
    fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        // A server that refuses may hang up before all is sent.
        let _ = stream.write_all(bytes);
        let mut told = Vec::new();
        let _ = stream.read_to_end(&mut told);
        String::from_utf8_lossy(&told).into_owned()
    }

    fn send(&self, line: &str, heads: &[(&str, &str)], body: &str) -> (u16, String) {
        let own = [("host", self.host.as_str())];
        let named = heads.iter().any(|(name, _)| *name == "host");
        let own = own.iter().filter(|_| !named);
        let heads: Vec<String> = own
            .chain(heads)
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let (heads, length) = (heads.concat(), body.len());
        let text = format!(
            "{line} HTTP/1.1\r\nconnection: close\r\n{heads}content-length: {length}\r\n\r\n{body}"
        );
        let told = self.raw(text.as_bytes());
        let (head, body) = told.split_once("\r\n\r\n").unwrap_or((&told, ""));
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
        (status.unwrap_or(0), body.to_owned())
    }

    fn with_token(&self, line: &str, body: &str) -> (u16, String) {
        self.send(line, &[("x-detente-token", &self.token)], body)
    }
}

#[test]
fn strangers_get_nothing() {
    let server = Server::of(Path::new(&first_case()));
    let token = server.token.clone();
    let (status, page) = server.send(&format!("GET /?token={token}"), &[], "");
    assert_eq!(status, 200);
    assert!(page.contains("detente workbench"), "{page}");
    let refused = |heads: &[(&str, &str)], says: &str| {
        let mut all = heads.to_vec();
        if !all.iter().any(|(name, _)| *name == "x-detente-token") {
            all.push(("x-detente-token", &token));
        }
        let (status, told) = server.send("GET /files", &all, "");
        assert_eq!(status, 403, "{heads:?}");
        assert!(told.contains(says), "{heads:?}: {told}");
        assert!(!told.contains("Harbour"));
    };
    refused(&[("x-detente-token", "guessed")], "token");
    refused(&[("x-detente-token", "")], "token");
    refused(&[("host", "attacker.example")], "127.0.0.1");
    refused(&[("host", "127.0.0.1")], "127.0.0.1");
    refused(&[("origin", "http://attacker.example")], "its own pages");
    refused(&[("origin", "null")], "its own pages");
    let (status, _) = server.send("GET /files", &[], "");
    assert_eq!(status, 403);
    for path in [
        "/etc/passwd",
        "/../../etc/passwd",
        "/%2e%2e/case.toml",
        "/files/../x",
    ] {
        let (status, told) = server.with_token(&format!("GET {path}"), "");
        assert!(status == 404 || status == 400, "{path}: {status} {told}");
    }
    let (status, _) = server.with_token("DELETE /files", "");
    assert_eq!(status, 405);
}

#[test]
fn what_is_no_request_and_what_is_too_much_is_refused() {
    let server = Server::of(Path::new(&first_case()));
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01"[..],
        b"GET\r\n\r\n",
        b"\r\n\r\n\r\n",
    ] {
        let told = server.raw(bytes);
        assert!(
            told.is_empty() || told.starts_with("HTTP/1.1 400"),
            "{told}"
        );
    }
    let (status, _) = server.with_token("POST /ask", &"x".repeat((8 << 20) + 1));
    assert!(status == 413 || status == 0, "{status}");
    let (status, told) = server.with_token("POST /ask", "no JSON");
    assert_eq!(status, 200);
    assert!(told.contains("no JSON"), "{told}");
    // Somebody who promises a body and hangs up, again and again.
    for _ in 0..80 {
        let mut stream = TcpStream::connect(&server.host).unwrap();
        let head = format!(
            "POST /ask HTTP/1.1\r\nhost: {}\r\nx-detente-token: {}\r\ncontent-length: 1000\r\n\r\n{{",
            server.host, server.token
        );
        let _ = stream.write_all(head.as_bytes());
    }
    let (status, _) = server.with_token("GET /files", "");
    assert_eq!(status, 200, "the server is still there");
}

#[test]
fn files_are_read_asked_about_and_written() {
    let at = folder("live-files");
    let case = at.join("case.toml");
    let text = std::fs::read_to_string(Path::new(&first_case()).join("case.toml")).unwrap();
    std::fs::write(&case, &text).unwrap();
    let server = Server::of(&case);
    let told = |line: &str, body: &Value| -> Value {
        let (status, told) = server.with_token(line, &body.to_string());
        assert_eq!(status, 200, "{told}");
        serde_json::from_str(&told).unwrap()
    };
    let held = told("GET /files", &Value::Null);
    let (version, name) = (held["version"].clone(), held["files"][0][0].clone());
    assert_eq!(held["files"][0][1], text.as_str());
    let question = json!({ "ask": "look", "files": held["files"], "worlds": 8 });
    let answer = told("POST /ask?session=s&turn=1", &question);
    assert_eq!(answer["worlds"], 8);
    // An older turn is left behind.
    told(
        "POST /ask?session=s&turn=5",
        &json!({ "ask": "look", "files": held["files"], "worlds": 1 }),
    );
    let late = told("POST /ask?session=s&turn=4", &question);
    assert_eq!(late, json!({ "abandoned": true }));
    // What was typed is written, once: whoever has an older version is told.
    let changed = text.replace("The Harbour Strip", "The Other Strip");
    let save = json!({ "version": version, "files": [[name, changed]] });
    let saved = told("PUT /files", &save);
    assert_eq!(std::fs::read_to_string(&case).unwrap(), changed);
    assert_ne!(saved["version"], version);
    let stale = told("PUT /files", &save);
    assert_eq!(stale["conflict"], true);
    let other = json!({ "version": saved["version"], "files": [[at.join("other.toml").display().to_string(), "x"]] });
    let (status, why) = server.with_token("PUT /files", &other.to_string());
    assert_eq!(status, 400);
    assert!(why.contains("no file of the case"), "{why}");
    assert!(!at.join("other.toml").exists());
    // Somebody waits for a change and hears of it.
    let line = format!(
        "GET /changed?version={}",
        saved["version"].as_str().unwrap()
    );
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| told(&line, &Value::Null));
        std::thread::sleep(Duration::from_millis(400));
        std::fs::write(&case, &text).unwrap();
        let heard = waiting.join().unwrap();
        assert_eq!(heard["version"], version);
    });
    std::fs::remove_file(&case).unwrap();
    let gone = told("GET /files", &Value::Null);
    assert!(
        gone["error"].as_str().unwrap().contains("case.toml"),
        "{gone}"
    );
}

#[test]
fn a_case_that_is_not_there_is_refused() {
    let at = folder("live-none");
    refused(&at, &["live", "nothing.toml", "--no-open"], "D0101");
    refused(&at, &["export-live", "nothing.toml"], "D0101");
    let engine = at.join("engine.wasm");
    std::fs::write(&engine, "no engine").unwrap();
    let case = first_case();
    let named = engine.display().to_string();
    refused(
        &at,
        &["export-live", &case, "--engine", &named],
        "no WebAssembly",
    );
    refused(
        &at,
        &["export-live", &case, "--engine", "none.wasm"],
        "web/wasm.sh",
    );
}

/// The page holds the engine, the case and its script, under a policy that names the script; nothing of the case ends its block.
#[test]
fn a_page_holds_all_that_it_needs() {
    let at = folder("live-page");
    let text = std::fs::read_to_string(Path::new(&first_case()).join("case.toml")).unwrap();
    let text = text.replace("The Harbour Strip", "</script><b>A & B");
    std::fs::write(at.join("case.toml"), text).unwrap();
    // Enough of an engine to be packed.
    std::fs::write(at.join("e.wasm"), b"\0asm\x01\0\0\0").unwrap();
    let made = detente(
        &at,
        &[
            "export-live",
            "case.toml",
            "--engine",
            "e.wasm",
            "-o",
            "x.html",
        ],
    );
    assert!(made.status.success(), "{}", stderr(&made));
    let page = std::fs::read_to_string(at.join("x.html")).unwrap();
    assert!(page.contains("<title>&lt;/script>&lt;b>A &amp; B: detente workbench</title>"));
    assert!(page.contains("\\u003c/script>\\u003cb>A & B"));
    assert_eq!(page.matches("</script>").count(), 4);
    assert!(page.contains("script-src 'sha256-"));
    assert!(!page.contains("http-equiv=\"refresh\"") && !page.contains("src=\"http"));
    let made = detente(
        &at,
        &[
            "export-live",
            "case.toml",
            "--engine",
            "e.wasm",
            "--dist",
            "site",
        ],
    );
    assert!(made.status.success(), "{}", stderr(&made));
    for name in [
        "index.html",
        "live.js",
        "live.css",
        "worker.js",
        "case.json",
        "detente.wasm",
        "LICENSES.txt",
    ] {
        assert!(at.join("site").join(name).is_file(), "{name}");
    }
}
