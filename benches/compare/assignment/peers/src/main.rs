//! Times the assignment solvers of the crates lapjv, lsap and pathfinding.
//!
//! `assignment-peers SOLVER FLOAT COUNT ROWS COLS INPUT OUTPUT`. INPUT holds COUNT matrices of ROWS by COLS costs, row
//! after row, of type FLOAT (f32 or f64). Prints the seconds that solving one matrix takes and writes the column of
//! each row as i64, -1 for none, to OUTPUT. `../python_solvers.py` and `../ours.c` do the same for other solvers.

use lapjv::{LapJVCost, Matrix as LapMatrix};
use ordered_float::OrderedFloat;
use pathfinding::prelude::{Matrix, kuhn_munkres};
use std::time::Instant;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let [_, solver, float, count, rows, cols, input, output] = &args[..] else {
        panic!("usage: {} SOLVER FLOAT COUNT ROWS COLS INPUT OUTPUT", args[0]);
    };
    let number = |text: &String| text.parse().expect("not a number");
    let (count, rows, cols): (usize, usize, usize) = (number(count), number(rows), number(cols));
    let bytes = std::fs::read(input).expect("cannot read the input");
    assert_eq!(bytes.len() % (count * rows * cols), 0, "the input does not have the size given");

    let columns = match (solver.as_str(), float.as_str()) {
        ("lapjv", "f32") => lapjv(split(&bytes, f32::from_le_bytes, count), rows, cols),
        ("lapjv", "f64") => lapjv(split(&bytes, f64::from_le_bytes, count), rows, cols),
        ("lsap", "f64") => lsap(split(&bytes, f64::from_le_bytes, count), rows, cols),
        ("pathfinding", "f64") => {
            pathfinding(split(&bytes, f64::from_le_bytes, count), rows, cols, |x| OrderedFloat(-x))
        }
        ("pathfinding-i64", "f64") => {
            pathfinding(split(&bytes, f64::from_le_bytes, count), rows, cols, |x| -(x as i64))
        }
        _ => panic!("no solver {solver} of {float}"),
    };
    let bytes: Vec<u8> = columns.into_iter().flatten().flat_map(i64::to_le_bytes).collect();
    std::fs::write(output, bytes).expect("cannot write the output");
}

/// The matrices in `bytes`, each a vector of its own.
fn split<T, const N: usize>(bytes: &[u8], decode: fn([u8; N]) -> T, count: usize) -> Vec<Vec<T>> {
    let decode = |bytes: &[u8]| decode(bytes.try_into().unwrap());
    bytes.chunks(bytes.len() / count).map(|matrix| matrix.chunks(N).map(decode).collect()).collect()
}

/// Solves all problems, again and again, prints the median time of one problem and returns the last results.
fn measure<P, R>(problems: &[P], mut solve: impl FnMut(&P) -> R) -> Vec<R> {
    let mut seconds: Vec<f64> = Vec::new();
    loop {
        let started = Instant::now();
        let results: Vec<R> = problems.iter().map(&mut solve).collect();
        seconds.push(started.elapsed().as_secs_f64());
        // The rule of all programs here: at least three passes and a second in all, but one alone if it took long.
        let total: f64 = seconds.iter().sum();
        if seconds[0] > 10.0 || (seconds.len() >= 3 && total >= 1.0) {
            seconds.sort_by(f64::total_cmp);
            println!("{:e}", seconds[seconds.len() / 2] / problems.len() as f64);
            return results;
        }
    }
}

fn lapjv<T: LapJVCost>(matrices: Vec<Vec<T>>, rows: usize, cols: usize) -> Vec<Vec<i64>> {
    let problems: Vec<LapMatrix<T>> =
        matrices.into_iter().map(|m| LapMatrix::from_shape_vec((rows, cols), m).unwrap()).collect();
    let results = measure(&problems, |matrix| lapjv::lapjv(matrix).unwrap().0);
    results.into_iter().map(|columns| columns.into_iter().map(|j| j as i64).collect()).collect()
}

fn lsap(matrices: Vec<Vec<f64>>, rows: usize, cols: usize) -> Vec<Vec<i64>> {
    let results = measure(&matrices, |matrix| lsap::solve(rows, cols, matrix, false).unwrap());
    results.into_iter().map(|(i, j)| columns_of_rows(rows, i.into_iter().zip(j))).collect()
}

/// Kuhn and Munkres for the greatest sum of the negated costs, which is what the crate does for the least sum too. It
/// wants no fewer columns than rows, so tall matrices are transposed, like the negation outside the time.
fn pathfinding<C>(matrices: Vec<Vec<f64>>, rows: usize, cols: usize, negated: fn(f64) -> C) -> Vec<Vec<i64>>
where
    C: pathfinding::num_traits::Bounded + std::iter::Sum<C> + pathfinding::num_traits::Signed + Ord + Copy,
{
    let tall = rows > cols;
    let problems: Vec<Matrix<C>> = matrices
        .into_iter()
        .map(|m| {
            let matrix = Matrix::from_vec(rows, cols, m.into_iter().map(negated).collect()).unwrap();
            if tall { matrix.transposed() } else { matrix }
        })
        .collect();
    let results = measure(&problems, |matrix| kuhn_munkres(matrix).1);
    let pairs = |(i, j)| if tall { (j, i) } else { (i, j) };
    results.into_iter().map(|r| columns_of_rows(rows, r.into_iter().enumerate().map(pairs))).collect()
}

fn columns_of_rows(rows: usize, pairs: impl Iterator<Item = (usize, usize)>) -> Vec<i64> {
    let mut columns = vec![-1; rows];
    pairs.for_each(|(row, column)| columns[row] = column as i64);
    columns
}
