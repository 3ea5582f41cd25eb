//! Numbers that a user sets for one run, over the case and all its readings.

use detente_diag::{Code, Diagnostic, Diagnostics, Sources, Span};

use crate::number;
use crate::{Case, Draw, InputId, NumberField, Said, Status, Tree, TreeKind};

impl Case {
    /// The case with numbers set: each a path, an equals sign and a number as in a case (`contest.edge=0.2 to 0.4`,
    /// `lever.arms.on=false`). What is set stands under every reading.
    ///
    /// # Errors
    ///
    /// Every text that is no path of a number, or sets it to no number that it can take. The texts that spans point into are added to
    /// `sources`, those of the case.
    pub fn with_set(&self, set: &[String], sources: &mut Sources) -> Result<Case, Vec<Diagnostic>> {
        let mut case = self.clone();
        let mut diagnostics = Diagnostics::default();
        for text in set {
            let file = sources.add("--set", text.as_str());
            let whole = Span::new(file, 0, text.len());
            let Some((path, value)) = text.split_once('=') else {
                let fault = Diagnostic::new(Code::UNKNOWN_PATH, format!("`{text}` sets nothing"));
                diagnostics.push(fault.at(whole, "here").help("write PATH=NUMBER"));
                continue;
            };
            let (path, typed) = (path.trim(), value.trim().trim_matches('"'));
            let Some(place) = self.inputs.iter().position(|input| input.path == path) else {
                let fault = Diagnostic::new(
                    Code::UNKNOWN_PATH,
                    format!("there is no number at `{path}`"),
                );
                let known = self.inputs.iter().map(|input| input.path.as_str());
                diagnostics.push(
                    fault
                        .at(whole.part(0..path.len()), "leads nowhere")
                        .suggest(path, known),
                );
                continue;
            };
            let input = &self.inputs[place];
            let field = NumberField {
                unit: input.unit,
                domain: input.domain,
                default: None,
            };
            // The value as a text of the case, at its place in what was typed.
            let start = text.len() - value.trim_start().len();
            let span = Span::new(file, start.saturating_sub(1), text.len() + 1);
            let kind = match typed {
                "true" => TreeKind::Switch(true),
                "false" => TreeKind::Switch(false),
                _ => TreeKind::Text(typed.to_owned()),
            };
            let unit = self
                .setting
                .contest
                .as_ref()
                .map_or("", |c| c.unit.as_str());
            let mut found = Diagnostics::default();
            let read = number::read(&Tree { span, kind }, field, &self.words, unit, &mut found);
            for mut fault in found.into_sorted() {
                // Quotes that were not typed have no place.
                for label in &mut fault.labels {
                    label.span = Span::new(
                        file,
                        label.span.start.min(text.len().saturating_sub(1)),
                        label.span.end.min(text.len()),
                    );
                }
                diagnostics.push(fault);
            }
            let Some(distribution) = read else {
                continue;
            };
            let id = InputId::from_index(place);
            let input = &mut case.inputs[place];
            input.draw = Draw::Own(distribution.clone());
            typed.clone_into(&mut input.text);
            input.status = Status::Set;
            input.sources.clear();
            input.said = Said::default();
            input.experts.clear();
            input.span = Some(whole);
            for reading in &mut case.readings {
                for replaced in reading.set.iter_mut().filter(|r| r.input == id) {
                    replaced.distribution = distribution.clone();
                    typed.clone_into(&mut replaced.text);
                    replaced.status = Status::Set;
                    replaced.sources.clear();
                    replaced.said = Said::default();
                    replaced.experts.clear();
                    replaced.span = whole;
                }
            }
        }
        if diagnostics.has_errors() {
            return Err(diagnostics.into_sorted());
        }
        Ok(case)
    }
}
