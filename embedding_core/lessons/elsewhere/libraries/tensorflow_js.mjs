// The other half of tensorflow_js.py: reads one question, as JSON, and writes one answer.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const tf = createRequire(`${process.cwd()}/`)("@tensorflow/tfjs");
await tf.setBackend("cpu");

const asked = JSON.parse(readFileSync(0, "utf8"));
const [rows, width] = asked.shape;
const layer = tf.layers.embedding({
  inputDim: rows,
  outputDim: width,
  maskZero: asked.padding,
  embeddingsConstraint: asked.max_norm
    ? tf.constraints.maxNorm({ maxValue: asked.max_norm, axis: 1 })
    : undefined,
});
layer.build([null, 1]);
if (asked.table) layer.setWeights([tf.tensor(asked.table.map(Number), asked.shape)]);

const optimizer = tf.train[asked.optimizer](asked.rate);
const variable = layer.trainableWeights[0];

// A layer takes a batch of sequences: one of ids gets an axis of length 1 in front.
const lookUp = ({ values, shape, type }) => {
  const ids = tf.tensor(values, shape, type);
  return shape.length === 1 ? layer.apply(ids.expandDims(0)).squeeze([0]) : layer.apply(ids);
};

for (const { ids, upstream } of asked.steps) {
  const loss = () => lookUp(ids).mul(tf.tensor(upstream.values, upstream.shape)).sum();
  optimizer.minimize(loss, false, [variable.val]);
  if (variable.constraint) variable.write(variable.constraint.apply(variable.read()));
}

let answer = variable.read();
if (asked.look_up) answer = lookUp(asked.look_up);
if (asked.look_up && asked.pooled) {
  answer = tf.layers.globalAveragePooling1d({}).apply(answer);
}
console.log(JSON.stringify({ shape: answer.shape, values: [...answer.dataSync()].map(String) }));
