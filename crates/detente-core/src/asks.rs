//! Of whom a lens asks what: definitions that its solver and its certificate share.

use crate::{LeverKind, NamedPackage, PartySet, Setting, Side, Trigger, World};

/// Combinations of options of which, where there are no more, a search judges every one by what deals are worth.
pub const JUDGED_ONE_BY_ONE: u128 = 512;

/// Months up to which `compelled` is told.
pub const COMPELLED_TOLD: usize = 36;
/// Months after which a party is asked whether it holds; `supply_after` is told up to here.
pub const HELD_FOR: usize = 24;
/// Month by which an effective veto player is not compelled.
pub const YEAR: usize = 12;
/// `endures` where a case does not say.
pub const ENDURES_FOR: f64 = 36.0;
/// What v* is, of whoever refuses.
pub const COMPELLED_BAR_IS: &str =
    "chance of not being compelled within a year above which it has an effective veto";
/// v* where a case does not say.
pub const COMPELLED_BAR: f64 = 0.5;
/// A change of what refusing is worth that is rounding, in points.
pub const FLAT: f64 = 1e-9;
/// Types that make up this much of the target's prior decide for it.
pub const HALF: f64 = 0.5;
/// Months after a deal at which other definitions of failure are told: base rates are counted over five years.
pub const FIVE_YEARS: usize = 60;

/// Clauses that a package has to be performed, each performer counted, whose states are told apart at most.
pub const MOST_CLAUSES: usize = 8;

/// Months after which a gap that has not halved is said never to.
pub const LONGEST: usize = 600;

/// Whose refusal is asked about: who fights, has a refusal table, or is needed by some named package.
pub fn asked(setting: &Setting, party: usize) -> bool {
    setting.parties[party].side.is_some()
        || setting.parties[party].is_principal()
        || setting.refusals.iter().any(|r| r.party == party)
        || setting.packages.iter().any(|p| p.needed.contains(party))
}

/// Who signs a named package: those whom it needs not only to perform a clause of it.
pub fn signing(setting: &Setting, package: &NamedPackage) -> PartySet {
    let others = package.needed.without(setting.performers(&package.choice));
    others.union(setting.signatories().intersection(package.needed))
}

/// The side that a party fights on, or the only one that it supplies.
pub fn camp(setting: &Setting, party: usize) -> Option<Side> {
    let stated = setting.parties[party].side;
    let contest = setting.contest.as_ref();
    let supplies = contest.into_iter().flat_map(|c| &c.supplies);
    let nests = contest.map_or(&[][..], |c| &c.nests[..]);
    let mut given = supplies
        .filter(|s| s.from == party)
        .map(|s| nests[s.nest].side);
    stated.or_else(|| {
        let first = given.next()?;
        given.all(|side| side == first).then_some(first)
    })
}

/// Is `other` an ally of `party`: on its side, or supplying only it?
pub fn allies(setting: &Setting, party: usize, other: usize) -> bool {
    let own = camp(setting, party);
    party != other && own.is_some() && own == camp(setting, other)
}

/// The numbers of a party's refusal table: line loss (NaN: not stated), months that count, v*.
pub fn bars(setting: &Setting, world: &World, party: usize) -> (f64, f64, f64) {
    let stated = setting.refusals.iter().position(|r| r.party == party);
    stated.map_or((f64::NAN, ENDURES_FOR, COMPELLED_BAR), |r| {
        let n = &world.numbers.refusals[r];
        (n.line_loss, n.endures, n.compelled_bar)
    })
}

/// Parties whose view of a lever counts: who broke the deal, or the signatories that a guarantor is none of.
pub fn audience(setting: &Setting, lever: usize) -> Vec<usize> {
    if let Trigger::Violate(violator) = setting.levers[lever].trigger {
        return vec![violator];
    }
    let by = setting.levers[lever].by;
    let signing = setting.signatories().iter();
    signing.filter(|party| *party != by).collect()
}

/// Is the lever one that must also be withheld from who accepts?
pub fn punishes(kind: LeverKind) -> bool {
    matches!(kind, LeverKind::Stick | LeverKind::Pressure)
}

/// Does its target see a chance that the lever is pulled? A promise that only changes a war is tested when a war resumes.
pub fn has_credibility(setting: &Setting, world: &World, lever: usize) -> bool {
    if world.numbers.levers[lever].on <= 0.0 {
        return false;
    }
    match setting.levers[lever].trigger {
        Trigger::Refuse(_) => true,
        Trigger::Accept => setting.levers[lever].pays(),
        // What answers a breach is weighed with what may follow a deal.
        Trigger::Now | Trigger::Violate(_) => false,
    }
}

/// The parties that a lever is to move: who refuses, or the signatories other than the wielder.
pub fn targets(setting: &Setting, lever: usize) -> Vec<usize> {
    let lever = &setting.levers[lever];
    match lever.trigger {
        Trigger::Now => Vec::new(),
        Trigger::Refuse(refuser) => vec![refuser],
        Trigger::Violate(violator) => vec![violator],
        Trigger::Accept => {
            let signing = setting.signatories();
            signing.iter().filter(|party| *party != lever.by).collect()
        }
    }
}
/// Whole months of a count that may be drawn with a fraction.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "kept within the months of a table"
)]
pub fn whole(months: f64) -> usize {
    months.clamp(0.0, 1e6).floor() as usize
}
