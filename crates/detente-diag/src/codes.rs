//! The table of codes. Numbers are never reused; a retired code keeps its row with a note on its page.
//!
//! 01xx reading the file · 02xx keys and shapes · 03xx numbers · 04xx names and references · 05xx the model's parts ·
//! 06xx readings · 07xx warnings to the analyst · 08xx limits · 09xx game files · 10xx ledgers ·
//! 11xx fits · 12xx spreadsheets · 13xx runs that are merged.

use crate::Severity;

/// A diagnostic code such as `D0301`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(u16);

/// What is known of a code.
#[derive(Clone, Copy, Debug)]
pub struct CodeInfo {
    /// The code.
    pub code: Code,
    /// Error or warning.
    pub severity: Severity,
    /// One line.
    pub title: &'static str,
    /// The explanation page, Markdown, with examples that a test executes.
    pub page: &'static str,
}

macro_rules! codes {
    ($($name:ident = $number:literal, $severity:ident, $title:literal, $file:literal;)*) => {
        impl Code {
            $(#[doc = $title] pub const $name: Code = Code($number);)*
        }
        /// Every code, in order.
        pub const CODES: &[CodeInfo] = &[
            $(CodeInfo {
                code: Code::$name,
                severity: Severity::$severity,
                title: $title,
                page: include_str!(concat!("../pages/", $file, ".md")),
            },)*
        ];
    };
}

codes! {
    NOT_FOUND = 101, Error, "the case cannot be opened", "D0101";
    NOT_TEXT = 102, Error, "the file is not UTF-8 text", "D0102";
    EMPTY = 103, Error, "the case is empty", "D0103";
    TOML = 104, Error, "the text is not TOML", "D0104";
    UNKNOWN_KEY = 201, Error, "unknown key", "D0201";
    MISSING_KEY = 202, Error, "a required key is missing", "D0202";
    WRONG_SHAPE = 203, Error, "a value of the wrong kind", "D0203";
    NOT_A_CHOICE = 204, Error, "not one of the allowed words", "D0204";
    BAD_NAME = 205, Error, "not a name", "D0205";
    BAD_DATE = 206, Error, "not a date", "D0206";
    BAD_NUMBER = 301, Error, "not a number", "D0301";
    REVERSED = 302, Error, "the range runs backwards", "D0302";
    OUT_OF_BOUNDS = 303, Error, "a number beyond its field's bound", "D0303";
    ON_BOUND = 304, Error, "an end of the range lies on the field's bound", "D0304";
    NOT_INCREASING = 305, Error, "low, middle and high do not increase", "D0305";
    WRONG_UNIT = 306, Error, "a unit that the field does not have", "D0306";
    FACT_MISMATCH = 307, Error, "a fact that cannot be taken so", "D0307";
    UNKNOWN_NAME = 401, Error, "a name that is not defined", "D0401";
    UNKNOWN_PATH = 402, Error, "a path that leads to no number", "D0402";
    BAD_STATEMENT = 403, Error, "a statement that cannot be read", "D0403";
    UNKNOWN_QUANTITY = 404, Error, "a quantity that does not exist", "D0404";
    NOT_SETTABLE = 405, Error, "a quantity that cannot be set", "D0405";
    DEFINED_TWICE = 406, Error, "the same thing in two files of a case", "D0406";
    NAMED_TWICE = 407, Error, "a name that stands twice in a list", "D0407";
    TOO_FEW = 501, Error, "too few of something", "D0501";
    MISSING_VALUE = 502, Error, "an option has no value", "D0502";
    NO_PACKAGE = 503, Error, "no package satisfies the constraints", "D0503";
    FORBIDDEN_PACKAGE = 504, Error, "a named package breaks a constraint", "D0504";
    NO_SIDE = 505, Error, "the contest lacks a side", "D0505";
    BAD_LINE = 506, Error, "the line issue lacks positions", "D0506";
    LEVER_CLASH = 507, Error, "two levers set the same number", "D0507";
    NO_SPREAD = 508, Error, "all options are worth the same to a party", "D0508";
    NOTHING_LEFT = 509, Error, "an empty list, or numbers that add up to nothing", "D0509";
    WEIGHTS_CLASH = 510, Error, "weights stated in ways that exclude each other", "D0510";
    BAD_CORRELATION = 511, Error, "numbers that cannot move together so", "D0511";
    TWO_ALTERNATIVES = 512, Error, "more than one account of no deal", "D0512";
    IDLE_LEVER = 513, Error, "a lever that no answer depends on", "D0513";
    BAD_PROCESS = 514, Error, "a process that cannot run", "D0514";
    BAD_TERM = 515, Error, "a word of the case's own that cannot stand", "D0515";
    TALKS = 516, Error, "talks that cannot go so", "D0516";
    IDLE_LAPSE = 517, Error, "what follows a deal, where nothing does", "D0517";
    READING_CIRCLE = 601, Error, "a reading that includes itself", "D0601";
    UNSOURCED = 701, Warning, "numbers without a source", "D0701";
    UNUSED_PARTY = 702, Warning, "a party that nothing uses", "D0702";
    READING_IDLE = 703, Warning, "a reading that changes nothing", "D0703";
    COST_NOT_RESTATED = 704, Warning, "a cost in points on another type's scale", "D0704";
    BEYOND_BOUND = 705, Warning, "much of a number lies beyond its bound", "D0705";
    UNUSED_NUMBER = 706, Warning, "a number that nothing uses", "D0706";
    BY_CONSTRUCTION = 707, Warning, "a statement that nothing could refute", "D0707";
    NO_ALTERNATIVE = 708, Warning, "nothing says what no deal is worth", "D0708";
    NOT_YET_COMPUTED = 709, Warning, "a part of the case that no lens uses yet", "D0709";
    LATER_THAN_CASE = 710, Warning, "something later than the case's date", "D0710";
    NO_PACKAGE_LEFT = 711, Warning, "red lines that leave a party no package", "D0711";
    IMPOSSIBLE_CORRELATION = 712, Warning, "correlations that no numbers can have", "D0712";
    PRIORS_OFF = 713, Warning, "priors far from adding up to one", "D0713";
    WEIGHTS_OFF = 714, Warning, "weights on two scales", "D0714";
    LINE_OFF = 715, Warning, "a line that leaves its positions", "D0715";
    UNITS_DIFFER = 716, Warning, "numbers of different units are set against each other", "D0716";
    DEFAULTS = 717, Warning, "defaults that answers depend on", "D0717";
    SCALED_APART = 718, Warning, "a range of which one end alone bears a percent sign or a k", "D0718";
    CLAIM_UNTOLD = 719, Warning, "a claim or an anchor that a condition leaves untold", "D0719";
    TAKEN_OVER = 720, Warning, "a number that a running lever sets too", "D0720";
    UNCOUNTED_FLOW = 721, Warning, "a monthly cost that nothing counts", "D0721";
    IDLE_ACT = 722, Warning, "an act that weighs nothing, or answers what was not there yet", "D0722";
    IDLE_ANCHOR = 723, Warning, "an anchor, or a part of it, that says nothing", "D0723";
    STATED_APART = 724, Warning, "a number of a party that some of its types state for themselves", "D0724";
    TOO_LARGE = 801, Error, "beyond a limit", "D0801";
    GAME_HEADER = 901, Error, "not a game file of a known kind", "D0901";
    GAME_SYNTAX = 902, Error, "a game file that cannot be read here", "D0902";
    GAME_NUMBER = 903, Error, "not a number of a game file", "D0903";
    GAME_PLAYER = 904, Error, "a player who does not exist", "D0904";
    GAME_UNDEFINED = 905, Error, "mentioned before it is described", "D0905";
    GAME_TWICE = 906, Error, "described a second time, and otherwise", "D0906";
    GAME_CHANCE = 907, Error, "probabilities that do not add up to one", "D0907";
    GAME_PAYOFFS = 908, Error, "payoffs that are not as many as the players", "D0908";
    GAME_NULL = 909, Error, "outcome 0 with payoffs", "D0909";
    GAME_INCOMPLETE = 910, Error, "a game that is not complete", "D0910";
    GAME_TOO_LONG = 911, Error, "a table with more entries than profiles", "D0911";
    GAME_BEHIND = 912, Warning, "text behind the last node", "D0912";
    ENTRY_CHANGED = 1001, Error, "an entry of a ledger is not as it was written", "D1001";
    CHAIN_BROKEN = 1002, Error, "entries of a ledger do not follow one another", "D1002";
    HEAD_MISSING = 1003, Error, "a ledger does not hold what was quoted of it", "D1003";
    BAD_FORMULA = 1101, Error, "a formula that cannot be read", "D1101";
    NO_COLUMN = 1102, Error, "a column that the table does not have", "D1102";
    BAD_CELL = 1103, Error, "a cell that is not what its column needs", "D1103";
    NOT_APART = 1104, Error, "weights that the data do not tell apart", "D1104";
    NO_ESTIMATE = 1105, Error, "no estimate was found", "D1105";
    BAD_WORKBOOK = 1201, Error, "a file that is no spreadsheet", "D1201";
    NO_COLUMN_IN_SHEET = 1202, Error, "a sheet, a column or an entry that is not there", "D1202";
    BAD_SHEET_CELL = 1203, Error, "a cell that is not what belongs there", "D1203";
    NOT_IN_SHEET = 1204, Error, "a name that the spreadsheet does not define", "D1204";
    SAID_TWICE = 1205, Error, "the same thing twice, or otherwise", "D1205";
    NO_SUCH_ROW = 1206, Error, "a row of a register that leads to no number", "D1206";
    BAD_ANSWER = 1207, Error, "an expert's answer that cannot stand", "D1207";
    NUMBER_CHANGED = 1208, Warning, "a number that is another than when it was asked for", "D1208";
    NOT_PUT = 1209, Error, "an answer that could not be put into the case", "D1209";
    RUN_UNSOUND = 1301, Error, "a folder that holds no whole run as it was written", "D1301";
    RUN_DIFFERS = 1302, Error, "ranges of different wholes", "D1302";
    RUN_GAP = 1303, Error, "worlds that no range holds", "D1303";
    RUN_OVERLAP = 1304, Error, "worlds that two ranges hold", "D1304";
}

impl Code {
    /// Its row of [`CODES`].
    pub fn info(self) -> &'static CodeInfo {
        CODES
            .iter()
            .find(|info| info.code == self)
            .expect("every code is made by the table")
    }

    /// Is it said of ledgers alone?
    pub fn of_ledgers(self) -> bool {
        self.0 / 100 == 10
    }

    /// Is it said of fits alone: formulas, their tables, and what the data do not tell?
    pub fn of_fits(self) -> bool {
        self.0 / 100 == 11
    }

    /// Is it said of spreadsheets alone: tables of parties and issues, registers that experts fill?
    pub fn of_sheets(self) -> bool {
        self.0 / 100 == 12
    }

    /// Is it said of folders of runs alone, where they are merged?
    pub fn of_runs(self) -> bool {
        self.0 / 100 == 13
    }

    /// Is it said of game files (`.efg`, `.nfg`) alone?
    pub fn of_game_files(self) -> bool {
        self.0 / 100 == 9
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "D{:04}", self.0)
    }
}

/// The row of a code as a user types it (`D0301`, `d301`).
pub fn find_code(typed: &str) -> Option<&'static CodeInfo> {
    let number: u16 = typed.trim().strip_prefix(['D', 'd'])?.parse().ok()?;
    CODES.iter().find(|info| info.code.0 == number)
}

#[cfg(test)]
mod tests {
    use super::{CODES, find_code};

    #[test]
    fn codes_are_sorted_unique_and_their_pages_name_them() {
        assert!(CODES.windows(2).all(|w| w[0].code < w[1].code));
        for info in CODES {
            let first = info.page.lines().next().unwrap_or_default();
            assert_eq!(
                first,
                format!("# {}: {}", info.code, info.title),
                "first line of the page"
            );
        }
    }

    #[test]
    fn finds_a_code_as_typed() {
        assert_eq!(
            find_code("d302").map(|i| i.title),
            Some("the range runs backwards")
        );
        assert!(find_code("D9999").is_none());
        assert!(find_code("reversed").is_none());
    }
}
