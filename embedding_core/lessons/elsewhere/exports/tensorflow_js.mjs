// The other half of programs.open_tensorflow_js: reads one question, as JSON, and writes one answer.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const tf = createRequire(`${process.cwd()}/`)("@tensorflow/tfjs");
await tf.setBackend("cpu");

const { folder, kind, ids } = JSON.parse(readFileSync(0, "utf8"));
const weights = async (manifest) => {
  const bytes = manifest.flatMap(({ paths }) => paths).map((name) => readFileSync(join(folder, name)));
  const whole = Uint8Array.from(Buffer.concat(bytes));
  return [manifest.flatMap((group) => group.weights), whole.buffer];
};
const json = JSON.parse(readFileSync(join(folder, "model.json"), "utf8"));
const load = () => tf.io.getModelArtifactsForJSON(json, weights);
const model = await { graph: tf.loadGraphModel, layers: tf.loadLayersModel }[kind]({ load });

if (!ids) {
  console.log(JSON.stringify({ wants: model.inputs[0].dtype }));
} else {
  const found = model.predict(tf.tensor(ids.values, ids.shape, ids.type));
  console.log(JSON.stringify({ shape: found.shape, values: [...found.dataSync()].map(String) }));
}
