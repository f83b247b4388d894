"""This library's samplers for numpy arrays, through its C ABI: sparse rows, in memory that is made once."""

import ctypes
from ctypes import byref, c_size_t, c_uint32, c_uint64, c_void_p

import numpy as np
from ours import call, matrix, workspace


def _address(array):
    return c_void_p(array.ctypes.data)


class _Plan(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("reserved", c_uint32),
        ("features", c_size_t),
        ("cumulative_hazards", c_void_p),
        ("guide", c_void_p),
        ("guide_len", c_size_t),
        ("frequent", c_void_p),
        ("frequent_probabilities", c_void_p),
        ("frequent_len", c_size_t),
    ]


class _Firing(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("reserved", c_uint32),
        ("plan", c_void_p),
        ("means", c_void_p),
        ("means_len", c_size_t),
        ("std_devs", c_void_p),
        ("std_devs_len", c_size_t),
    ]


class Sparse:
    """Room for sparse rows."""

    def __init__(self, rows, capacity):
        self.rows = rows
        self.row_offsets = np.zeros(rows + 1, dtype=np.int64)
        self.columns = np.zeros(capacity, dtype=np.uint32)
        self.values = np.zeros(capacity, dtype=np.float32)

    def arguments(self):
        arrays = (self.row_offsets, self.columns, self.values)
        return (*map(_address, arrays), c_size_t(len(self.columns)))

    def firings(self):
        return int(self.row_offsets[-1])


class Independent:
    """Independently firing features, mean 1."""

    def __init__(self, probabilities, std_dev):
        self.probabilities = probabilities
        n, address = len(probabilities), _address(probabilities)
        plan, firing = _Plan(), _Firing()
        call("saek_firing_plan_init", byref(plan))
        guide_len, frequent_len = c_size_t(), c_size_t()
        call("saek_firing_plan_lengths_f32", address, c_size_t(n), c_size_t(n), byref(guide_len), byref(frequent_len))
        self.arrays = [
            np.zeros(n),
            np.zeros(guide_len.value, dtype=np.uint32),
            np.zeros(frequent_len.value + 1, dtype=np.uint32),
            np.zeros(frequent_len.value + 1),
            np.array([std_dev], dtype=np.float32),
        ]
        plan.features, plan.guide_len, plan.frequent_len = n, guide_len, frequent_len
        plan.cumulative_hazards, plan.guide, plan.frequent, plan.frequent_probabilities = (
            array.ctypes.data for array in self.arrays[:4]
        )
        call("saek_plan_firing_f32", address, c_size_t(n), byref(plan))
        call("saek_planned_firing_f32_init", byref(firing))
        firing.plan = ctypes.addressof(plan)
        firing.std_devs, firing.std_devs_len = self.arrays[4].ctypes.data, 1
        self.plan, self.firing, self.first_row = plan, firing, 0

    def _next(self, rows):
        first, self.first_row = self.first_row, self.first_row + rows
        return byref(self.firing), c_uint64(1), c_uint64(0), c_uint64(first)

    def sample(self, out):
        call("saek_sample_sparse_csr_f32", *self._next(out.rows), c_size_t(out.rows), *out.arguments())
        return out

    def sample_and_project(self, out, dictionary, hidden):
        self.sample(out)
        return project(out, dictionary, hidden)


def project(sparse, dictionary, hidden):
    """Projects sparse rows: hidden = sparse dictionary."""
    rows, cols = hidden.shape
    batch = (*sparse.arguments(), c_size_t(rows), c_size_t(len(dictionary)))
    where = (_address(dictionary), c_size_t(cols), None, _address(hidden), c_size_t(cols), c_size_t(cols))
    call("saek_project_csr_f32", *batch, *where)
    return hidden


class Hierarchy:
    """A forest whose nodes are features, each after its parent; exclusive where `exclusive` is 1."""

    def __init__(self, parents, exclusive):
        nodes = c_size_t(len(parents))
        length = c_size_t()
        call("saek_hierarchy_plan_len", nodes, byref(length))
        self.features = len(parents)
        self.plan = np.zeros(length.value, dtype=np.uint32)
        features, exclusive = np.arange(self.features, dtype=np.uint32), exclusive.astype(np.uint8)
        forest = (_address(parents), _address(features), _address(exclusive), None, nodes)
        _owner, address, size = workspace("saek_plan_hierarchy", self.features)
        call("saek_plan_hierarchy", *forest, nodes, _address(self.plan), length, address, size)
        self.owner, self.address, self.size = workspace("saek_hierarchy_apply_planned", length.value)

    def apply(self, first_row, sparse):
        law = (_address(self.plan), c_size_t(len(self.plan)), None, c_size_t(0))
        where = (c_uint64(1), c_uint64(0), c_uint64(first_row))
        batch = (*sparse.arguments(), c_size_t(sparse.rows), c_size_t(self.features))
        call("saek_hierarchy_apply_csr_f32", *law, *where, *batch, self.address, self.size)
        return sparse


class LowRank:
    """Features that a factor correlates, mean 1."""

    def __init__(self, factor, diagonal, probabilities, std_dev):
        self.shape = [c_size_t(size) for size in factor.shape]
        length = c_size_t()
        call("saek_low_rank_plan_len_f32", *self.shape, byref(length))
        self.plan = np.zeros(length.value, dtype=np.float32)
        arrays = (_address(diagonal), _address(probabilities), c_size_t(len(probabilities)))
        call("saek_plan_low_rank_f32", *matrix(factor), *arrays, _address(self.plan), length)
        self.magnitudes = np.array([1, std_dev], dtype=np.float32)
        self.owner, self.address, self.size = workspace("saek_sample_low_rank_f32", *factor.shape)
        self.first_row = 0

    def sample(self, out):
        mean = self.magnitudes.ctypes.data
        law = (_address(self.plan), c_size_t(len(self.plan)), *self.shape)
        law += (c_void_p(mean), c_size_t(1), c_void_p(mean + 4), c_size_t(1))
        where = (c_uint64(1), c_uint64(0), c_uint64(self.first_row), c_size_t(out.rows))
        call("saek_sample_low_rank_csr_f32", *law, *where, *out.arguments(), self.address, self.size)
        self.first_row += out.rows
        return out


class Correlated:
    """Features that a matrix correlates, mean 1; dense."""

    def __init__(self, correlation, probabilities, std_dev):
        n = len(correlation)
        self.factor, self.thresholds = np.zeros_like(correlation), np.zeros(n, dtype=np.float32)
        _owner, address, size = workspace("saek_correlation_factorise_f32", n)
        where = (_address(self.factor), c_size_t(n), address, size)
        call("saek_correlation_factorise_f32", _address(correlation), c_size_t(n), c_size_t(n), *where)
        where = (_address(self.thresholds), c_size_t(n))
        call("saek_correlation_thresholds_f32", _address(probabilities), c_size_t(n), *where)
        self.magnitudes = np.array([1, std_dev], dtype=np.float32)
        self.owner, self.address, self.size = workspace("saek_sample_correlated_f32", n)
        self.first_row = 0

    def sample(self, out):
        mean = self.magnitudes.ctypes.data
        law = (_address(self.factor), c_size_t(len(self.factor)), _address(self.thresholds))
        law += (c_void_p(mean), c_size_t(1), c_void_p(mean + 4), c_size_t(1))
        where = (c_uint64(1), c_uint64(0), c_uint64(self.first_row))
        call("saek_sample_correlated_f32", *law, *where, *matrix(out), self.address, self.size)
        self.first_row += len(out)
        return out
