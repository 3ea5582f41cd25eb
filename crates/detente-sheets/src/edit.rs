//! Puts answers into the text of a case: each stands where its number stands, as one of its experts, with name and date.
//!
//! Nothing else of the text is touched, not a comment, not a blank: places are known by the checker's own spans, and what stands there is
//! replaced. A second file for experts would have to say a number twice, which the language refuses, since one place says what a number is. What comes
//! of it is checked before anybody writes it: the answers stand, and every other number is what it was.

mod splice;

use detente_case::{Case, Draw, Input, Status, Tree, check};
use detente_diag::{Diagnostic, Diagnostics, FileId, Severity, Span};

use crate::fault::Faults;
use crate::register::Answer;
use splice::{Own, Place, splice};

/// Whose answers they are.
#[derive(Clone, Debug)]
pub struct Expert {
    /// Name.
    pub name: String,
    /// When they were given, as 2025-03-19.
    pub on: String,
}

/// What putting answers into a case makes of it.
#[derive(Clone, Debug, Default)]
pub struct Put {
    /// The texts of the case's files, in their order.
    pub texts: Vec<String>,
    /// What became of each answer that was put in.
    pub changes: Vec<Change>,
    /// Why others could not be.
    pub refused: Vec<Diagnostic>,
}

/// A number with a new expert.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Its path.
    pub path: String,
    /// What the same expert said before, or what stood there and has given way.
    pub before: Before,
    /// What the expert says.
    pub after: String,
    /// A warning that goes with it.
    pub changed: Option<Diagnostic>,
}

/// What an answer found.
#[derive(Clone, Debug, PartialEq)]
pub enum Before {
    /// The same answer: nothing was changed.
    Same,
    /// Another answer of the same expert, which it replaces.
    Answered(String),
    /// A number that nobody vouched for, which it replaces; a comment keeps it.
    Unvouched(String),
    /// Nothing: the language's default stood for it.
    Default(String),
    /// The case's own number or other experts, beside whom it now stands.
    Beside(String),
}

/// Puts answers into the texts of a case, given with what to call each file.
#[must_use]
pub fn put(files: &[(String, String)], case: &Case, expert: &Expert, answers: &[Answer]) -> Put {
    let mut put = apply(files, case, expert, answers);
    let Err(why) = holds(files, &put.texts, case, expert, &put.changes) else {
        return put;
    };
    // One answer that cannot stand must not take the others with it: each is tried alone.
    let mut refused = std::mem::take(&mut put.refused);
    let mut sound = Vec::new();
    for answer in answers {
        let alone = apply(files, case, expert, std::slice::from_ref(answer));
        match holds(files, &alone.texts, case, expert, &alone.changes) {
            Ok(()) if alone.refused.is_empty() => sound.push(answer.clone()),
            Ok(()) => {}
            Err(why) => refused.push(not_put(answer, &why)),
        }
    }
    let mut put = apply(files, case, expert, &sound);
    put.refused = refused;
    if sound.len() == answers.len() || holds(files, &put.texts, case, expert, &put.changes).is_err()
    {
        // Only together do they make something that no world can have.
        put.refused
            .extend(sound.iter().map(|answer| not_put(answer, &why)));
        put.changes.clear();
        put.texts = files.iter().map(|(_, text)| text.clone()).collect();
    }
    put
}

fn not_put(answer: &Answer, why: &str) -> Diagnostic {
    let mut faults = Faults::default();
    let what = format!("{} cannot be put into the case: {why}", answer.path);
    let help = "write it into the case by hand, or ask the expert again";
    faults.say(detente_diag::Code::NOT_PUT, &answer.at, what, help);
    faults.into_list().remove(0)
}

