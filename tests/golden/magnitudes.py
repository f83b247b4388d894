"""Makes magnitude_*.npy: schedules of firing magnitudes by sae-lens 6.54.

python magnitudes.py FOLDER, where FOLDER/sae-lens-6.54.0 has been made by `benches/compare/dictionary/run`.
"""

import sys
from pathlib import Path

import numpy as np

here = Path(__file__).parent
sys.path.insert(0, str(here / "../../benches/compare/dictionary"))
import reference

[module] = reference.load(sys.argv[1], "6.54.0", "firing_magnitudes")
for n in (1, 2, 7, 100):
    for name, config in (
        ("linear", module.LinearMagnitudeConfig(start=0.5, end=3.0)),
        ("exponential", module.ExponentialMagnitudeConfig(start=2.0, end=0.05)),
    ):
        np.save(here / f"magnitude_{name}_n{n}.npy", config.generate(n).numpy())
