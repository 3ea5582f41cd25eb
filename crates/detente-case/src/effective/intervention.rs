//! What claims and anchors set to see what follows, and whether a world can have it.

use detente_diag::{Code, Diagnostic, Span};
use detente_math::Distribution;

use super::{About, Condition, Put, Rules};
use crate::{Anchor, Claim, ClaimTest, With};

/// Something that is set to see what follows: by a claim or by an anchor.
#[derive(Clone, Debug)]
pub struct Intervention<'a> {
    /// Who sets it, such as "claim `x`".
    who: String,
    with: &'a [With],
    /// Levers of which every set is tried.
    levers: &'a [usize],
    /// Where that is said of them.
    span: Option<Span>,
}

impl<'a> Intervention<'a> {
    /// All that claims and anchors set.
    pub fn all(claims: &'a [Claim], anchors: &'a [Anchor]) -> impl Iterator<Item = Self> {
        let of_claims = claims.iter().filter_map(|claim| match &claim.test {
            ClaimTest::Share(test) => Some(Self {
                who: format!("claim `{}`", claim.id),
                with: &test.with,
                levers: test.over.as_ref().map_or(&[], |over| &over.levers),
                span: Some(claim.span),
            }),
            ClaimTest::NotComputable(_) => None,
        });
        let sides = anchors
            .iter()
            .flat_map(|anchor| [(anchor, &anchor.with), (anchor, &anchor.against)]);
        let of_anchors = sides.map(|(anchor, with)| Self {
            who: format!("anchor `{}`", anchor.id),
            with,
            levers: &[],
            span: None,
        });
        of_claims.chain(of_anchors)
    }
}

impl Rules<'_> {
    /// What is wrong with what is tried over the case as written.
    pub(crate) fn faults_of_interventions<'t>(
        &self,
        tried: impl Iterator<Item = Intervention<'t>>,
    ) -> Vec<Diagnostic> {
        let written = [Condition::default()];
        tried
            .flat_map(|one| self.of_intervention(&one, &written))
            .collect()
    }

    /// What is not told under a condition, since no world can have what is set there: warnings.
    pub fn untold<'t>(
        &self,
        tried: impl Iterator<Item = Intervention<'t>>,
        conditions: &[Condition],
    ) -> Vec<Diagnostic> {
        let mut warnings = Vec::new();
        for one in tried {
            for fault in self.of_intervention(&one, conditions) {
                let message = format!("{} is not told there: {}", one.who, fault.message);
                warnings.push(Diagnostic {
                    code: Code::CLAIM_UNTOLD,
                    message,
                    help: Some(
                        "set what stands in its way there too, such as the switch of the other lever"
                            .to_owned(),
                    ),
                    ..fault
                });
            }
        }
        warnings
    }

    /// What is wrong with what is set, all levers pulled of which the sets are tried. What a condition breaks by itself
    /// is said of the condition, and what an earlier condition told is not said again.
    fn of_intervention(&self, tried: &Intervention, conditions: &[Condition]) -> Vec<Diagnostic> {
        let inputs = With::inputs(tried.with).map(Put::from);
        let pulled = tried.levers.iter().map(|lever| Put {
            input: self.shape.levers[*lever].on,
            distribution: &Distribution::Exact(1.0),
            span: tried.span,
        });
        let puts: Vec<Put> = inputs.chain(pulled).collect();
        let touched = self.touched(puts.iter().map(|put| put.input));
        let over = format!(" with what the {} sets", tried.who);
        let (mut said, mut faults): (Vec<About>, _) = (Vec::new(), Vec::new());
        for (c, condition) in conditions.iter().enumerate() {
            let own = self.touched(condition.puts.iter().map(|put| put.input));
            // Where the condition has no part in what is touched, the first one has told.
            if touched.is_empty() || c > 0 && own.is_disjoint(&touched) {
                continue;
            }
            let both = condition.and(puts.iter().copied(), &over);
            for rule in &touched {
                for broken in self.look(*rule, &both) {
                    let before = self.look(*rule, condition);
                    let known = before.iter().any(|b| b.about == broken.about);
                    if !known && !said.contains(&broken.about) {
                        said.push(broken.about.clone());
                        faults.push(self.placed(broken, &both));
                    }
                }
            }
        }
        faults
    }
}
