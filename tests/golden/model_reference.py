"""sae_lens.synthetic.synthetic_model alone: the package around it needs much more than torch."""

import contextlib
import importlib
import logging
import sys
import types
from pathlib import Path

import torch

DTYPES = {name: getattr(torch, name) for name in ("float32", "float64", "float16", "bfloat16")}


@contextlib.contextmanager
def temporary_seed(seed):
    """What sae_lens.util.temporary_seed does: the global seed, given back afterwards."""
    with torch.random.fork_rng():
        if seed is not None:
            torch.manual_seed(seed)
        yield


def load(sources):
    """Imports the module from a folder of sae-lens sources, with empty modules in place of the packages around it."""
    path = Path(sources) / "sae_lens"
    for name, place in (("sae_lens", path), ("sae_lens.synthetic", path / "synthetic")):
        package = types.ModuleType(name)
        package.__path__ = [str(place)]
        sys.modules[name] = package
    sys.modules["sae_lens"].logger = logging.getLogger("sae_lens")
    # Only downloads need it.
    hub = sys.modules["huggingface_hub"] = types.ModuleType("huggingface_hub")
    hub.hf_hub_download = None
    hub.utils = sys.modules["huggingface_hub.utils"] = types.ModuleType("huggingface_hub.utils")
    hub.utils.EntryNotFoundError = FileNotFoundError
    util = sys.modules["sae_lens.util"] = types.ModuleType("sae_lens.util")
    util.str_to_dtype = lambda dtype: dtype if isinstance(dtype, torch.dtype) else DTYPES[dtype]
    util.temporary_seed = temporary_seed
    return importlib.import_module("sae_lens.synthetic.synthetic_model")
