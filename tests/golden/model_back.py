"""The other direction: sae-lens loads what this library has written, and samples from it.

python model_back.py FOLDER LIBRARY, with FOLDER as in model.py and libsae_kernels.so; needs what model.py needs. Each
model of the folder model/ is read and written by the library, and sae-lens must find in the copy what it finds in the
original.
"""

import ctypes
import sys
import tempfile
from pathlib import Path

import numpy
import torch

import model_reference


class Sizes(ctypes.Structure):
    """saek_model_sizes."""

    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("has_bias", ctypes.c_uint32),
        *((name, ctypes.c_uint64) for name in ("rows", "cols", "rank", "nodes", "config_bytes")),
    ]


def pointer(array):
    return ctypes.c_void_p(array.ctypes.data if array.size else None)


def size(number):
    return ctypes.c_size_t(number)


def copy(library, source, target):
    """Reads a model and writes it again."""

    def call(name, *arguments):
        status = getattr(library, name)(*arguments)
        if status != 0:
            message = ctypes.create_string_buffer(128)
            library.saek_status_message(status, message, size(128))
            raise RuntimeError(f"{name}: {message.value.decode()}")

    model, sizes = ctypes.c_void_p(), Sizes()
    call("saek_model_open", str(source).encode(), ctypes.byref(model))
    call("saek_model_sizes_init", ctypes.byref(sizes))
    call("saek_model_shape", model, ctypes.byref(sizes))
    n, d, rank, nodes = sizes.rows, sizes.cols, sizes.rank, sizes.nodes
    dictionary, bias, probabilities, factor, diagonal = (
        numpy.zeros(count, numpy.float32) for count in (n * d, d, n, n * rank, n if rank else 0)
    )
    call(
        *("saek_model_read_f32", model, pointer(dictionary), size(n), size(d), size(d), pointer(bias)),
        *(pointer(probabilities), None, None, pointer(factor), size(rank), size(rank), pointer(diagonal)),
    )
    parents, features = numpy.zeros(nodes, numpy.uint32), numpy.zeros(nodes, numpy.uint32)
    exclusive, scaled = numpy.zeros(nodes, numpy.uint8), numpy.zeros(nodes, numpy.uint8)
    forest = [pointer(array) for array in (parents, features, exclusive, scaled)] + [size(nodes)]
    if nodes:
        call("saek_model_hierarchy", model, *forest)
    config = ctypes.create_string_buffer(sizes.config_bytes + 1)
    call("saek_model_config", model, config, size(len(config)))
    call("saek_model_close", model)
    call(
        *("saek_model_write_f32", str(target).encode(), config, pointer(dictionary), size(n), size(d), size(d)),
        *(pointer(bias), pointer(probabilities), pointer(factor), size(rank), size(rank), pointer(diagonal)),
        *forest,
    )


def main():
    lens = model_reference.load(sys.argv[1])
    library = ctypes.CDLL(str(Path(sys.argv[2]).resolve()))
    for source in sorted((Path(__file__).parent / "model").glob("*/")):
        with tempfile.TemporaryDirectory() as place:
            target = Path(place) / "model"
            copy(library, source, target)
            ours, theirs = lens.SyntheticModel.load_from_disk(target), lens.SyntheticModel.load_from_disk(source)
        assert ours.cfg == theirs.cfg, (ours.cfg, theirs.cfg)
        assert ours.hierarchy == theirs.hierarchy
        assert torch.equal(ours.feature_dict.feature_vectors, theirs.feature_dict.feature_vectors)
        assert torch.equal(ours.feature_dict.bias, theirs.feature_dict.bias)
        generators = ours.activation_generator, theirs.activation_generator
        # 16 bits have become 32.
        assert torch.equal(*(generator.firing_probabilities.float() for generator in generators))
        if theirs.correlation_matrix is not None:
            for ours_part, theirs_part in zip(ours.correlation_matrix, theirs.correlation_matrix, strict=True):
                assert torch.equal(ours_part.float(), theirs_part.float())
        if theirs.cfg.dtype == "float32":
            samples = []
            for model in (ours, theirs):
                torch.manual_seed(0)
                samples.append(model.sample(1000))
            assert torch.equal(*samples) and samples[0].std() > 0
            print(f"{source.name}: the same model, and the same 1000 samples")
        else:
            print(f"{source.name}: the same model; {theirs.cfg.dtype}, not sampled")


main()
