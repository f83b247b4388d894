//! Many problems at once give what each gives alone, whatever the threads, and a fault in one refuses all.

mod support;

use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64;
use sae_kernels::assignment::{
    AssignmentOut, AssignmentParams, BatchOut, Sense, solve, solve_batch, solve_batch_scratch, solve_scratch,
};
use sae_kernels::matrix::row_major;
use sae_kernels::{Argument, Error, MemStack, Par, Reason};
use support::workspace;

fn ways() -> Vec<Par> {
    #[cfg(feature = "parallel")]
    return [1, 2, 3, 100].map(Par::rayon).into_iter().chain([Par::Seq]).collect();
    #[cfg(not(feature = "parallel"))]
    vec![Par::Seq]
}

fn random_costs(len: usize, seed: u64) -> Vec<f32> {
    let mut random = Pcg64::seed_from_u64(seed);
    (0..len).map(|_| (random.next_u32() % 1000) as f32 / 8.0).collect()
}

#[test]
fn a_batch_gives_what_each_problem_gives_alone() {
    for (count, rows, cols) in [(1, 1, 1), (7, 5, 5), (50, 8, 20), (9, 20, 8), (3, 300, 280)] {
        let costs = random_costs(count * rows * cols, 5);
        for sense in [Sense::Minimise, Sense::Maximise] {
            let mut want = (vec![0; count * rows], vec![0.0; count]);
            for p in 0..count {
                let one = row_major(&costs[p * rows * cols..][..rows * cols], rows, cols, cols).unwrap();
                let out = AssignmentOut {
                    row_to_col: &mut want.0[p * rows..][..rows],
                    col_to_row: None,
                    row_duals: None,
                    col_duals: None,
                };
                let params = AssignmentParams { sense, ..Default::default() };
                let mut memory = workspace(solve_scratch::<f32>(rows, cols));
                want.1[p] = solve(one, &params, out, MemStack::new(&mut memory)).unwrap();
            }
            for par in ways() {
                let mut got = (vec![77; count * rows], vec![7.5; count]);
                let mut memory = workspace(solve_batch_scratch::<f32>(count, rows, cols, par));
                let out = BatchOut { row_to_col: &mut got.0, objectives: Some(&mut got.1) };
                let all = row_major(&costs, count * rows, cols, cols).unwrap();
                solve_batch(all, count, sense, out, par, MemStack::new(&mut memory)).unwrap();
                assert_eq!(got, want, "{count} of {rows}x{cols}, {par:?}");
            }
        }
    }
}

#[test]
fn a_fault_in_one_problem_refuses_all() {
    let (count, rows, cols) = (6, 4, 5);
    let faults = [
        (f32::NAN, 1, Reason::NotANumber),
        (f32::NEG_INFINITY, 1, Reason::Infinite),
        // A row without a pair that is allowed.
        (f32::INFINITY, cols, Reason::Infeasible),
    ];
    for (value, how_many, reason) in faults {
        let mut costs = random_costs(count * rows * cols, 6);
        costs[(4 * rows + 2) * cols..][..how_many].fill(value);
        for par in ways() {
            let mut row_to_col = vec![77; count * rows];
            let mut objectives = vec![7.5; count];
            let mut memory = workspace(solve_batch_scratch::<f32>(count, rows, cols, par));
            let out = BatchOut { row_to_col: &mut row_to_col, objectives: Some(&mut objectives) };
            let all = row_major(&costs, count * rows, cols, cols).unwrap();
            let refused = solve_batch(all, count, Sense::Minimise, out, par, MemStack::new(&mut memory));
            assert_eq!(refused, Err(Error::new(reason, Argument::Costs)));
            assert!(row_to_col.iter().all(|&j| j == 77) && objectives.iter().all(|&sum| sum == 7.5));
        }
    }
}

#[test]
fn wrong_sizes_are_refused() {
    let costs = random_costs(24, 7);
    let matrix = row_major(&costs, 6, 4, 4).unwrap();
    let mut memory = workspace(solve_batch_scratch::<f32>(6, 6, 6, Par::Seq));
    let mut refused = |count, rows: usize, objectives: usize| {
        let (mut row_to_col, mut sums) = (vec![0; rows], vec![0.0; objectives]);
        let out = BatchOut { row_to_col: &mut row_to_col, objectives: Some(&mut sums) };
        solve_batch(matrix, count, Sense::Minimise, out, Par::Seq, MemStack::new(&mut memory)).unwrap_err()
    };
    assert_eq!(refused(0, 6, 0), Error::new(Reason::Empty, Argument::Count));
    assert_eq!(refused(4, 6, 4), Error::new(Reason::Shape, Argument::Costs));
    assert_eq!(refused(7, 6, 7), Error::new(Reason::Shape, Argument::Costs));
    assert_eq!(refused(2, 5, 2), Error::new(Reason::Shape, Argument::RowToCol));
    assert_eq!(refused(2, 6, 3), Error::new(Reason::Shape, Argument::Objectives));
    let (mut row_to_col, mut small) = (vec![0; 6], workspace(sae_kernels::StackReq::new::<u8>(64)));
    let out = BatchOut { row_to_col: &mut row_to_col, objectives: None };
    let short = solve_batch(matrix, 2, Sense::Minimise, out, Par::Seq, MemStack::new(&mut small));
    assert_eq!(short, Err(Error::new(Reason::WorkspaceTooSmall, Argument::Workspace)));
}
