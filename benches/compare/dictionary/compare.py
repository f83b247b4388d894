"""Measures this library and sae-lens on the same dictionaries and correlations, and checks that they agree.

Single precision, one thread. Each time is the median of --repeats, the two taking turns. A line says what was compared,
both times, their ratio, and by how much the results differ, against what is allowed: for values some roundings of single
precision, for the loss after steps of Adam more, since these divide small gradients by their own size.
"""

import sys

import numpy as np
import ours
import reference
import torch
from measuring import parser, stay_on_one_core, take_turns


def arguments():
    options = parser("Compares this library with sae-lens on dictionaries.", repeats=3)
    options.add_argument("--long", action="store_true", help="also what takes the reference minutes and 10 GB")
    return options.parse_args()


def loss(dictionary):
    """The loss that orthogonalising lowers, in double precision; through E^T E, whose squares have the same sum."""
    e = dictionary.astype(np.float64)
    diagonal = (e * e).sum(axis=1)
    return ((e.T @ e) ** 2).sum() - (diagonal**2).sum() + len(e) * ((diagonal - 1) ** 2).sum()


def orthogonalise(options, rng):
    [module] = reference.load(options.reference, "6.28.1", "feature_dictionary")
    # The reference's own default is 200 steps. Its time is proportional to them, so it makes few; ours has a set-up, which
    # is to count as it does in a call of usual length, or a tenth of that. Results are compared after as many steps.
    sizes = [(409, 26, 20, 200)] if options.quick else [(4096, 256, 5, 200)]
    if options.long:
        sizes.append((16384, 768, 2, 20))
    for n, d, steps, our_steps in sizes:
        start = rng.standard_normal((n, d), dtype=np.float32)
        tensor = torch.from_numpy(start.copy())
        (theirs, mine), (their, _) = take_turns(
            options.repeats if n < 10000 else 1,
            lambda: module.orthogonalize_embeddings(tensor, num_steps=steps).numpy(),
            lambda: ours.orthogonalise(start, our_steps),
        )
        difference = abs(loss(ours.orthogonalise(start, steps)) - loss(their)) / loss(their)
        yield f"orthogonalise {n} x {d}, a step", theirs / steps, mine / our_steps, difference, 1e-4, "loss, relative"


def above_floor(dictionary):
    """How far the sum of the squared cosines is above n^2/d - n, the least there is for n > d, relative to that."""
    e = dictionary.astype(np.float64)
    e /= np.linalg.norm(e, axis=1, keepdims=True)
    floor = len(e) ** 2 / e.shape[1] - len(e)
    # The sum less its least value is |E^T E - (n/d) I|^2, which loses no digits where both are nearly the same.
    return ((e.T @ e - len(e) / e.shape[1] * np.eye(e.shape[1])) ** 2).sum() / floor


def tight_frame(options, rng):
    [module] = reference.load(options.reference, "6.28.1", "feature_dictionary")
    # The reference makes its 200 steps, which take minutes at full size.
    if not (options.quick or options.long):
        return
    n, d = (409, 76) if options.quick else (4096, 768)
    start = rng.standard_normal((n, d), dtype=np.float32)
    tensor = torch.from_numpy(start.copy())
    (theirs,), (their,) = take_turns(1, lambda: module.orthogonalize_embeddings(tensor, num_steps=200).numpy())
    (mine,), ((frame, report),) = take_turns(options.repeats, lambda: ours.tight_frame(start))
    found = above_floor(frame)
    print(f"above the floor: sae-lens {above_floor(their):.2e} after 200 steps, this library {found:.2e}")
    assert found < above_floor(their)
    yield f"tight frame {n} x {d}, 200 steps there", theirs, mine, abs(found - report.distance), 1e-12, "distance"


def superposition(options, rng):
    [module] = reference.load(options.reference, "6.54.0", "stats")
    n, d = (409, 26) if options.quick else (4096, 256)
    percentiles = [95, 99]
    start = rng.standard_normal((n, d), dtype=np.float32)

    class Dictionary:
        feature_vectors = torch.from_numpy(start.copy())

    (theirs, mine), (their, (found, maxima, of_vectors)) = take_turns(
        options.repeats,
        lambda: module.compute_superposition_stats(Dictionary(), percentiles=percentiles),
        lambda: ours.superposition(start, percentiles),
    )
    differences = [
        np.abs(maxima - their.max_abs_cos_sims.numpy()).max(),
        *(
            np.abs(of_vectors[:, k] - their.percentile_abs_cos_sims[p].numpy()).max()
            for k, p in enumerate(percentiles)
        ),
        abs(found.mean_max - their.mean_max_abs_cos_sim),
        abs(found.mean_absolute - their.mean_abs_cos_sim),
    ]
    yield f"superposition statistics {n} x {d}", theirs, mine, max(differences), 1e-6, "each value"


def correlations(options, rng):
    [module] = reference.load(options.reference, "6.54.0", "stats")
    n, r = (400, 5) if options.quick else (4096, 50)
    factor = (0.1 * rng.standard_normal((n, r))).astype(np.float32)
    dense = factor @ factor.T
    low_rank = module.LowRankCorrelationMatrix(torch.from_numpy(factor.copy()), torch.ones(n))
    tensor = torch.from_numpy(dense.copy())
    for what, their_function, my_function in (
        (
            f"correlation statistics {n} x {n}",
            lambda: module.compute_correlation_matrix_stats(tensor),
            lambda: ours.correlation_statistics(dense),
        ),
        (
            f"the same of rank {r}",
            lambda: module.compute_low_rank_correlation_matrix_stats(low_rank),
            lambda: ours.low_rank_correlation_statistics(factor),
        ),
    ):
        (theirs, mine), (their, (mean, rms)) = take_turns(options.repeats, their_function, my_function)
        difference = max(abs(mean - their.mean_correlation), abs(rms - their.rms_correlation))
        yield what, theirs, mine, difference, 1e-6, "each value"


def main():
    options = arguments()
    stay_on_one_core(options.core)
    rng = np.random.default_rng(0)
    agree = True
    print(f"one thread; torch {torch.__version__}, sae-lens 6.28.1 (orthogonalise, tight frame) and 6.54.0 (statistics)")
    for compare in (orthogonalise, tight_frame, superposition, correlations):
        for what, theirs, mine, difference, allowed, of in compare(options, rng):
            agree &= bool(difference <= allowed)
            print(
                f"{what}: sae-lens {theirs:.3g} s, this library {mine:.3g} s, {theirs / mine:.3g} x; "
                f"differ by {difference:.1e} ({of}), allowed {allowed:.0e}",
                flush=True,
            )
    if not agree:
        sys.exit("the results differ by more than is allowed")


if __name__ == "__main__":
    main()
