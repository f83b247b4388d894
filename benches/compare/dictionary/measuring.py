"""What the comparisons with sae-lens have in common: their options, one core, and measuring by turns."""

import argparse
import os
import statistics
import time

import torch


def parser(description, repeats):
    """The options of every comparison; `repeats` is the default of --repeats."""
    options = argparse.ArgumentParser(description=description)
    options.add_argument("--reference", required=True, help="folder with sae-lens-VERSION folders; given by run")
    options.add_argument("--quick", action="store_true", help="a tenth of the size")
    options.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)), help="core to run on")
    options.add_argument("--repeats", type=int, default=repeats)
    return options


def stay_on_one_core(core):
    os.sched_setaffinity(0, {core})
    torch.set_num_threads(1)


def take_turns(repeats, *functions, warm_up=False, look=lambda which, result: None):
    """The median seconds of each function, and its last result; `look` sees every result, outside the time.

    With `warm_up` a function is called once before each call that is timed, so that it finds its own data in the caches,
    as it does where it is called again and again, and not what the others have left there.
    """
    seconds, results = [[] for _ in functions], [None] * len(functions)
    for _ in range(repeats):
        for which, function in enumerate(functions):
            if warm_up:
                function()
            started = time.perf_counter()
            results[which] = function()
            seconds[which].append(time.perf_counter() - started)
            look(which, results[which])
    return [statistics.median(s) for s in seconds], results
