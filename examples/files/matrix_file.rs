//! A matrix from a file, whatever the file's kind, with what a message about it should say.

use super::element::{Element, Values};
use super::{npy, safetensors_file};
use anyhow::{Context, Result, bail, ensure};
use std::fmt;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

/// A row-major matrix of finite numbers, and where it came from.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// The file.
    pub path: PathBuf,
    /// The tensor inside the file, where files have several.
    pub tensor: Option<String>,
    /// How the file stores each number.
    pub element: Element,
    /// The number of rows, at least one.
    pub rows: usize,
    /// The number of columns, at least one.
    pub cols: usize,
    /// `rows * cols` numbers.
    pub values: Values,
}

/// What a reader for one kind of file hands over: a shape not yet known to be that of a matrix.
pub struct Array {
    pub tensor: Option<String>,
    pub element: Element,
    pub shape: [usize; 2],
    pub values: Values,
}

/// Which tensor to take from a file that holds several.
#[derive(Clone, Copy, Debug)]
pub enum Choice<'a> {
    /// This one and no other.
    Named(&'a str),
    /// This one if there is one, else the only matrix.
    Usual(&'a str),
}

impl<'a> Choice<'a> {
    /// The name asked for on the command line, else the usual one.
    pub fn new(asked: Option<&'a str>, usual: &'a str) -> Self {
        asked.map_or(Self::Usual(usual), Self::Named)
    }
}

/// Reads a matrix from a `.npy` or `.safetensors` file; `transpose` swaps its rows and columns.
///
/// A NaN or an infinity is refused here, where its place in the file can still be told.
pub fn read(path: &Path, choice: Choice<'_>, transpose: bool) -> Result<Matrix> {
    read_file(path, choice, transpose).with_context(|| path.display().to_string())
}

fn read_file(path: &Path, choice: Choice<'_>, transpose: bool) -> Result<Matrix> {
    let file = BufReader::new(File::open(path)?);
    let extension = path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
    let array = match extension.as_deref() {
        Some("npy") => {
            if let Choice::Named(name) = choice {
                bail!("a .npy file has one array and no names, but the tensor {name} was asked for");
            }
            npy::read(file)?
        }
        Some("safetensors") => safetensors_file::read(file, choice)?,
        Some("pt" | "pth" | "bin") => {
            bail!("pickled checkpoints are not read; save the weights with safetensors.torch.save_file")
        }
        Some("npz") => bail!("archives are not read; save the one array with numpy.save"),
        _ => bail!("the name ends in neither .npy nor .safetensors"),
    };

    let Array { tensor, element, shape: [rows, cols], values } = array;
    if let Some((at, value)) = values.first_not_finite() {
        bail!("{value} at row {}, column {} (from 0)", at / cols, at % cols);
    }
    let matrix = Matrix { path: path.to_owned(), tensor, element, rows, cols, values };
    Ok(if transpose { matrix.transposed() } else { matrix })
}

/// The sizes of a matrix, or why the shape is not one.
pub fn matrix_shape(shape: &[usize]) -> Result<[usize; 2]> {
    let [rows, cols] = *shape else {
        bail!("shape {shape:?}: a dictionary has two dimensions, one vector a row");
    };
    ensure!(rows > 0 && cols > 0, "shape {shape:?}: there are no elements");
    Ok([rows, cols])
}

/// Reads the bytes of `rows * cols` numbers.
///
/// The buffer grows with what the file really holds, so a header that promises too much costs no memory.
pub fn read_elements(file: impl Read, [rows, cols]: [usize; 2], element: Element) -> Result<Vec<u8>> {
    let promised = rows
        .checked_mul(cols)
        .and_then(|count| count.checked_mul(element.size()))
        .with_context(|| format!("shape [{rows}, {cols}]: more bytes than memory can have"))?;
    let mut bytes = Vec::new();
    file.take(promised as u64).read_to_end(&mut bytes)?;
    ensure!(
        bytes.len() == promised,
        "the file is cut short: {rows} x {cols} numbers of {element} take {promised} bytes, {} are there",
        bytes.len()
    );
    Ok(bytes)
}

impl Matrix {
    /// The same numbers with rows and columns swapped.
    #[must_use]
    pub fn transposed(self) -> Self {
        let values = self.values.transposed(self.rows, self.cols);
        Self { rows: self.cols, cols: self.rows, values, ..self }
    }

    /// The file, and the tensor where there is one: `sae.safetensors:W_dec`.
    pub fn name(&self) -> String {
        match &self.tensor {
            Some(tensor) => format!("{}:{tensor}", self.path.display()),
            None => self.path.display().to_string(),
        }
    }
}

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {} x {}, {}", self.name(), self.rows, self.cols, self.element)
    }
}

/// Refuses two matrices whose rows differ in length, and says which flag would help if one would.
pub fn ensure_same_width(a: &Matrix, b: &Matrix, transpose_a: &str, transpose_b: &str) -> Result<()> {
    if a.cols == b.cols {
        return Ok(());
    }
    let hint = match (a.rows == b.cols, b.rows == a.cols) {
        (true, true) => format!("; with either {transpose_a} or {transpose_b} they would agree"),
        (true, false) => format!("; with {transpose_a} they would agree"),
        (false, true) => format!("; with {transpose_b} they would agree"),
        (false, false) => String::new(),
    };
    bail!("the vectors differ in length, {} and {}: {a} against {b}{hint}", a.cols, b.cols)
}
