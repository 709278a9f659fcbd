"""Makes the models and expected scores of this folder. Needs numpy, scikit-learn, skl2onnx and onnx."""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper
from skl2onnx import to_onnx
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest

HERE = Path(__file__).parent
OPSET = {"": 17, "ai.onnx.ml": 3}
FLOAT = TensorProto.FLOAT


def save(name, model):
    model.producer_version = ""
    (HERE / name).write_bytes(model.SerializeToString())


def made(name, nodes, inputs, outputs, constants=()):
    graph = helper.make_graph(nodes, name, inputs, outputs, list(constants))
    save(f"{name}.onnx", helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8))


def tensor(name, shape, kind=FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


def constant(name, values, kind=FLOAT):
    values = np.asarray(values)
    return helper.make_tensor(name, kind, values.shape, values.flatten().tolist())


# Rows as those of the pump of the tests: a flow about 100 and a leak about 5, each with a deviation of 1.
random = np.random.default_rng(20)
normal = np.column_stack([random.normal(100, 1, 400), random.normal(5, 1, 400)]).astype(np.float32)
rows = np.vstack([normal[:30], [[100, 9], [100, 14], [80, 5], [112, -3]]]).astype(np.float32)

forest = IsolationForest(n_estimators=20, max_samples=64, random_state=20).fit(normal)
save("forest.onnx", to_onnx(forest, normal[:1], target_opset=OPSET))

# The distance of a row from its reconstruction by the first principal component.
pca = PCA(n_components=1).fit(normal)
whiten = pca.components_.T @ pca.components_
made(
    "reconstruction",
    [
        helper.make_node("Sub", ["rows", "mean"], ["centred"]),
        helper.make_node("MatMul", ["centred", "projection"], ["projected"]),
        helper.make_node("Sub", ["centred", "projected"], ["residual"]),
        helper.make_node("Mul", ["residual", "residual"], ["squares"]),
        helper.make_node("ReduceSum", ["squares", "axis"], ["sum"], keepdims=0),
        helper.make_node("Sqrt", ["sum"], ["error"]),
    ],
    [tensor("rows", ["n", 2])],
    [tensor("error", ["n"])],
    [constant("mean", pca.mean_), constant("projection", whiten), constant("axis", [1], TensorProto.INT64)],
)
error = np.linalg.norm(rows - pca.inverse_transform(pca.transform(rows)), axis=1)

expected = {
    "rows": rows.astype(float).tolist(),
    # As the model gives them: the more normal, the higher.
    "forest": forest.decision_function(rows).tolist(),
    "reconstruction": error.tolist(),
}
(HERE / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")

# Models that do not fit, or do harm.
pair = [helper.make_node("ReduceSum", ["rows", "axis"], ["score"], keepdims=0)]
axis = constant("axis", [1], TensorProto.INT64)
made("three-features", pair, [tensor("rows", ["n", 3])], [tensor("score", ["n"])], [axis])
made("one-number", [helper.make_node("ReduceMax", ["rows"], ["score"], keepdims=0)], [tensor("rows", ["n", 2])], [tensor("score", [])])
made("per-feature", [helper.make_node("Abs", ["rows"], ["score"])], [tensor("rows", ["n", 2])], [tensor("score", ["n", 2])])
made(
    "label",
    [*pair, helper.make_node("Cast", ["score"], ["label"], to=TensorProto.INT64)],
    [tensor("rows", ["n", 2])],
    [tensor("label", ["n"], TensorProto.INT64)],
    [axis],
)
made("integers", pair, [tensor("rows", ["n", 2], TensorProto.INT64)], [tensor("score", ["n"], TensorProto.INT64)], [axis])
made(
    "two-inputs",
    [helper.make_node("Add", ["rows", "more"], ["both"]), helper.make_node("ReduceSum", ["both", "axis"], ["score"], keepdims=0)],
    [tensor("rows", ["n", 2]), tensor("more", ["n", 2])],
    [tensor("score", ["n"])],
    [axis],
)
made(
    "two-scores",
    [*pair, helper.make_node("Neg", ["score"], ["calm"])],
    [tensor("rows", ["n", 2])],
    [tensor("score", ["n"]), tensor("calm", ["n"])],
    [axis],
)
made("one-row", pair, [tensor("rows", [1, 2])], [tensor("score", [1])], [axis])
# The root of the leak less 7: no number for any row of which the leak is below.
made(
    "root",
    [helper.make_node("Sub", ["rows", "least"], ["more"]), helper.make_node("ReduceSum", ["more", "axis"], ["sum"], keepdims=0), helper.make_node("Sqrt", ["sum"], ["score"])],
    [tensor("rows", ["n", 2])],
    [tensor("score", ["n"])],
    [constant("least", [0.0, 105.0]), axis],
)


def loop(name, body, rounds, result):
    """A loop over the rows, where a row's flow is above 1000: what is tried before is done at once."""
    flow = helper.make_node("ReduceMax", ["rows"], ["largest"], keepdims=0)
    made(
        name,
        [
            flow,
            helper.make_node("Greater", ["largest", "bound"], ["runs"]),
            helper.make_node("Loop", ["rounds", "runs", "start"], [result], body=body),
            helper.make_node("ReduceSum", ["rows", "axis"], ["sum"], keepdims=0),
            helper.make_node("ReduceSum", [result], ["nothing"], keepdims=0),
            helper.make_node("Add", ["sum", "nothing"], ["score"]),
        ],
        [tensor("rows", ["n", 2])],
        [tensor("score", ["n"])],
        [constant("bound", 1000.0), constant("rounds", rounds, TensorProto.INT64), constant("start", [0.0]), axis],
    )


goes_on = helper.make_node("Identity", ["on"], ["still"])
state = [tensor("round", [], TensorProto.INT64), tensor("on", [], TensorProto.BOOL), tensor("value", None)]
for_ever = helper.make_graph(
    [goes_on, helper.make_node("Neg", ["value"], ["next"])],
    "body",
    state,
    [tensor("still", [], TensorProto.BOOL), tensor("next", None)],
)
loop("endless", for_ever, 2**62, "last")
doubling = helper.make_graph(
    [goes_on, helper.make_node("Concat", ["value", "value"], ["next"], axis=0)],
    "body",
    state,
    [tensor("still", [], TensorProto.BOOL), tensor("next", None)],
)
loop("growing", doubling, 40, "last")
