//! The models: from utilities to how likely each outcome is.

use detente_games::crisis_signalling as game;
use detente_math::{normal_cdf, normal_pdf};

/// What is estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// The crisis game with private information on both sides (Lewis & Schultz 2003).
    CrisisSignalling,
    /// The crisis game of two moves in which each move has noise of its own (Signorino 1999).
    Crisis(Noise),
    /// A multinomial logit (`McFadden` 1974): no game.
    Logit,
}

/// What the noise of moves is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noise {
    /// Logistic: odds are the exponential of what a move is worth.
    Logistic,
    /// Normal with variance 1 on each of both moves' worth, as the R package games has it by default.
    Normal,
}

impl Model {
    /// Names of its utilities.
    pub fn utilities(self, outcomes: &[String]) -> Vec<String> {
        match self {
            Model::CrisisSignalling => game::PAYOFFS.map(str::to_owned).to_vec(),
            Model::Crisis(_) => ["SA", "VA", "WA", "WB"].map(str::to_owned).to_vec(),
            Model::Logit => outcomes.iter().skip(1).cloned().collect(),
        }
    }

    /// How many outcomes it has, if that is given.
    pub(super) fn outcomes(self) -> Option<usize> {
        match self {
            Model::CrisisSignalling => Some(4),
            Model::Crisis(_) => Some(3),
            Model::Logit => None,
        }
    }

    /// Players all of whose utilities are estimated, none held at 0, and which are theirs.
    pub(super) fn players(self) -> Vec<(&'static str, &'static [usize])> {
        match self {
            Model::CrisisSignalling => vec![("A", &[0, 1, 3, 5]), ("B", &[2, 4, 6])],
            Model::Crisis(_) => vec![("A", &[0, 1, 2])],
            Model::Logit => Vec::new(),
        }
    }

    /// How likely each outcome is, and its slopes by each utility, row by row. Not for the signalling game, which has beliefs besides.
    pub(super) fn shares(self, u: &[f64], shares: &mut [f64], slopes: &mut [f64]) {
        match self {
            Model::Logit => logit(u, shares, slopes),
            Model::Crisis(noise) => crisis(noise, u, shares, slopes),
            Model::CrisisSignalling => unreachable!("it has beliefs"),
        }
    }
}

fn logit(u: &[f64], shares: &mut [f64], slopes: &mut [f64]) {
    let most = u.iter().copied().fold(0.0, f64::max);
    shares[0] = libm::exp(-most);
    for (share, u) in shares[1..].iter_mut().zip(u) {
        *share = libm::exp(u - most);
    }
    let all: f64 = shares.iter().sum();
    for share in shares.iter_mut() {
        *share /= all;
    }
    let count = u.len();
    for k in 0..=count {
        for i in 0..count {
            let own = f64::from(u8::from(k == i + 1));
            slopes[k * count + i] = shares[k] * (own - shares[i + 1]);
        }
    }
}

/// How likely something worth z more than the other is chosen; how likely the other is; the slope.
fn choice(noise: Noise, z: f64) -> [f64; 3] {
    match noise {
        Noise::Logistic => {
            let yes = 1.0 / (1.0 + libm::exp(-z));
            let no = 1.0 / (1.0 + libm::exp(z));
            [yes, no, yes * no]
        }
        Noise::Normal => {
            let z = z * std::f64::consts::FRAC_1_SQRT_2;
            let slope = normal_pdf(z) * std::f64::consts::FRAC_1_SQRT_2;
            [normal_cdf(z), normal_cdf(-z), slope]
        }
    }
}

fn crisis(noise: Noise, u: &[f64], shares: &mut [f64], slopes: &mut [f64]) {
    let [kept, won, war, war_b] = [u[0], u[1], u[2], u[3]];
    let [fights, gives, fights_by] = choice(noise, war_b);
    let [challenges, keeps, by] = choice(noise, fights * war + gives * won - kept);
    shares.copy_from_slice(&[keeps, challenges * gives, challenges * fights]);
    // By SA, VA, WA and WB.
    let moves = [-by, by * gives, by * fights, by * fights_by * (war - won)];
    for i in 0..4 {
        let answer = if i == 3 { challenges * fights_by } else { 0.0 };
        slopes[i] = -moves[i];
        slopes[4 + i] = moves[i] * gives - answer;
        slopes[8 + i] = moves[i] * fights + answer;
    }
}

/// The signalling game where B's resistance answers what A is thought to do, and A's threats what B is thought to do: no equilibrium unless
/// those are so. Slopes are by utilities alone.
pub(super) fn pseudo(u: &game::Payoffs, thought: [f64; 2], shares: &mut [f64], slopes: &mut [f64]) {
    let a = game::Challenger::facing(u, thought[0]);
    let b = game::Target::facing(u, thought[1]);
    let b_by: [f64; 7] = std::array::from_fn(|i| b.resists_by[i]);
    let a_by = |by: &[f64; 8]| -> [f64; 7] { std::array::from_fn(|i| by[i]) };
    both(
        &a,
        &b,
        [a_by(&a.stands_by), a_by(&a.backs_by), b_by],
        shares,
        slopes,
    );
}

/// The same in an equilibrium in which B resists with a chance. Slopes follow the equilibrium.
pub(super) fn in_equilibrium(
    u: &game::Payoffs,
    resist: f64,
    shares: &mut [f64],
    slopes: &mut [f64],
) {
    let a = game::Challenger::facing(u, resist);
    let b = game::Target::facing(u, a.fight(u));
    let moves = game::resist_by(u, &a);
    let follows = |by: &[f64; 8]| -> [f64; 7] { std::array::from_fn(|i| by[i] + by[7] * moves[i]) };
    both(
        &a,
        &b,
        [follows(&a.stands_by), follows(&a.backs_by), moves],
        shares,
        slopes,
    );
}

fn both(
    a: &game::Challenger,
    b: &game::Target,
    [stands_by, backs_by, resists_by]: [[f64; 7]; 3],
    shares: &mut [f64],
    slopes: &mut [f64],
) {
    let challenges = a.challenges();
    shares.copy_from_slice(&[
        a.keeps,
        challenges * b.concedes,
        a.stands * b.resists,
        a.backs * b.resists,
    ]);
    for i in 0..7 {
        let threat = stands_by[i] + backs_by[i];
        slopes[i] = -threat;
        slopes[7 + i] = threat * b.concedes - challenges * resists_by[i];
        slopes[14 + i] = stands_by[i] * b.resists + a.stands * resists_by[i];
        slopes[21 + i] = backs_by[i] * b.resists + a.backs * resists_by[i];
    }
}
