//! `detente export-live`: the workbench of a case without a server: one page that works from disk, or a folder that any web server serves.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use detente::report;
use detente_live::assets;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::args::ExportLive;
use crate::case_file;
use crate::failure::Failure;
use crate::output::{self, Place};

/// What the engine for browsers is called.
const ENGINE: &str = "detente.wasm";
/// The engine, in a program that was built to hold it.
#[cfg(feature = "engine")]
const HELD: Option<&[u8]> = Some(include_bytes!("../../../../target/wasm/detente.wasm"));
#[cfg(not(feature = "engine"))]
const HELD: Option<&[u8]> = None;
/// How long a page may become before somebody is told.
const LARGE: usize = 8 << 20;

pub(crate) fn run(args: &ExportLive) -> Result<(), Failure> {
    // A case that cannot be run is no use to whoever gets the page.
    let opened = case_file::open(&args.case, false)?;
    let engine = engine(args.engine.as_deref())?;
    let files = opened.texts.iter();
    let files: Value = files
        .map(|(name, text)| json!([name_alone(name), text]))
        .collect();
    if let Some(folder) = &args.dist {
        return dist(folder, &engine, &files);
    }
    let named = args
        .output
        .clone()
        .unwrap_or_else(|| PathBuf::from(format!("{}-live.html", opened.name)));
    let place = Place::look(&named, &opened.inputs())?;
    let page = page(&opened.case.setting.name, &engine, &files)?;
    place.write(page.as_bytes())?;
    let size = page.len() as f64 / f64::from(1 << 20);
    output::note(&format!(
        "the workbench of the case is in {} ({size:.1} MiB): it works from disk, without a network",
        named.display()
    ));
    if page.len() > LARGE {
        output::note("it is larger than many mail servers take");
    }
    Ok(())
}

/// The page with all that it needs in it.
fn page(name: &str, engine: &[u8], files: &Value) -> Result<String, Failure> {
    let failed =
        |error: std::io::Error| Failure::Failed(format!("the engine cannot be packed: {error}"));
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(engine).map_err(failed)?;
    let packed = packed.finish().map_err(failed)?;
    let policy = format!(
        "default-src 'none'; script-src {} {} 'wasm-unsafe-eval' blob:; worker-src blob:; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'",
        report::script_source(assets::SCRIPT),
        report::script_source(report::SCRIPT)
    );
    let head = format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n<meta name=\"generator\" content=\"detente {}\">",
        detente::VERSION
    );
    // Nothing of a case may end the block that holds it.
    let case = files.to_string().replace('<', "\\u003c");
    let blocks = format!(
        "<script type=\"application/json\" id=\"detente-case\">{case}</script>\n<script type=\"text/plain\" id=\"detente-worker\">{}</script>\n<script type=\"text/plain\" id=\"detente-engine\">{}</script>\n<script>{}</script>",
        assets::WORKER,
        report::base64(&packed),
        assets::SCRIPT
    );
    let title = detente::diag::visible(name)
        .replace('&', "&amp;")
        .replace('<', "&lt;");
    Ok(assets::PAGE
        .replace("<!--policy-->", &head)
        .replace(
            "<title>detente workbench</title>",
            &format!("<title>{title}: detente workbench</title>"),
        )
        .replace(
            "<!--style-->",
            &format!("<style>{}</style>", assets::style()),
        )
        .replace("<!--script-->", &blocks))
}

/// A folder that any web server serves.
fn dist(folder: &Path, engine: &[u8], files: &Value) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        Failure::Failed(format!("{} cannot be written: {error}", folder.display()))
    };
    if folder.exists() && !folder.is_dir() {
        return Err(Failure::BadInput(format!(
            "{} is not a folder",
            folder.display()
        )));
    }
    fs::create_dir_all(folder).map_err(failed)?;
    let policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'";
    let head = format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n<meta name=\"detente-engine\" content=\"{ENGINE}\">"
    );
    let page = assets::PAGE
        .replace("<!--policy-->", &head)
        .replace(
            "<!--style-->",
            "<link rel=\"stylesheet\" href=\"live.css\">",
        )
        .replace("<!--script-->", "<script src=\"live.js\"></script>");
    let style = assets::style();
    let case = files.to_string();
    let parts: [(&str, &[u8]); 7] = [
        ("index.html", page.as_bytes()),
        ("live.js", assets::SCRIPT.as_bytes()),
        ("live.css", style.as_bytes()),
        ("worker.js", assets::WORKER.as_bytes()),
        ("case.json", case.as_bytes()),
        ("LICENSES.txt", assets::LICENCES.as_bytes()),
        (ENGINE, engine),
    ];
    let mut places = Vec::new();
    for (name, bytes) in parts {
        places.push((
            Place::look(&folder.join(name), &output::Inputs::default())?,
            bytes,
        ));
    }
    for (place, bytes) in places {
        place.write(bytes)?;
    }
    output::note(&format!(
        "{} holds the workbench of the case: any web server serves it",
        folder.display()
    ));
    Ok(())
}

/// The engine for browsers: the file that was named, or the one beside the program.
fn engine(named: Option<&Path>) -> Result<Vec<u8>, Failure> {
    if let (None, Some(held)) = (named, HELD) {
        return Ok(held.to_vec());
    }
    let beside = std::env::current_exe()
        .ok()
        .and_then(|own| Some(own.parent()?.join(ENGINE)));
    let built = PathBuf::from("target/wasm").join(ENGINE);
    let places: Vec<PathBuf> = match named {
        Some(named) => vec![named.to_owned()],
        None => beside.into_iter().chain([built]).collect(),
    };
    for place in &places {
        let Ok(bytes) = fs::read(place) else { continue };
        // WebAssembly, version 1.
        if !bytes.starts_with(b"\0asm\x01\0\0\0") {
            return Err(Failure::BadInput(format!(
                "{} is no WebAssembly",
                place.display()
            )));
        }
        return Ok(bytes);
    }
    let looked: Vec<String> = places
        .iter()
        .map(|place| place.display().to_string())
        .collect();
    Err(Failure::BadInput(format!(
        "the engine for browsers is not at {}: `web/wasm.sh` builds it, --engine names another place",
        looked.join(" or ")
    )))
}

/// The name of a file without its folders, which are nobody's business elsewhere.
fn name_alone(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}
