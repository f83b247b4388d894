"""Writes the small files that tests/examples.rs reads: every type and order that the examples accept.

Needs numpy, safetensors and ml_dtypes. Every good file holds the same 3 by 4 matrix, whose numbers are exact in
each of the types: element (i, j) is 4 i + j - 5.5.
"""

from pathlib import Path

import ml_dtypes
import numpy as np
from safetensors.numpy import save_file

HERE = Path(__file__).parent
MATRIX = np.arange(12, dtype=np.float64).reshape(3, 4) - 5.5


def npy_files():
    for name, dtype in [("f16", "<f2"), ("f32", "<f4"), ("f64", "<f8"), ("f32_big_endian", ">f4")]:
        np.save(HERE / f"{name}.npy", MATRIX.astype(dtype))
    for name, dtype in [("f16", "<f2"), ("f32", "<f4"), ("f64", "<f8")]:
        np.save(HERE / f"{name}_fortran.npy", np.asfortranarray(MATRIX.astype(dtype)))
    np.save(HERE / "bf16.npy", MATRIX.astype(ml_dtypes.bfloat16))
    with open(HERE / "version2.npy", "wb") as file:
        np.lib.format.write_array(file, MATRIX.astype("<f4"), version=(2, 0))

    np.save(HERE / "bad_one_dimension.npy", MATRIX.astype("<f4").ravel())
    np.save(HERE / "bad_integers.npy", np.arange(12).reshape(3, 4))
    np.save(HERE / "bad_structured.npy", np.zeros((2, 2), dtype=[("x", "<f4"), ("y", "<f4")]))
    np.save(HERE / "bad_empty.npy", np.zeros((0, 4), dtype="<f4"))
    not_a_number = MATRIX.astype("<f4")
    not_a_number[1, 2] = np.nan
    np.save(HERE / "bad_nan.npy", not_a_number)


def safetensors_files():
    # As a checkpoint: the decoder, the encoder, and biases. No two have the same type.
    decoder = {
        "W_dec": MATRIX.astype(ml_dtypes.bfloat16),
        "W_enc": np.ascontiguousarray(MATRIX.T).astype(np.float16),
        "b_dec": np.zeros(4, np.float32),
        "b_enc": np.zeros(3, np.float64),
    }
    save_file(decoder, HERE / "checkpoint.safetensors")
    # Neither has the usual name, so one must be asked for.
    pair = {
        "features": MATRIX.astype(np.float32),
        "other": MATRIX.astype(np.float64),
        "counts": np.arange(12).reshape(3, 4),
    }
    save_file(pair, HERE / "unclear.safetensors")
    # One matrix and a vector: no name is needed.
    single = {
        "dictionary": MATRIX.astype(np.float64),
        "bias": np.zeros(4, np.float32),
    }
    save_file(single, HERE / "single.safetensors")


def sizes():
    """The files must stay small: they are committed."""
    for path in sorted(HERE.iterdir()):
        if path.suffix != ".py":
            assert path.stat().st_size < 1000, path
            print(path.name, path.stat().st_size)


if __name__ == "__main__":
    npy_files()
    safetensors_files()
    sizes()
