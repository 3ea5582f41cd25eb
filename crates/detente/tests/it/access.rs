//! The page before an accessibility checker: axe-core in headless Chromium, where both are installed.
//!
//! Chromium is looked for by its usual names; axe-core at `$DETENTE_AXE`, or where `npm install axe-core` puts it in the
//! repository's root. `npm install --no-save axe-core` is all that it takes.

use std::path::{Path, PathBuf};
use std::process::Command;

use detente::report::{self, Stamp};
use detente::{Ignored, summarise};

use crate::{case, small};

fn chromium() -> Option<&'static str> {
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    names.into_iter().find(|name| {
        let asked = Command::new(name).arg("--version").output();
        asked.is_ok_and(|output| output.status.success())
    })
}

fn axe() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let installed = root.join("node_modules/axe-core/axe.min.js");
    let named = std::env::var_os("DETENTE_AXE").map(PathBuf::from);
    named.into_iter().chain([installed]).find(|p| p.is_file())
}

#[test]
fn a_checker_of_accessibility_finds_nothing_serious() {
    let (Some(chromium), Some(axe)) = (chromium(), axe()) else {
        println!("SKIPPED: Chromium or axe-core is not installed");
        return;
    };
    let axe = std::fs::read_to_string(axe).expect("axe-core reads");
    for name in ["first-case", "ukraine-2025"] {
        let summary = summarise(&case(name), &[], small(64, 4), &Ignored).unwrap();
        let stamp = Stamp {
            case_path: name.into(),
            case_hash: "0".repeat(64),
            command: "detente report".into(),
        };
        let html = report::html(&summary, &stamp);
        let ask = "axe.run(document, { resultTypes: ['violations'] }).then((found) => {
            const serious = found.violations.filter((v) => ['serious', 'critical'].includes(v.impact));
            const said = serious.map((v) => `${v.id}: ${v.help}; ${v.nodes.length} times, first ${v.nodes[0].html}`);
            document.documentElement.innerHTML = `<body><pre>AXE ${found.violations.length} ${serious.length}\\n</pre></body>`;
            document.querySelector('pre').textContent += said.join('\\n') + '\\nEND';
        });";
        let folder =
            std::env::temp_dir().join(format!("detente-axe-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let page = folder.join("page.html");
        let scripts = format!("<script>{axe}</script><script>{ask}</script></body>");
        std::fs::write(&page, html.replace("</body>", &scripts)).unwrap();
        let output = Command::new(chromium)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"])
            .args(["--window-size=1440,2000", "--virtual-time-budget=60000"])
            .arg(format!(
                "--user-data-dir={}",
                folder.join("profile").display()
            ))
            .arg(format!("file://{}", page.display()))
            .output()
            .expect("Chromium runs");
        let dom = String::from_utf8_lossy(&output.stdout).into_owned();
        std::fs::remove_dir_all(&folder).ok();
        let Some((_, said)) = dom.split_once("AXE ") else {
            panic!(
                "{name}: the checker did not answer\n{}",
                String::from_utf8_lossy(&output.stderr)
            );
        };
        let verdict = said.split("END").next().unwrap_or_default();
        let serious = verdict
            .lines()
            .next()
            .and_then(|line| line.split(' ').nth(1));
        println!("{name}: axe-core said {}", verdict.trim());
        assert_eq!(serious.map(str::trim), Some("0"), "{name}: {verdict}");
    }
}
