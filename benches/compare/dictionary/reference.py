"""The parts of sae-lens that are compared, without the rest of the package, which needs much more than torch."""

import contextlib
import importlib
import logging
import sys
import types
from pathlib import Path

import torch


@contextlib.contextmanager
def _temporary_seed(seed):
    """What sae_lens.util.temporary_seed does: the global seed, given back afterwards."""
    with torch.random.fork_rng():
        if seed is not None:
            torch.manual_seed(seed)
        yield


def load(folder, version, *modules):
    """Imports modules of sae_lens.synthetic of a version, with empty modules in place of the packages around them."""
    path = Path(folder) / f"sae-lens-{version}" / "sae_lens"
    for name in [name for name in sys.modules if name.split(".")[0] == "sae_lens"]:
        del sys.modules[name]
    for name, place in (("sae_lens", path), ("sae_lens.synthetic", path / "synthetic")):
        package = types.ModuleType(name)
        package.__path__ = [str(place)]
        sys.modules[name] = package
    # What the modules import of the package itself.
    sys.modules["sae_lens"].logger = logging.getLogger("sae_lens")
    util = sys.modules["sae_lens.util"] = types.ModuleType("sae_lens.util")
    util.str_to_dtype = lambda name: name if isinstance(name, torch.dtype) else getattr(torch, name)
    util.temporary_seed = _temporary_seed
    return [importlib.import_module(f"sae_lens.synthetic.{module}") for module in modules]
