//! The numbers of one array of a model, in single or double precision as the file has them.

use crate::scalar::Scalar;

/// The numbers of one array.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Single precision, which files of 16 bits become too.
    F32(Vec<f32>),
    /// Double precision.
    F64(Vec<f64>),
}

impl Values {
    /// How many numbers there are.
    pub fn len(&self) -> usize {
        match self {
            Self::F32(values) => values.len(),
            Self::F64(values) => values.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number `i`, exactly. Panics past the end, as a slice does.
    pub fn get(&self, i: usize) -> f64 {
        match self {
            Self::F32(values) => f64::from(values[i]),
            Self::F64(values) => values[i],
        }
    }

    /// The numbers in order, each rounded to `T` where that is narrower.
    pub fn iter<T: Scalar>(&self) -> impl Iterator<Item = T> {
        (0..self.len()).map(|i| T::from_f64(self.get(i)))
    }

    /// The place of the first number for which `wanted` holds.
    pub(super) fn position(&self, mut wanted: impl FnMut(f64) -> bool) -> Option<usize> {
        (0..self.len()).find(|&i| wanted(self.get(i)))
    }
}

impl From<Vec<f32>> for Values {
    fn from(values: Vec<f32>) -> Self {
        Self::F32(values)
    }
}

impl From<Vec<f64>> for Values {
    fn from(values: Vec<f64>) -> Self {
        Self::F64(values)
    }
}
