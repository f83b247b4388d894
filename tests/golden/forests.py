"""Makes forests.txt and compensated.txt: generated hierarchies and compensated probabilities of sae-lens 6.54.

python forests.py FOLDER, where FOLDER/sae-lens-6.54.0 has been made by `benches/compare/dictionary/run`.

forests.txt has a line a forest: features, seed, roots, least and greatest branching, depth, portion of exclusive nodes,
least and greatest depth of these, 1 if children are scaled; then the number of nodes, and the FNV-1a hashes of the parents
(4294967295 for none) and of the nodes with exclusive and with scaled children, each as a sequence of 32-bit words.

compensated.txt has, for the tree of `tree`, a line a feature: its rate, and the probability that it is drawn with.
"""

import sys
from pathlib import Path

import numpy as np

here = Path(__file__).parent
sys.path.insert(0, str(here / "../../benches/compare/dictionary"))
import reference

[hierarchy, node_module] = reference.load(sys.argv[1], "6.54.0", "hierarchy.hierarchy", "hierarchy.node")
[config_module] = reference.load(sys.argv[1], "6.54.0", "hierarchy.config")
NONE = 2**32 - 1


def fnv(words):
    hash = 0xCBF29CE484222325
    for byte in np.array(words, dtype="<u4").tobytes():
        hash = ((hash ^ byte) * 0x100000001B3) % 2**64
    return hash


def lists(roots):
    parents, exclusive, scaled = {}, [], []

    def visit(node, parent):
        parents[node.feature_index] = parent
        if node.mutually_exclusive_children:
            exclusive.append(node.feature_index)
        if node.scale_children_by_parent:
            scaled.append(node.feature_index)
        for child in node.children:
            visit(child, node.feature_index)

    for root in roots:
        visit(root, NONE)
    return [parents[node] for node in range(len(parents))], sorted(exclusive), sorted(scaled)


CASES = [
    # features, seed, roots, branching, depth, portion, least depth, greatest depth, scaled
    (1, 0, 3, 2, 1, 1.0, 0, None, 0),
    (10, 1, 2, 2, 2, 1.0, 0, None, 1),
    (1000, 2, 10, (2, 5), 3, 0.5, 0, None, 0),
    (1000, 3, 10, (2, 5), 3, 0.3, 1, 1, 1),
    (5000, 2**40 + 5, 100, (2, 9), 2, 0.02, 0, None, 0),
    (20000, 4, 1000, (3, 17), 4, 0.9, 0, 2, 0),
    (20000, 5, 2000, 4, 3, 0.01, 1, None, 1),
    (300, 6, 1, (2, 2**31), 2, 1.0, 0, None, 0),
    (700, 2**64 - 1, 7, (2, 3), 9, 0.25, 2, 5, 0),
]


def make_forests():
    for features, seed, roots, branching, depth, portion, least, greatest, scaled in CASES:
        config = config_module.HierarchyConfig(
            total_root_nodes=roots,
            branching_factor=branching,
            max_depth=depth,
            mutually_exclusive_portion=portion,
            mutually_exclusive_min_depth=least,
            mutually_exclusive_max_depth=greatest,
            scale_children_by_parent=bool(scaled),
        )
        parents, *flags = lists(hierarchy.generate_hierarchy(features, config, seed).roots)
        low, high = branching if isinstance(branching, tuple) else (branching, branching)
        greatest = NONE if greatest is None else greatest
        yield (features, seed, roots, low, high, depth, portion, least, greatest, scaled, len(parents), *map(fnv, (parents, *flags)))


def tree():
    """0(1, 2, 3x(4, 5, 6, -(7)), -x(8, 9)), -x(10, 11(12)), 13 outside."""
    node = node_module.HierarchyNode
    group = node(children=[node(8), node(9)], mutually_exclusive_children=True)
    three = node(3, [node(4), node(5), node(6), node(children=[node(7)])], mutually_exclusive_children=True)
    top = node(children=[node(10), node(11, [node(12)])], mutually_exclusive_children=True)
    return hierarchy.Hierarchy(roots=[node(0, [node(1), node(2), three, group]), top], modifier=None)


def make_compensated():
    import torch

    rates = torch.tensor([0.4, 0.1, 0.35, 0.3, 0.05, 0.2, 0.04, 0.1, 0.15, 0.2, 0.6, 0.3, 0.29, 0.7])
    probabilities = (rates * tree().compute_probability_correction_factors(rates)).clamp(max=1.0)
    return zip(rates.tolist(), probabilities.tolist())


for name, rows in (("forests", make_forests()), ("compensated", make_compensated())):
    lines = [" ".join(map(repr, row)) + "\n" for row in rows]
    (here / f"{name}.txt").write_text("".join(lines))
