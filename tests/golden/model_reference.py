"""sae_lens.synthetic.synthetic_model alone, as the comparisons load their parts of the package."""

import sys
import types
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "../../benches/compare/dictionary"))
import reference


def load(folder):
    """Imports the module of sae-lens 6.54.0 from a folder that `benches/compare/dictionary/run` has made."""
    # Only downloads need it.
    hub = sys.modules["huggingface_hub"] = types.ModuleType("huggingface_hub")
    hub.hf_hub_download = None
    hub.utils = sys.modules["huggingface_hub.utils"] = types.ModuleType("huggingface_hub.utils")
    hub.utils.EntryNotFoundError = FileNotFoundError
    [module] = reference.load(folder, "6.54.0", "synthetic_model")
    return module
