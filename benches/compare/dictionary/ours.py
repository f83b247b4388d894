"""This library's kernels for numpy arrays, through its C ABI."""

import ctypes
import os
from ctypes import byref, c_double, c_size_t, c_uint32, c_uint64, c_void_p

import numpy as np

_library = ctypes.CDLL(os.environ["SAEK_LIBRARY"])
_library.saek_status_argument.restype = ctypes.c_char_p
_library.saek_status_string.restype = ctypes.c_char_p


def call(name, *arguments):
    """Calls a function and raises what its status says."""
    status = getattr(_library, name)(*arguments)
    if status != 0:
        texts = (_library.saek_status_argument(status), _library.saek_status_string(status))
        raise ValueError(f"{name}: " + " ".join(text.decode() for text in texts))


def workspace(name, *sizes):
    """The workspace that a function asks for: (array that owns it, address, bytes)."""
    size, align = c_size_t(), c_size_t()
    call(f"{name}_workspace", *map(c_size_t, sizes), byref(size), byref(align))
    memory = np.empty(size.value + align.value, dtype=np.uint8)
    address = -(-memory.ctypes.data // align.value) * align.value
    return memory, c_void_p(address), size


def matrix(array):
    """A packed f32 matrix as the C functions want it: address, rows, columns, stride."""
    assert array.dtype == np.float32 and array.flags.c_contiguous
    rows, cols = array.shape
    return c_void_p(array.ctypes.data), c_size_t(rows), c_size_t(cols), c_size_t(cols)


class _OrthogonaliseParams(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("reserved", c_uint32),
        ("target_cosine", c_double),
        ("steps", c_uint64),
        ("learning_rate", c_double),
    ]


class TightFrame(ctypes.Structure):
    """saek_tight_frame_report."""

    _fields_ = [
        ("struct_size", c_uint32),
        ("method", c_uint32),
        ("rounds", c_uint64),
        ("floor", c_double),
        ("distance", c_double),
        ("filled", c_uint32),
        ("reserved", c_uint32),
    ]


class Superposition(ctypes.Structure):
    """saek_superposition."""

    _fields_ = [("struct_size", c_uint32), ("reserved", c_uint32)] + [
        (name, c_double)
        for name in ("mean_max", "mean_absolute", "rms", "frame_potential", "coherence", "welch_bound")
    ]


def orthogonalise(dictionary, steps):
    """Orthogonalises a copy of the dictionary, with the default target and step size."""
    result = dictionary.copy()
    params = _OrthogonaliseParams()
    call("saek_orthogonalise_params_init", byref(params))
    assert params.struct_size == ctypes.sizeof(params)
    params.steps = steps
    _owner, address, size = workspace("saek_orthogonalise_f32", *result.shape)
    call("saek_orthogonalise_f32", *matrix(result), byref(params), None, None, address, size)
    return result


def tight_frame(dictionary):
    """A dictionary near the given one whose squared cosines have the least sum, and the report."""
    result, report = dictionary.copy(), TightFrame()
    call("saek_tight_frame_report_init", byref(report))
    assert report.struct_size == ctypes.sizeof(report)
    _owner, address, size = workspace("saek_tight_frame_f32", *result.shape)
    call("saek_tight_frame_f32", *matrix(result), None, byref(report), None, None, address, size)
    return result, report


def superposition(dictionary, percentiles):
    """The statistics of all pairs, the maxima of the vectors, and their percentiles, a row each."""
    n, k = len(dictionary), len(percentiles)
    wanted = np.array(percentiles, dtype=np.float64)
    maxima, of_vectors = np.empty(n, dtype=np.float32), np.empty((n, k), dtype=np.float32)
    found = Superposition()
    call("saek_superposition_init", byref(found))
    assert found.struct_size == ctypes.sizeof(found)
    _owner, address, size = workspace("saek_superposition_f32", *dictionary.shape, k)
    outputs = (c_void_p(maxima.ctypes.data), c_void_p(of_vectors.ctypes.data), None, byref(found))
    percentiles = (c_void_p(wanted.ctypes.data), c_size_t(k))
    call("saek_superposition_f32", *matrix(dictionary), *percentiles, None, *outputs, address, size)
    return found, maxima, of_vectors


def correlation_statistics(correlation):
    """Mean and rms of a matrix off its diagonal."""
    mean, rms = c_double(), c_double()
    address, count, _, stride = matrix(correlation)
    call("saek_correlation_statistics_f32", address, count, stride, byref(mean), byref(rms))
    return mean.value, rms.value


def low_rank_correlation_statistics(factor):
    """The same of factor factor^T."""
    mean, rms = c_double(), c_double()
    _owner, address, size = workspace("saek_low_rank_correlation_statistics_f32", factor.shape[1])
    outputs = (byref(mean), byref(rms), address, size)
    call("saek_low_rank_correlation_statistics_f32", *matrix(factor), *outputs)
    return mean.value, rms.value
