//! How far a long run has come: a bar on a terminal, a plain line every few seconds elsewhere.
//!
//! An example brings this in with `#[path = "../terminal/progress.rs"] mod progress;`. All of it goes to standard
//! error, so that standard output holds results only.

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// The time between two plain lines: often enough to see life, seldom enough for a log file.
const BETWEEN_LINES: Duration = Duration::from_secs(5);

const TEMPLATE: &str =
    "{bar:32} {percent:>3}%  {human_pos} of {human_len} samples  {per_sec}  {eta} left  {msg}";

/// The progress of a run over a known number of samples.
pub struct Progress {
    total: u64,
    started: Instant,
    display: Display,
}

enum Display {
    Bar(ProgressBar),
    Lines { next: Instant },
}

impl Progress {
    /// Begins to show a run of `total` samples.
    pub fn new(total: u64) -> Self {
        let started = Instant::now();
        let display = if std::io::stderr().is_terminal() {
            // The template is constant, so only a mistake in it could be refused; a plain bar does then.
            let style =
                ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar());
            Display::Bar(ProgressBar::new(total).with_style(style))
        } else {
            Display::Lines { next: started + BETWEEN_LINES }
        };
        Self { total, started, display }
    }

    /// Shows that `done` samples are finished and what the loss is; cheap enough to call after every batch.
    pub fn update(&mut self, done: u64, loss: f64) {
        match &mut self.display {
            Display::Bar(bar) => {
                bar.set_message(format!("loss {loss:.4e}"));
                bar.set_position(done);
            }
            Display::Lines { next } => {
                let now = Instant::now();
                if now >= *next {
                    *next = now + BETWEEN_LINES;
                    print_line(&line(done, self.total, now - self.started, loss));
                }
            }
        }
    }

    /// Shows the end of the run and leaves it on the screen.
    pub fn finish(self, loss: f64) {
        match self.display {
            Display::Bar(bar) => bar.finish_with_message(format!("loss {loss:.4e}")),
            Display::Lines { .. } => print_line(&line(self.total, self.total, self.started.elapsed(), loss)),
        }
    }
}

/// A closed standard error is no reason to stop a run of hours.
fn print_line(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// One line of plain progress: how much is done, how fast, how long it has to go, and the loss.
pub fn line(done: u64, total: u64, elapsed: Duration, loss: f64) -> String {
    let per_second = done as f64 / elapsed.as_secs_f64().max(1e-9);
    let left = total.saturating_sub(done) as f64 / per_second;
    // Before the first sample the speed is 0 and the time left has no value.
    let left =
        Duration::try_from_secs_f64(left).map_or("unknown time".to_owned(), |t| HumanDuration(t).to_string());
    format!(
        "{} of {} samples, {}/s, {left} left, loss {loss:.4e}",
        HumanCount(done),
        HumanCount(total),
        HumanCount(per_second as u64),
    )
}
