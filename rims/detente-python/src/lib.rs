//! detente for Python: what `detente._detente` offers to the package around it, `python/detente`.
//!
//! Objects here hold what Rust holds and hand out numbers, texts and tables; names, defaults and pictures are the package's.

mod asked;
mod case;
mod facts;
mod faults;
mod game;
mod table;
mod work;

use pyo3::prelude::*;

#[pymodule]
mod _detente {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::case::{Core, Told};
    #[pymodule_export]
    use crate::game::GameCore;
    #[pymodule_export]
    use crate::table::Table;

    use crate::table::{Column, Holds};
    use crate::{facts, faults};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        // A panic is a defect of ours: it is caught and raised as such, and none prints a trace.
        std::panic::set_hook(Box::new(|_| {}));
        module.add("__version__", detente::VERSION)
    }

    /// A table of columns in hand.
    #[pyfunction]
    fn columns(
        words: Vec<(String, Vec<String>)>,
        numbers: Vec<(String, Vec<f64>)>,
        whole: Vec<(String, Vec<i64>)>,
    ) -> PyResult<Table> {
        let words = words.into_iter().map(|(name, it)| (name, Holds::Words(it)));
        let numbers = numbers
            .into_iter()
            .map(|(name, it)| (name, Holds::Numbers(it)));
        let whole = whole.into_iter().map(|(name, it)| (name, Holds::Whole(it)));
        let all = words.chain(numbers).chain(whole);
        let all = all.map(|(name, holds)| Column {
            name,
            about: Vec::new(),
            holds,
        });
        Table::new(all.collect())
    }

    /// The style of a report.
    #[pyfunction]
    fn style() -> &'static str {
        detente::report::STYLE
    }

    /// What lenses report, as JSON.
    #[pyfunction]
    fn quantities() -> String {
        facts::quantities().to_string()
    }

    /// Diagnostic codes, as JSON.
    #[pyfunction]
    fn codes() -> String {
        facts::codes().to_string()
    }

    /// The page of a code, a lens, a quantity or a key of the language.
    #[pyfunction]
    fn explain(py: Python<'_>, topic: &str) -> PyResult<String> {
        detente::explain(topic).map_err(|near| {
            let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            faults::bad_call(py, &format!("nothing is known of `{topic}`{near}"))
        })
    }

    /// The text of a case to start from.
    #[pyfunction]
    fn new_case(py: Python<'_>, like: &str, name: &str) -> PyResult<String> {
        let mut all = detente::Template::ALL.into_iter();
        let template = all.find(|template| template.name() == like);
        let template = template.ok_or_else(|| {
            let known: Vec<&str> = detente::Template::ALL.iter().map(|t| t.name()).collect();
            let known = known.join(", ");
            faults::bad_call(
                py,
                &format!("no case starts like `{like}`; there are: {known}"),
            )
        })?;
        Ok(detente::new_case(template, name))
    }
}
