"""A harness in another language would look like this: three items, no import of layerproof.

pytest --pyargs layerproof.conformance --adapter="process:python foreign_adapter.py"
"""

import json
import sys

import numpy as np

DTYPES = {"float32": "<f4", "float64": "<f8"}


def relu(config, w, x):
    slope, threshold = config.get("negative_slope", 0.0), config.get("threshold", 0.0)
    y = np.where(x >= threshold, x, slope * (x - threshold))
    return y if config.get("max_value") is None else np.minimum(y, config["max_value"])


ITEMS = {  # name: (arguments that are understood, function)
    "activations.relu": ({"negative_slope", "max_value", "threshold"}, relu),
    "layers.Dense": ({"units", "use_bias"}, lambda c, w, x: x @ w["kernel"] + w.get("bias", 0.0)),
    "layers.Add": (set(), lambda c, w, *xs: sum(xs[1:], xs[0])),
}


def read(document):
    a = document["$array"]
    return np.frombuffer(bytes.fromhex(a["hex"]), DTYPES[a["dtype"]]).reshape(a["shape"])


def write(array, dtype):
    hex_digits = np.ascontiguousarray(array, DTYPES[dtype]).tobytes().hex()
    return {"$array": {"dtype": dtype, "shape": list(array.shape), "hex": hex_digits}}


def answer(case, aspect):
    config, dtype = case["config"], case["dtype"]
    known, function = ITEMS.get(case["item"], (set(), None))
    if aspect != "forward" or function is None or dtype not in DTYPES or set(config) - known:
        return {"type": "unsupported", "reason": f"no {aspect} of {case['item']} like this"}
    w = {role: read(value) for role, value in case["weights"].items()}
    calls = [map(read, s["inputs"]) for s in case["steps"] if s["do"] == "call"]
    outputs = [function(config, w, *inputs) for inputs in calls]
    return {"type": "forward", "results": [{"outputs": [write(y, dtype)]} for y in outputs]}


for message in map(json.loads, sys.stdin):
    if message["type"] == "start":
        reply = {"type": "started", "name": "foreign", "versions": {"numpy": np.__version__}}
    elif message["type"] == "capabilities":
        reply = {"type": "capabilities", "items": list(ITEMS), "aspects": ["forward"]}
    elif message["type"] == "run":
        answers = {a: answer(message["case"], a) for a in message["aspects"]}
        reply = {"type": "outcome", "id": message["id"], "answers": answers}
    else:
        break
    print(json.dumps(reply), flush=True)
