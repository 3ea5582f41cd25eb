//! `detente ledger verify`

use std::path::PathBuf;

use detente::ledger::{Entry, Ledger, Model, Signed, Weights, What, ink, missing_head};
use detente::{Asked, Effort, RunOptions, VERSION};

use super::sign::{computed, texts};
use crate::args::{Drawing, Sampler, Verify};
use crate::case_file::{self, Opened};
use crate::failure::Failure;
use crate::ledger_file::LedgerFile;
use crate::run_folder::of_text;
use crate::{build, output};

pub(crate) fn run(args: &Verify) -> Result<(), Failure> {
    let file = LedgerFile::of_case(&args.case, args.ledger.as_deref());
    let ledger = file.read()?;
    let entries = match ledger.entries.len() {
        1 => "1 entry".to_owned(),
        n => format!("{n} entries"),
    };
    output::print(&format!(
        "{}: the chain of {entries} holds; its head is {}\n",
        file.path().display(),
        ledger.head()
    ))?;
    clocks(&ledger);
    if let Some(quoted) = &args.head {
        if let Some(fault) = missing_head(&ledger, quoted) {
            return Err(case_file::refuse(fault));
        }
        output::print("the hash that was quoted is that of an entry of it\n")?;
    }
    if args.chain {
        return Ok(());
    }
    let opened = case_file::open(&args.case, false)?;
    let now = Texts {
        paths: &opened,
        file: &file,
    };
    let (mut proved, mut tried) = (0, 0);
    for (entry, signed) in ledger.signed() {
        let Some(model) = &signed.model else {
            output::print(&format!(
                "entry {} ({}): no share of the model was signed\n",
                entry.number, signed.judgement
            ))?;
            continue;
        };
        tried += 1;
        let verdict = now.prove(signed, model, args)?;
        proved += usize::from(verdict.proved);
        output::print(&format!(
            "entry {} ({}): {}\n",
            entry.number, signed.judgement, verdict.words
        ))?;
    }
    if proved < tried {
        return Err(Failure::Failed(format!(
            "{} of {tried} signed shares did not come out from the texts that were signed",
            tried - proved
        )));
    }
    if tried > 0 {
        output::print(&format!(
            "every signed share ({tried}) comes out bit for bit\n"
        ))?;
    }
    Ok(())
}

/// Says of entries whose clock stood before that of the entry above: no break of the chain, and a reason to ask.
fn clocks(ledger: &Ledger) {
    let entered = |entry: &Entry| match &entry.what {
        What::Signed(signed) => signed.entered.clone(),
        What::Resolved(resolved) => resolved.entered.clone(),
    };
    for two in ledger.entries.windows(2) {
        let [above, below] = [entered(&two[0]), entered(&two[1])];
        // Moments in UTC, which are in the order of their texts.
        if below < above {
            output::note(&format!(
                "note: by the clocks of those who signed, entry {} was entered at {below}, before entry {} at {above}",
                two[1].number, two[0].number
            ));
        }
    }
}

/// What became of a signed share.
struct Verdict {
    proved: bool,
    words: String,
}

/// The case as it is now, and what was kept of it.
struct Texts<'a> {
    paths: &'a Opened,
    file: &'a LedgerFile,
}

