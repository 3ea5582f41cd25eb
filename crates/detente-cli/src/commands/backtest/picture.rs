//! The picture of calibration: how often what was given a chance came.

use detente::svg::{self, credibility};
use detente_backtest::{Bin, Section};

/// Steps of the axis from 0 to 1.
const STEPS: usize = 1000;

/// A panel a trial that has a calibration, under one another; nothing if none has.
pub(super) fn drawn(sections: &[Section]) -> Option<String> {
    let told = sections.iter().filter(|section| !section.bins.is_empty());
    let panels: Vec<credibility::Panel> = told.map(panel).collect();
    if panels.is_empty() {
        return None;
    }
    let chart = credibility::Credibility {
        title: "How often what was given a chance came".into(),
        desc: "Lines over the chance that was given: what should have come, what came, and between what shares that would be no surprise."
            .into(),
        id: "calibration".into(),
        x_label: "chance that was given".into(),
        panels,
        mark: None,
        note: "Forecasts by tenths of what they gave, each at its mean. Where “as often as said” lies between both outer lines, what came is no \
               surprise: nine times of ten, were the forecasts independent."
            .into(),
    };
    Some(svg::standalone(&chart.render()))
}

fn panel(section: &Section) -> credibility::Panel {
    let line = |label: &str, color_index: usize, of: &dyn Fn(&Bin) -> f64| {
        let mut values = vec![f64::NAN; STEPS + 1];
        for bin in &section.bins {
            values[place(bin.mean)] = of(bin);
        }
        credibility::Line {
            label: label.into(),
            color_index,
            values,
        }
    };
    let mut straight = vec![f64::NAN; STEPS + 1];
    (straight[0], straight[STEPS]) = (0.0, 1.0);
    credibility::Panel {
        y_label: format!(
            "{}: the share that came, of what “{}” gave a chance",
            section.title, section.calibrated
        ),
        lines: vec![
            credibility::Line {
                label: "as often as said".into(),
                color_index: 2,
                values: straight,
            },
            line("came", 0, &Bin::rate),
            line("no surprise up to", 1, &|bin| bin.interval.high),
            line("no surprise from", 1, &|bin| bin.interval.low),
        ],
    }
}

fn place(chance: f64) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a probability"
    )]
    let step = (chance * STEPS as f64).round() as usize;
    step.min(STEPS)
}
