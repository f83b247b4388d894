"""Writes tests/golden/model: models saved by sae-lens 6.54 and, in expected.json, what they hold.

python model.py FOLDER, where FOLDER/sae-lens-6.54.0 has been made by `benches/compare/dictionary/run`; needs safetensors
beside what that installs.
"""

import importlib
import json
import sys
from pathlib import Path

import torch

import model_reference


def numbers(tensor):
    return tensor.detach().double().flatten().tolist()


def forest(hierarchy):
    """Nodes in depth-first order: parent, feature, exclusive, scaled."""
    nodes = []

    def visit(node, parent):
        index = len(nodes)
        nodes.append(
            [
                parent,
                node.feature_index,
                node.mutually_exclusive_children,
                node.scale_children_by_parent,
            ]
        )
        for child in node.children:
            visit(child, index)

    for root in hierarchy.roots:
        visit(root, None)
    return nodes


def expected(model):
    generator = model.activation_generator
    correlation = model.correlation_matrix
    return {
        "feature_vectors": numbers(model.feature_dict.feature_vectors),
        "bias": numbers(model.feature_dict.bias),
        "firing_probabilities": numbers(generator.firing_probabilities),
        "mean_firing_magnitudes": numbers(generator.mean_firing_magnitudes),
        "std_firing_magnitudes": numbers(generator.std_firing_magnitudes),
        "correlation_factor": None if correlation is None else numbers(correlation.correlation_factor),
        "correlation_diag": None if correlation is None else numbers(correlation.correlation_diag),
        "hierarchy": None if model.hierarchy is None else forest(model.hierarchy),
    }


def main():
    lens = model_reference.load(sys.argv[1])
    magnitudes = importlib.import_module("sae_lens.synthetic.firing_magnitudes")
    probabilities = importlib.import_module("sae_lens.synthetic.firing_probabilities")
    full = lens.SyntheticModelConfig(
        num_features=12,
        hidden_dim=4,
        hierarchy=lens.HierarchyConfig(
            total_root_nodes=2,
            branching_factor=(2, 3),
            max_depth=2,
            mutually_exclusive_portion=0.5,
            compensate_probabilities=True,
            scale_children_by_parent=True,
        ),
        orthogonalization=lens.OrthogonalizationConfig(num_steps=5),
        correlation=lens.LowRankCorrelationConfig(rank=2),
        std_firing_magnitudes=magnitudes.LinearMagnitudeConfig(start=0.1, end=0.4),
        mean_firing_magnitudes=magnitudes.ExponentialMagnitudeConfig(start=5.0, end=0.5),
        bias=0.5,
        seed=7,
    )
    half = lens.SyntheticModelConfig(
        num_features=6,
        hidden_dim=4,
        firing_probability=probabilities.LinearFiringProbabilityConfig(),
        correlation=lens.LowRankCorrelationConfig(rank=3),
        mean_firing_magnitudes=magnitudes.FoldedNormalMagnitudeConfig(mean=1.0, std=0.5, max_value=2.0),
        bias=True,
        dtype="bfloat16",
        seed=1,
    )
    plain = lens.SyntheticModelConfig(
        num_features=6,
        hidden_dim=4,
        firing_probability=probabilities.ConstantFiringProbabilityConfig(probability=0.25),
        std_firing_magnitudes=magnitudes.ConstantMagnitudeConfig(value=0.125),
        mean_firing_magnitudes=2,
        bias=False,
    )
    folder = Path(__file__).parent / "model"
    facts = {}
    for name, cfg in (("full", full), ("half", half), ("plain", plain)):
        model = lens.SyntheticModel(cfg)
        model.save(folder / name)
        facts[name] = expected(lens.SyntheticModel.load_from_disk(folder / name))
    (folder / "expected.json").write_text(json.dumps(facts) + "\n")


main()
