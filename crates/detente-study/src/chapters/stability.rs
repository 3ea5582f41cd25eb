//! Would anybody leave a package once it is signed? How often each is stable, who would move and how.

use detente_core::Handle;
use detente_core::asks::signing;
use detente_core::catalogue::{settlement, stability};
use detente_evidence::chapters::stability::{Holding, Leaving, Stability};

use super::Study;

/// Nothing but what holds by definition is to be told where nobody performs anything and ending a deal brings what refusing it would have.
pub(super) fn applies(study: &Study) -> bool {
    let setting = study.setting();
    let told = (0..setting.packages.len()).any(|p| is_told(study, p));
    told && (performed(study) || !study.case.shape.durability.is_empty())
}

fn is_told(study: &Study, p: usize) -> bool {
    study.table.mean(stability::SEQUENTIAL, &[p]).n > 0
}

fn performed(study: &Study) -> bool {
    let setting = study.setting();
    let mut packages = setting.packages.iter();
    packages.any(|package| {
        let mut taken = setting.issues.iter().zip(&package.choice);
        taken.any(|(k, o)| k.status_quo != *o && k.options[*o as usize].performers.0 != 0)
    })
}

pub(super) fn tell(study: &Study) -> Stability {
    let (told, untold): (Vec<usize>, Vec<usize>) =
        study.order.iter().partition(|p| is_told(study, **p));
    Stability {
        packages: told.into_iter().map(|p| holding(study, p)).collect(),
        untold,
        performed: performed(study),
    }
}

fn holding(study: &Study, p: usize) -> Holding {
    let (setting, table) = (study.setting(), study.table);
    let package = &setting.packages[p];
    let chance = |of: Handle, index: &[usize]| table.mean(of, index).value;
    let signs = signing(setting, package);
    let leaving = |party: usize| {
        let issues = setting.issues.iter().zip(&package.choice).enumerate();
        let own = issues.filter(|(_, (k, o))| {
            k.status_quo != **o && k.options[**o as usize].performers.contains(party)
        });
        let withholds = own.map(|(issue, _)| {
            let at = [party, p, issue];
            (issue, chance(stability::WOULD_WITHHOLD, &at))
        });
        Leaving {
            party,
            improves: chance(stability::IMPROVES, &[party, p]),
            moves: chance(stability::WOULD_MOVE, &[party, p]),
            ends: signs
                .contains(party)
                .then(|| chance(stability::WOULD_BREAK, &[party, p])),
            withholds: withholds.collect(),
        }
    };
    let mut parties: Vec<Leaving> = package.needed.iter().map(leaving).collect();
    parties.sort_by(|a, b| b.moves.total_cmp(&a.moves));
    Holding {
        package: p,
        signed: table.mean(settlement::AGREED, &[p]),
        sequential: table.mean(stability::SEQUENTIAL, &[p]),
        nash: table.mean(stability::NASH, &[p]),
        parties,
    }
}
