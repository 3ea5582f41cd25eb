//! The nouns that case and lenses share: a [`Setting`] (what a case is about, without its numbers), a [`World`] (one draw of
//! all its numbers), a [`Scene`] (a world with its no-deal solutions), and the catalogue of quantities that lenses report.
//!
//! `detente-case` makes settings and worlds from text; `detente-lens` examines scenes; the two never see each other.
//! Nothing here knows a distribution, a source or the case text.

mod aftermath;
pub mod asks;
pub mod catalogue;
mod deal;
mod leader;
mod lens;
mod no_deal;
mod paper;
mod play;
mod process;
mod profiles;
mod quantity;
mod refusal;
mod scene;
mod sets;
mod setting;
pub mod talks;
mod terms;
mod world;

pub use aftermath::{Aftermath, Prospect};
pub use catalogue::Handle;
pub use deal::{DealValue, Preferences, each_combination, interacting};
pub use leader::{Fate, leader_term, line_lost};
pub use lens::{Certified, Having, LensSpec, Maturity, Outcome, Reference, Verdict};
pub use no_deal::{
    Beliefs, Ending, LeverProfile, NoDealPart, NoDealSolution, OwnBeliefs, Payoffs, Query, TypeSet,
};
pub use paper::Identity;
pub use play::{
    AttackTarget, BaseRate, ContestTarget, Feature, FeatureKind, Lever, LeverKind, Messenger,
    Observable, Refusal, Target, Trigger, Turnover,
};
pub use process::{LAST_CHANGE, ProcessMove, ProcessPlace, ProcessSetting, ProcessState};
pub use profiles::{each_profile, needed_by_any};
pub use quantity::{
    BELIEFS, Dimension, Layout, MILESTONES, QuantitySpec, Row, RowView, Solution, Unit,
};
pub use refusal::Refusals;
pub use scene::{INDIFFERENT, Question, Scene, Search, Stand, is_enough, triggered_by};
pub use sets::{LAST_MONTH, breached, change, changed, freeze, sets_of_package, takes};
pub use setting::{
    Constraint, ContestSetting, Gate, Interaction, Issue, IssueOption, Label, LineStiffness,
    LotterySetting, NamedPackage, Nest, Party, PartySet, PartyType, Pattern, RedLine, Role,
    Setting, Side, Supply,
};
pub use terms::{TERMS, Term, TermSpec};
pub use world::{
    BehaviourNumbers, CapacityNumbers, ContestNumbers, DurabilityNumbers, FeatureNumbers, Fixed,
    GateNumbers, LeverNumbers, LotteryNumbers, MessengerNumbers, MoveNumbers, NestNumbers, Numbers,
    ObservableNumbers, PlaceNumbers, ProcessNumbers, RateNumbers, RedLineNumbers, RefusalNumbers,
    SupplyNumbers, TalksNumbers, TurnoverNumbers, TypeNumbers, World,
};