impl Texts<'_> {
    /// Runs again what was signed, from the texts that were signed.
    fn prove(&self, signed: &Signed, model: &Model, args: &Verify) -> Result<Verdict, Failure> {
        let no = |words: String| {
            Ok(Verdict {
                proved: false,
                words,
            })
        };
        let changed = self.changed(signed);
        let opened = if changed.is_empty() {
            self.paths.clone()
        } else {
            match self.kept(signed) {
                Some(kept) => kept,
                None => {
                    return no(format!(
                        "{}: the share of {} cannot be re-computed from these texts",
                        changed.join("; "),
                        model.printed
                    ));
                }
            }
        };
        let from = if changed.is_empty() {
            String::new()
        } else {
            format!(" from the copies that were kept ({})", changed.join("; "))
        };
        let Some(sampler) = [Sampler::Quasi, Sampler::Pseudo]
            .into_iter()
            .find(|sampler| sampler.name() == model.sampler)
        else {
            return no(format!("`{}` is no sampler of this version", model.sampler));
        };
        let drawing = Drawing {
            case: args.case.clone(),
            reading: model.readings.clone(),
            set: model.set.clone(),
            expert: (!model.expert.is_empty()).then(|| model.expert.clone()),
            seed: model.seed,
            sampler,
        };
        let (opened, overrides) = case_file::to_draw(opened, &drawing)?;
        let judgement = super::sign::find(&opened.case, &signed.judgement)?;
        let Some(asked) = &judgement.asks else {
            return no(format!("the case computes nothing for it{from}"));
        };
        if let Asked::Amount(amount) = asked
            && amount.text != model.computes
        {
            return no(format!(
                "the case computes something else for it{from}: {}",
                amount.text
            ));
        }
        let options = RunOptions {
            stream: drawing.stream(),
            worlds: model.worlds,
            searches: model.searches,
            solutions: detente::solutions_of(model.searches),
            talks: detente::TALKS_PLAYED,
            talks_whole: detente::TALKS_WHOLE,
            threads: args.threads.map(|n| n as usize),
            effort: Effort::Fixed,
            record: model.weights == Weights::Record,
        };
        let share = match computed(&opened, &overrides, asked, options)? {
            Ok(share) => share,
            Err(not) => {
                return no(format!(
                    "{} does not come out{from}: {not}{}",
                    model.printed,
                    program(model)
                ));
            }
        };
        let levels = [0.05, 0.5, 0.95].map(|level| share.quantile(level).to_bits());
        let same = share.mean.value.to_bits() == model.share.to_bits()
            && share.mean.error.to_bits() == model.error.to_bits()
            && share.values.len() == model.told
            && model
                .quantiles
                .is_none_or(|q| q.map(f64::to_bits) == levels)
            && model.kinds == ink::kinds_of_talks(&share.kinds);
        let who = program(model);
        if same {
            return Ok(Verdict {
                proved: true,
                words: format!(
                    "{} comes out bit for bit{from} ({:016x}, {} worlds{who})",
                    model.printed,
                    model.share.to_bits(),
                    model.worlds
                ),
            });
        }
        no(format!(
            "{} does not come out{from}: {:016x} was signed, {:016x} comes out ({} against {}{who})",
            model.printed,
            model.share.to_bits(),
            share.mean.value.to_bits(),
            model.share,
            share.mean.value,
        ))
    }

    /// Which files are not those that were signed.
    fn changed(&self, signed: &Signed) -> Vec<String> {
        let now = texts(self.paths).files;
        let mut changed = Vec::new();
        for (name, hash) in &signed.case.files {
            match now.iter().find(|(known, _)| known == name) {
                Some((_, known)) if known == hash => {}
                Some(_) => changed.push(format!("{name} changed since it was signed")),
                None => changed.push(format!(
                    "{name} was there when it was signed and is not now"
                )),
            }
        }
        for (name, _) in &now {
            if signed.case.files.iter().all(|(known, _)| known != name) {
                changed.push(format!("{name} was not there when it was signed"));
            }
        }
        if changed.is_empty() && texts(self.paths).sha256 != signed.case.sha256 {
            changed.push("the files stand in another order than when it was signed".into());
        }
        changed
    }

    /// The case that was signed, of files that are as they were and of copies that were kept; nothing if one is missing.
    fn kept(&self, signed: &Signed) -> Option<Opened> {
        let mut files = Vec::new();
        for (name, hash) in &signed.case.files {
            let own = self.paths.texts.iter().map(|(_, text)| text);
            let own = own.into_iter().find(|text| of_text(text) == *hash).cloned();
            let text = own.or_else(|| self.file.kept_text(hash))?;
            if of_text(&text) != *hash {
                output::note(&format!("the copy of {name} is not as it was kept"));
                return None;
            }
            files.push((PathBuf::from(name), text));
        }
        let checked = case_file::check(&files);
        let (paths, texts) = files
            .into_iter()
            .map(|(path, text)| {
                let shown = path.display().to_string();
                (path, (shown, text))
            })
            .unzip();
        Some(Opened {
            case: checked.case?,
            texts,
            sources: checked.sources,
            paths,
            name: signed.case.name.clone(),
        })
    }
}

/// Which program signed, where it is not this one.
fn program(model: &Model) -> String {
    if model.version != VERSION {
        return format!("; signed by detente {}, this is {VERSION}", model.version);
    }
    let own = build::identity().unwrap_or_default();
    if model.build.is_empty() || own.is_empty() || model.build == own {
        String::new()
    } else {
        format!("; signed by another build of detente {VERSION}")
    }
}
