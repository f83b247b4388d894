"""The parts of sae-lens that are compared, without the rest of the package, which needs much more than torch."""

import importlib
import logging
import sys
import types
from pathlib import Path

import torch


def load(folder, version, module):
    """Imports sae_lens.synthetic.<module> of a version, with empty modules in place of the packages around it."""
    path = Path(folder) / f"sae-lens-{version}" / "sae_lens"
    for name in [name for name in sys.modules if name.split(".")[0] == "sae_lens"]:
        del sys.modules[name]
    for name, place in (("sae_lens", path), ("sae_lens.synthetic", path / "synthetic")):
        package = types.ModuleType(name)
        package.__path__ = [str(place)]
        sys.modules[name] = package
    # What the modules import of the package itself; none of what is compared calls it.
    sys.modules["sae_lens"].logger = logging.getLogger("sae_lens")
    util = sys.modules["sae_lens.util"] = types.ModuleType("sae_lens.util")
    util.str_to_dtype = lambda name: name if isinstance(name, torch.dtype) else getattr(torch, name)
    return importlib.import_module(f"sae_lens.synthetic.{module}")