/// The texts with the answers in them.
fn apply(files: &[(String, String)], case: &Case, expert: &Expert, answers: &[Answer]) -> Put {
    let mut texts: Vec<String> = files.iter().map(|(_, text)| text.clone()).collect();
    let trees: Vec<Option<Tree>> = texts
        .iter()
        .enumerate()
        .map(|(f, text)| parse(text, f))
        .collect();
    let mut put = Put::default();
    for answer in answers {
        let Some(input) = case.inputs.iter().find(|input| input.path == answer.path) else {
            continue;
        };
        let own = own(input);
        let place = match input.span {
            Some(span) => stands(&trees, span),
            None => None,
        };
        let keys: Vec<String> = answer.path.split('.').map(str::to_owned).collect();
        let place = place.unwrap_or_else(|| Place {
            file: home(&texts, &keys),
            keys,
        });
        // Texts change from answer to answer, so that places are looked up anew.
        let tree = parse(&texts[place.file], place.file);
        let made = tree
            .ok_or_else(|| "its text cannot be read any more".to_owned())
            .and_then(|tree| {
                splice(
                    (&texts[place.file], &tree),
                    &place.keys,
                    &own,
                    expert,
                    answer,
                )
            });
        match made {
            Ok((text, before)) => {
                texts[place.file] = text;
                put.changes.push(Change {
                    path: answer.path.clone(),
                    before,
                    after: answer.value.clone(),
                    changed: answer.changed.clone(),
                });
            }
            Err(why) => put.refused.push(not_put(answer, &why)),
        }
    }
    put.texts = texts;
    put
}

/// What the case itself says of a number, as far as an answer touches it.
fn own(input: &Input) -> Own {
    Own {
        by: input.said.by.clone(),
        vouched: !matches!(input.status, Status::Placeholder | Status::Default),
        default: input.text.clone(),
    }
}

fn parse(text: &str, file: usize) -> Option<Tree> {
    let file = FileId(u32::try_from(file).unwrap_or(u32::MAX));
    Tree::parse(text, file, &mut Diagnostics::default())
}

/// The keys of the value that stands at a place of a text.
fn stands(trees: &[Option<Tree>], span: Span) -> Option<Place> {
    fn find(tree: &Tree, span: Span, keys: &mut Vec<String>) -> bool {
        for (key, value) in tree.entries() {
            keys.push(key.text.clone());
            if value.span == span || find(value, span, keys) {
                return true;
            }
            keys.pop();
        }
        false
    }
    let file = span.file.0 as usize;
    let mut keys = Vec::new();
    let found = find(trees.get(file)?.as_ref()?, span, &mut keys);
    found.then_some(Place { file, keys })
}

/// The file that says most of what stands around a number, the first of equals.
fn home(texts: &[String], keys: &[String]) -> usize {
    let depth = |text: &String| {
        let Some(tree) = parse(text, 0) else { return 0 };
        let mut at = &tree;
        keys.iter()
            .take_while(|key| match at.get(key) {
                Some(inner) => {
                    at = inner;
                    true
                }
                None => false,
            })
            .count()
    };
    let depths: Vec<usize> = texts.iter().map(depth).collect();
    let most = depths.iter().copied().max().unwrap_or(0);
    depths.iter().position(|own| *own == most).unwrap_or(0)
}

/// Is the case that comes of it the same but for the answers, and do these stand in it?
fn holds(
    files: &[(String, String)],
    texts: &[String],
    case: &Case,
    expert: &Expert,
    changes: &[Change],
) -> Result<(), String> {
    let named: Vec<(&str, &str)> = files
        .iter()
        .zip(texts)
        .map(|((name, _), text)| (name.as_str(), text.as_str()))
        .collect();
    let checked = check(&named, &detente_core::catalogue::all());
    let Some(after) = checked.case else {
        let mut errors = checked.diagnostics.iter();
        let first = errors.find(|d| d.severity() == Severity::Error);
        return Err(first.map_or_else(String::new, |d| d.message.clone()));
    };
    let answered = |path: &str| changes.iter().any(|change| change.path == path);
    for change in changes {
        let input = after.inputs.iter().find(|input| input.path == change.path);
        let experts = input.map_or(&[][..], |input| &input.experts);
        let own = experts
            .iter()
            .filter(|own| own.by == expert.name && own.on == expert.on);
        if own.count() != 1 {
            return Err("it does not stand there once it is written".to_owned());
        }
    }
    // What is only a default may be listed no more once another number is stated.
    let kept = |input: &&Input| {
        let assumed = matches!(input.status, Status::Default | Status::Unstated);
        !answered(&input.path) && !assumed
    };
    for before in case.inputs.iter().filter(kept) {
        let same = after.inputs.iter().find(|input| input.path == before.path);
        let same = same.is_some_and(|after| match (&after.draw, &before.draw) {
            (Draw::Own(a), Draw::Own(b)) => a == b && after.status == before.status,
            (Draw::Own(_), _) | (_, Draw::Own(_)) => false,
            _ => after.status == before.status,
        });
        if !same {
            return Err(format!("it would change {} too", before.path));
        }
    }
    Ok(())
}
