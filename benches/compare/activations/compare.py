"""Measures how fast this library and sae-lens draw activations of the same law, and compares how many fire.

Single precision, one thread, 1024 samples a call, zipfian probabilities, magnitudes of mean 1 and standard deviation 0.1.
Each time is the median of --repeats, the two taking turns, each with a call before the one that is timed. The random
numbers differ; the mean number of firings a sample must agree with what it should be, or with the other's, to 6 of its
standard deviations, those of independent rows. Projections are of the same activations and must agree element by element.
"""

import sys

import numpy as np
import reference
import samples
import scipy.sparse
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
    # What is counted is the mean square of a row, which is that of its activations: the dictionary's rows are nearly
    # orthogonal.
    squares = lambda hidden: (hidden**2).sum(axis=1)
    yield f"the same, projected to {d} dimensions", "6.28.1", None, (
        lambda: theirs.sample(ROWS) @ dictionary,
        lambda hidden: squares(hidden.numpy()),
    ), (lambda: mine.sample_and_project(out, rows, hidden), squares)

    [generator] = reference.load(options.reference, "6.54.0", "activation_generator")
    theirs_sparse = generator.ActivationGenerator(n, p, std_firing_magnitudes=0.1, use_sparse_tensors=True)
    yield f"{n} independent features", "6.54 sparse", p, (lambda: theirs_sparse.sample(ROWS), non_zeros), (
        lambda: mine.sample(out),
        lengths,
    )


def projection(options):
    [probability] = reference.load(options.reference, "6.28.1", "firing_probabilities")
    for n, d in ((1638, 77),) if options.quick else ((4096, 512), (16384, 768)):
        p = probability.zipfian_firing_probabilities(n)
        sampler = samples.Independent(p.numpy().copy(), 0.1)
        sparse = samples.Sparse(ROWS, int(1.5 * ROWS * float(p.sum())))
        sampler.sample(sparse)
        nnz = sparse.firings()
        matrix = scipy.sparse.csr_array(
            (sparse.values[:nnz], sparse.columns[:nnz].astype(np.int32), sparse.row_offsets), shape=(ROWS, n)
        )
        dictionary = np.random.default_rng(0).normal(size=(n, d)).astype(np.float32)
        hidden = np.zeros((ROWS, d), dtype=np.float32)
        yield f"{nnz / ROWS:.0f} of {n} activations a sample, projected to {d} dimensions", "scipy", SAME, (
            lambda: matrix @ dictionary,
            lambda hidden: hidden,
        ), (lambda: samples.project(sparse, dictionary, hidden), lambda hidden: hidden)


def many(options):
    [generator] = reference.load(options.reference, "6.54.0", "activation_generator")
    n, firings = (100_000, 100) if options.quick else (1_000_000, 100)
    p = torch.full((n,), firings / n)
    rows = 64
    theirs = generator.ActivationGenerator(n, p, std_firing_magnitudes=0.1, use_sparse_tensors=True)
    mine = samples.Independent(p.numpy().copy(), 0.1)
    out = samples.Sparse(rows, 2 * firings * rows)
    yield f"{n} independent features of which {firings} fire, {rows} samples", "6.54 sparse", p, (
        lambda: theirs.sample(rows),
        non_zeros,
    ), (lambda: mine.sample(out), lengths)


def hierarchy(options):
    """A thousand groups: a parent, and exclusive children that all fire with the same probability."""
    probability, generator, module = reference.load(
        options.reference, "6.28.1", "firing_probabilities", "activation_generator", "hierarchy"
    )
    groups, children = (100, 8) if options.quick else (1000, 8)
    n = groups * (1 + children)
    p = torch.full((n,), 0.2)
    parents = np.full(n, 2**32 - 1, dtype=np.uint32)
    parents[groups:] = np.repeat(np.arange(groups), children)
    exclusive = np.arange(n) < groups
    node = module.HierarchyNode
    roots = [
        node(g, [node(groups + children * g + c) for c in range(children)], mutually_exclusive_children=True)
        for g in range(groups)
    ]
    theirs = generator.ActivationGenerator(
        n, p, std_firing_magnitudes=0.1, modify_activations=module.hierarchy_modifier(roots)
    )
    sampler, forest = samples.Independent(p.numpy().copy(), 0.1), samples.Hierarchy(parents, exclusive)
    out = samples.Sparse(ROWS, int(1.5 * ROWS * float(p.sum())))

    def sample():
        first = sampler.first_row
        sampler.sample(out)
        return forest.apply(first, out)

    yield f"{groups} groups of {children} exclusive children below a parent", "6.28.1", None, (
        lambda: theirs.sample(ROWS),
        non_zeros,
    ), (sample, lengths)


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


# In the place of probabilities: the results must be the same, but for rounding.
SAME = object()


def agree(results, p):
    """Whether what two functions gave is of the same law, or the same."""
    if p is SAME:
        scale = np.abs(results[0][0]).max()
        return all(np.abs(a - b).max() <= 1e-5 * scale for a, b in zip(*results))
    means, errors = [], []
    for counts in map(np.concatenate, results):
        means.append(counts.mean())
        errors.append(counts.std() / len(counts) ** 0.5)
    if p is None:
        return abs(means[0] - means[1]) <= 6 * (errors[0] ** 2 + errors[1] ** 2) ** 0.5
    return all(abs(mean - float(p.sum())) <= 6 * error for mean, error in zip(means, errors))


def main():
    options = parser("Compares this library with sae-lens on activations.", repeats=7).parse_args()
    stay_on_one_core(options.core)
    # The default, said: else it warns.
    torch.sparse.check_sparse_tensor_invariants.disable()
    right = True
    print(f"one thread, {ROWS} samples; torch {torch.__version__}, scipy {scipy.__version__}")
    for compare in (independent, projection, many, correlated, low_rank, hierarchy):
        for what, version, p, theirs, mine in compare(options):
            (their_function, their_look), (my_function, my_look) = theirs, mine
            results = [[], []]
            (their_seconds, my_seconds), _ = take_turns(
                options.repeats,
                their_function,
                my_function,
                warm_up=True,
                look=lambda which, result: results[which].append((their_look, my_look)[which](result)),
            )
            is_right = bool(agree(results, p))
            right &= is_right
            peer = version if version == "scipy" else f"sae-lens {version}"
            print(
                f"{what}: {peer} {their_seconds:.3g} s, this library {my_seconds * 1e3:.3g} ms, "
                f"{their_seconds / my_seconds:.3g} x; {'agrees' if is_right else 'DISAGREES'}",
                flush=True,
            )
    if not right:
        sys.exit("the samples are not of the same law")


if __name__ == "__main__":
    main()
