//! The element types that files hold, and their bytes turned into `f32` or `f64`.
//!
//! Half-precision formats become `f32`, which holds each of their values exactly.

use half::{bf16, f16};
use std::borrow::Cow;
use std::fmt;

/// A floating-point format on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    F16,
    Bf16,
    F32,
    F64,
}

/// The order of the bytes of one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrder {
    Little,
    Big,
}

/// The numbers of one array, in the smallest of the library's precisions that holds them exactly.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    F32(Vec<f32>),
    F64(Vec<f64>),
}

impl Element {
    /// The bytes that one number takes.
    pub const fn size(self) -> usize {
        match self {
            Self::F16 | Self::Bf16 => 2,
            Self::F32 => 4,
            Self::F64 => 8,
        }
    }

    /// Turns bytes into numbers; bytes past the last whole number are ignored.
    pub fn decode(self, bytes: &[u8], order: ByteOrder) -> Values {
        use ByteOrder::{Big, Little};
        match (self, order) {
            (Self::F16, Little) => Values::F32(numbers(bytes, |b| f16::from_le_bytes(b).to_f32())),
            (Self::F16, Big) => Values::F32(numbers(bytes, |b| f16::from_be_bytes(b).to_f32())),
            (Self::Bf16, Little) => Values::F32(numbers(bytes, |b| bf16::from_le_bytes(b).to_f32())),
            (Self::Bf16, Big) => Values::F32(numbers(bytes, |b| bf16::from_be_bytes(b).to_f32())),
            (Self::F32, Little) => Values::F32(numbers(bytes, f32::from_le_bytes)),
            (Self::F32, Big) => Values::F32(numbers(bytes, f32::from_be_bytes)),
            (Self::F64, Little) => Values::F64(numbers(bytes, f64::from_le_bytes)),
            (Self::F64, Big) => Values::F64(numbers(bytes, f64::from_be_bytes)),
        }
    }
}

fn numbers<const N: usize, T>(bytes: &[u8], number: impl Fn([u8; N]) -> T) -> Vec<T> {
    bytes.as_chunks::<N>().0.iter().map(|&chunk| number(chunk)).collect()
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::F16 => "f16",
            Self::Bf16 => "bf16",
            Self::F32 => "f32",
            Self::F64 => "f64",
        })
    }
}

impl Values {
    /// How many numbers there are.
    pub fn len(&self) -> usize {
        match self {
            Self::F32(values) => values.len(),
            Self::F64(values) => values.len(),
        }
    }

    /// The numbers in double precision, copied only where they are not so already.
    pub fn to_f64(&self) -> Cow<'_, [f64]> {
        match self {
            Self::F32(values) => values.iter().map(|&x| f64::from(x)).collect(),
            Self::F64(values) => Cow::Borrowed(values),
        }
    }

    /// The numbers in single precision, rounded where they are not so already.
    pub fn to_f32(&self) -> Cow<'_, [f32]> {
        match self {
            Self::F32(values) => Cow::Borrowed(values),
            Self::F64(values) => values.iter().map(|&x| x as f32).collect(),
        }
    }

    /// Where the first NaN or infinity is, and which it is.
    pub fn first_not_finite(&self) -> Option<(usize, f64)> {
        match self {
            Self::F32(values) => {
                values.iter().position(|x| !x.is_finite()).map(|at| (at, f64::from(values[at])))
            }
            Self::F64(values) => values.iter().position(|x| !x.is_finite()).map(|at| (at, values[at])),
        }
    }

    /// The transpose of a `rows` by `cols` row-major matrix.
    pub fn transposed(&self, rows: usize, cols: usize) -> Self {
        match self {
            Self::F32(values) => Self::F32(transposed(values, rows, cols)),
            Self::F64(values) => Self::F64(transposed(values, rows, cols)),
        }
    }
}

fn transposed<T: Copy>(values: &[T], rows: usize, cols: usize) -> Vec<T> {
    (0..cols).flat_map(|j| (0..rows).map(move |i| values[i * cols + j])).collect()
}
