//! The page before an accessibility checker: axe-core in headless Chromium, where both are installed.
//!
//! Chromium is looked for by its usual names; axe-core at `$DETENTE_AXE`, or where `npm install axe-core` puts it in the
//! repository's root. `npm install --no-save axe-core` is all that it takes.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{detente, folder};

fn chromium() -> Option<&'static str> {
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    names.into_iter().find(|name| {
        let asked = Command::new(name).arg("--version").output();
        asked.is_ok_and(|output| output.status.success())
    })
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn axe() -> Option<PathBuf> {
    let installed = root().join("node_modules/axe-core/axe.min.js");
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
        let folder = folder(&format!("access-{name}"));
        let case = root().join("cases").join(name);
        let few = ["--worlds", "64", "--searches", "4", "-o", "page.html"];
        let run = detente(
            &folder,
            &[&["report", case.to_str().unwrap()][..], &few].concat(),
        );
        assert!(
            run.status.success(),
            "{}",
            String::from_utf8_lossy(&run.stderr)
        );
        let page = folder.join("page.html");
        let html = std::fs::read_to_string(&page).unwrap();
        let ask = "axe.run(document, { resultTypes: ['violations'] }).then((found) => {
            const serious = found.violations.filter((v) => ['serious', 'critical'].includes(v.impact));
            const said = serious.map((v) => `${v.id}: ${v.help}; ${v.nodes.length} times, first ${v.nodes[0].html}`);
            document.documentElement.innerHTML = `<body><pre>AXE ${found.violations.length} ${serious.length}\\n</pre></body>`;
            document.querySelector('pre').textContent += said.join('\\n') + '\\nEND';
        });";
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
        let Some((_, said)) = dom.split_once("AXE ") else {
            let stderr = String::from_utf8_lossy(&output.stderr);
            panic!("{name}: the checker did not answer\n{stderr}");
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
