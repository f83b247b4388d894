//! What is wrong with a saved model, and where.

use crate::error::{Argument, Error, Reason};
use std::fmt;
use std::path::Path;

/// What is wrong with a saved model, and where: in words, and as the [`Error`] that the C functions give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelError {
    /// The file, the part of it, or both: `folder/synthetic_model.safetensors: bias`.
    pub place: String,
    /// What is wrong there.
    pub problem: String,
    /// The same without words.
    pub error: Error,
}

impl ModelError {
    pub(super) fn new(
        place: impl Into<String>,
        reason: Reason,
        argument: Argument,
        problem: impl Into<String>,
    ) -> Self {
        Self { place: place.into(), problem: problem.into(), error: Error::new(reason, argument) }
    }

    /// The same, with the file in which it was found.
    pub(super) fn within(self, path: &Path) -> Self {
        let file = path.display();
        let place = if self.place.is_empty() { file.to_string() } else { format!("{file}: {}", self.place) };
        Self { place, ..self }
    }
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place.as_str() {
            "" => f.write_str(&self.problem),
            place => write!(f, "{place}: {}", self.problem),
        }
    }
}

impl std::error::Error for ModelError {}

/// Refuses.
pub(super) fn refuse<T>(
    place: impl Into<String>,
    reason: Reason,
    argument: Argument,
    problem: impl Into<String>,
) -> Result<T, ModelError> {
    Err(ModelError::new(place, reason, argument, problem))
}

/// Refuses unless `condition` holds.
pub(super) fn ensure(
    condition: bool,
    place: &str,
    reason: Reason,
    argument: Argument,
    problem: &str,
) -> Result<(), ModelError> {
    if condition { Ok(()) } else { refuse(place, reason, argument, problem) }
}
