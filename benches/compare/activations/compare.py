"""Measures how fast this library and sae-lens draw activations of the same law, and compares how many fire.

Single precision, one thread, 1024 samples a call, zipfian probabilities, magnitudes of mean 1 and standard deviation 0.1.
Each time is the median of --repeats, the two taking turns. The random numbers differ; the mean number of firings a sample
must agree with the sum of the probabilities to 6 of its standard deviations, those of independent rows.
"""

import sys

import numpy as np
import reference
import samples
import torch
from measuring import parser, stay_on_one_core, take_turns

ROWS = 1024


def non_zeros(activations):
    """For each row how many are not zero."""
    activations = activations.to_dense() if activations.is_sparse else activations
    return (activations != 0).sum(dim=1).numpy()


def lengths(sparse):
    return np.diff(sparse.row_offsets)


def independent(options):
    probability, generator = reference.load(
        options.reference, "6.28.1", "firing_probabilities", "activation_generator"
    )
    n, d = (1638, 77) if options.quick else (16384, 768)
    p = probability.zipfian_firing_probabilities(n)
    theirs = generator.ActivationGenerator(n, p, std_firing_magnitudes=0.1)
    mine = samples.Independent(p.numpy().copy(), 0.1)
    out = samples.Sparse(ROWS, int(1.5 * ROWS * float(p.sum())))
    yield f"{n} independent features", "6.28.1", p, (lambda: theirs.sample(ROWS), non_zeros), (
        lambda: mine.sample(out),
        lengths,
    )
    dictionary = torch.nn.functional.normalize(torch.randn(n, d, generator=torch.Generator().manual_seed(0)), dim=1)
    rows, hidden = dictionary.numpy(), np.zeros((ROWS, d), dtype=np.float32)
    yield f"the same, projected to {d} dimensions", "6.28.1", None, (
        lambda: theirs.sample(ROWS) @ dictionary,
        lambda hidden: float((hidden**2).sum()),
    ), (lambda: mine.project(rows, hidden), lambda hidden: float((hidden**2).sum()))


def correlated(options):
    probability, generator = reference.load(
        options.reference, "6.28.1", "firing_probabilities", "activation_generator"
    )
    n = 102 if options.quick else 1024
    p = probability.zipfian_firing_probabilities(n)
    place = torch.arange(n)
    matrix = 0.5 ** (place[:, None] - place[None, :]).abs().float()
    theirs = generator.ActivationGenerator(n, p, std_firing_magnitudes=0.1, correlation_matrix=matrix)
    mine = samples.Correlated(matrix.numpy().copy(), p.numpy().copy(), 0.1)
    out = np.zeros((ROWS, n), dtype=np.float32)
    yield f"{n} correlated features, dense", "6.28.1", p, (lambda: theirs.sample(ROWS), non_zeros), (
        lambda: mine.sample(out),
        lambda out: (out != 0).sum(axis=1),
    )


def low_rank(options):
    probability, generator, correlation = reference.load(
        options.reference, "6.54.0", "firing_probabilities", "activation_generator", "correlation"
    )
    n, r = (6553, 32) if options.quick else (65536, 32)
    p = probability.zipfian_firing_probabilities(n)
    matrix = correlation.generate_random_low_rank_correlation_matrix(n, r, 0.1, seed=0)
    theirs = generator.ActivationGenerator(
        n, p, std_firing_magnitudes=0.1, correlation_matrix=matrix, use_sparse_tensors=True
    )
    mine = samples.LowRank(matrix.correlation_factor.numpy(), matrix.correlation_diag.numpy(), p.numpy().copy(), 0.1)
    out = samples.Sparse(ROWS, 3 * int(ROWS * float(p.sum())))
    yield f"{n} features of rank {r}", "6.54 sparse", p, (lambda: theirs.sample(ROWS), non_zeros), (
        lambda: mine.sample(out),
        lengths,
    )


def agrees(counts, p):
    """Whether the mean number of firings a row is the sum of the probabilities, to six standard deviations."""
    counts = np.concatenate(counts)
    return abs(counts.mean() - float(p.sum())) <= 6 * counts.std() / len(counts) ** 0.5


def main():
    options = parser("Compares this library with sae-lens on activations.", repeats=7).parse_args()
    stay_on_one_core(options.core)
    # The default, said: else it warns.
    torch.sparse.check_sparse_tensor_invariants.disable()
    agree = True
    print(f"one thread, {ROWS} samples; torch {torch.__version__}")
    for compare in (independent, correlated, low_rank):
        for what, version, p, theirs, mine in compare(options):
            (their_function, their_count), (my_function, my_count) = theirs, mine
            counts = [[], []]
            (their_seconds, my_seconds), _ = take_turns(
                options.repeats,
                their_function,
                my_function,
                look=lambda which, result: counts[which].append((their_count, my_count)[which](result)),
            )
            if p is None:
                # Mean squares of projected rows.
                sizes = [np.mean(count) for count in counts]
                right = abs(sizes[0] / sizes[1] - 1) < 0.05
            else:
                right = all(agrees(count, p) for count in counts)
            agree &= bool(right)
            print(
                f"{what}: sae-lens {version} {their_seconds:.3g} s, this library {my_seconds * 1e3:.3g} ms, "
                f"{their_seconds / my_seconds:.3g} x; laws {'agree' if right else 'DISAGREE'}",
                flush=True,
            )
    if not agree:
        sys.exit("the samples are not of the same law")


if __name__ == "__main__":
    main()
