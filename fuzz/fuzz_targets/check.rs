//! Any text: the checker answers without a panic, points into the text, and a case that it accepts draws finite worlds.
#![no_main]

use detente::{Overrides, Plan, Stream};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let checked = detente::check("fuzz.toml", text);
    for diagnostic in &checked.diagnostics {
        assert!(!diagnostic.message.is_empty());
        for label in &diagnostic.labels {
            let source = checked.sources.get(label.span.file).expect("a known file");
            assert!(source.text.get(label.span.start..label.span.end).is_some());
        }
    }
    let Some(case) = checked.case else {
        return;
    };
    let plan = Plan::new(&case);
    for index in 0..2 {
        let values = plan.values(&plan.uniforms(Stream::default(), index), &Overrides::default());
        for (input, value) in case.inputs.iter().zip(&values) {
            // NaN marks an option without a position on the line.
            assert!(!value.is_infinite(), "{} = {value}", input.path);
        }
        plan.world(&plan.uniforms(Stream::default(), index), &Overrides::default());
    }
    for reading in &case.readings {
        if let Ok(overrides) = detente::overrides_of(&case, std::slice::from_ref(&reading.id)) {
            plan.world(&plan.medians(), &overrides);
        }
    }
});
