// Runs the engine: text in, text out. The engine's memory takes the question, and holds the answer until the next one.
let ready;

function run(instance, text) {
  const { memory, question_room, answer, answer_place } = instance.exports;
  const question = new TextEncoder().encode(text);
  const at = question_room(question.length);
  new Uint8Array(memory.buffer, at, question.length).set(question);
  const length = answer();
  return new TextDecoder().decode(new Uint8Array(memory.buffer, answer_place(), length));
}

self.onmessage = async ({ data }) => {
  if (data.module) {
    ready = WebAssembly.instantiate(data.module, {});
    return;
  }
  try {
    self.postMessage({ id: data.id, answer: run(await ready, data.text) });
  } catch (error) {
    self.postMessage({ id: data.id, error: String(error) });
  }
};
