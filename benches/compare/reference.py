"""Times sae-lens 6.28.1 and this library side by side, in one process, on one thread, and checks that they agree.

    python3 -m pip install sae-lens==6.28.1
    cargo build --release --package sae-kernels-c
    taskset -c 0 python3 benches/compare/reference.py

Each row is the median of several runs. The library is called through ctypes, on the same memory as the reference.
"""

import ctypes
import os
import pathlib
import statistics
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch
from sae_lens.synthetic import ActivationGenerator, mean_correlation_coefficient, zipfian_firing_probabilities
from sae_lens.synthetic.feature_dictionary import orthogonalize_embeddings

torch.set_num_threads(1)
ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
saek = ctypes.CDLL(str(TARGET / "release" / "libsae_kernels.so"))


def pointer(array):
    return ctypes.c_void_p(array.ctypes.data)


def check(status):
    if status != 0:
        text = ctypes.create_string_buffer(128)
        saek.saek_status_message(status, text, ctypes.c_size_t(128))
        raise RuntimeError(text.value.decode())


def size(value):
    return ctypes.c_size_t(value)


class Workspace:
    """Memory for one call, as its query says; made before anything is timed."""

    def __init__(self, query, *arguments):
        wanted, align = ctypes.c_size_t(), ctypes.c_size_t()
        check(query(*arguments, ctypes.byref(wanted), ctypes.byref(align)))
        self.bytes = wanted.value
        self.memory = np.zeros(self.bytes + align.value, np.uint8)
        address = self.memory.ctypes.data
        self.address = ctypes.c_void_p(address + -address % max(align.value, 1))

    def arguments(self):
        return self.address, size(self.bytes)


class OrthogonaliseParams(ctypes.Structure):
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("target_cosine", ctypes.c_double),
        ("steps", ctypes.c_uint64),
        ("learning_rate", ctypes.c_double),
    ]


class Firing(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_uint32), ("reserved", ctypes.c_uint32)] + [
        field
        for name in ("probabilities", "means", "std_devs")
        for field in ((name, ctypes.c_void_p), (name + "_len", ctypes.c_size_t))
    ]


def seconds(run, times):
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def show(what, reference, ours):
    print(f"| {what} | {1e3 * reference:.4g} ms | {1e3 * ours:.4g} ms | {reference / ours:.0f} x |", flush=True)


def unit_rows(n, d, seed):
    rows = np.random.default_rng(seed).standard_normal((n, d)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def loss(rows):
    gram = rows.astype(np.float64) @ rows.astype(np.float64).T
    return float((gram * gram).sum() - (np.diag(gram) ** 2).sum())


def orthogonalise(n, d, reference_steps, steps):
    start = unit_rows(n, d, 0)
    params = OrthogonaliseParams(ctypes.sizeof(OrthogonaliseParams), 0, 0.0, steps, 0.01)
    work = Workspace(saek.saek_orthogonalise_f32_workspace, size(n), size(d))
    ours = start.copy()

    def run(count):
        ours[:] = start
        params.steps = count
        check(saek.saek_orthogonalise_f32(pointer(ours), size(n), size(d), size(d), ctypes.byref(params), None, None,
                                          *work.arguments()))

    theirs = orthogonalize_embeddings(torch.from_numpy(start), num_steps=reference_steps).numpy()
    run(reference_steps)
    assert abs(loss(ours) - loss(theirs)) <= 1e-3 * loss(theirs), (loss(ours), loss(theirs))
    reference = seconds(lambda: orthogonalize_embeddings(torch.from_numpy(start), num_steps=reference_steps), 3)
    show(f"orthogonalise {n} x {d}, one step", reference / reference_steps, seconds(lambda: run(steps), 3) / steps)


def sample(n, rows=1024):
    p = zipfian_firing_probabilities(n)
    generator = ActivationGenerator(n, p, 0.1, 1.0)
    probabilities, mean, std = p.numpy().copy(), np.ones(1, np.float32), np.full(1, 0.1, np.float32)
    firing = Firing(ctypes.sizeof(Firing), 0, probabilities.ctypes.data, n, mean.ctypes.data, 1, std.ctypes.data, 1)
    out = np.zeros((rows, n), np.float32)

    def run():
        check(saek.saek_sample_independent_f32(ctypes.byref(firing), ctypes.c_uint64(0), ctypes.c_uint64(0),
                                               ctypes.c_uint64(0), pointer(out), size(rows), size(n), size(n)))

    run()
    mean_l0, sigma = float(p.sum()), float((p * (1 - p)).sum()) ** 0.5
    assert abs((out > 0).sum() / rows - mean_l0) < 5 * sigma / rows**0.5
    show(f"sample {rows} x {n}", seconds(lambda: generator.sample(rows), 3), seconds(run, 5))


def mcc(n, d):
    a, b = unit_rows(n, d, 1), unit_rows(n, d, 2)
    work = Workspace(saek.saek_mcc_f32_workspace, size(n), size(n), size(d))
    value = ctypes.c_double()

    def run():
        check(saek.saek_mcc_f32(pointer(a), size(n), size(d), pointer(b), size(n), size(d), size(d),
                                ctypes.byref(value), None, *work.arguments()))

    run()
    theirs = mean_correlation_coefficient(torch.from_numpy(a), torch.from_numpy(b))
    assert abs(value.value - theirs) < 1e-6, (value.value, theirs)
    ta, tb = torch.from_numpy(a), torch.from_numpy(b)
    show(f"MCC of unrelated {n} x {d}", seconds(lambda: mean_correlation_coefficient(ta, tb), 3), seconds(run, 3))


print("| one thread | sae-lens 6.28.1 | sae-kernels | ratio |\n|---|---|---|---|")
orthogonalise(512, 64, 20, 200)
orthogonalise(4096, 256, 2, 20)
sample(4096)
sample(16384)
mcc(512, 64)
mcc(2048, 256)
