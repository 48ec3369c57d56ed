"use strict";
// The bundled extension in an editor that only pretends to be VS Code: does the real server get what it needs?
// ISVCLOG names the program; without it, the test is skipped.
const assert = require("node:assert/strict");
const Module = require("node:module");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");
const test = require("node:test");

const { createStub } = require("./vscode-stub.cjs");

const BUNDLE = join(__dirname, "..", "dist", "extension.js");

function load(stub) {
  const original = Module._load;
  Module._load = (request, ...rest) => (request === "vscode" ? stub : original(request, ...rest));
  try {
    delete require.cache[BUNDLE];
    return require(BUNDLE);
  } finally {
    Module._load = original;
  }
}

async function until(condition) {
  for (let waited = 0; waited < 30_000; waited += 50) {
    const found = condition();
    if (found) {
      return found;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("waited for 30 seconds");
}

const TEXT = `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: fraud, annotations: {team: "a,b"}}
spec:
  predictor:
    model: {modelFormat: {name: sklearn}, storageUri: "gs://models/fraud"}
    logger: {mode: all, url: "http://sink.ml", metadataAnnotations: [team]}
`;

test("a manifest gets diagnostics, and a restart gives them again", { skip: !process.env.ISVCLOG }, async (t) => {
  const uri = pathToFileURL(join(__dirname, "isvc.yaml")).href;
  const stub = createStub({ path: process.env.ISVCLOG, debounce: 0 }, [{ uri, languageId: "yaml", text: TEXT }]);
  const extension = load(stub.vscode);
  t.after(extension.deactivate);
  await extension.activate(stub.context);
  const found = await until(() => stub.diagnostics.get(uri)?.length && stub.diagnostics.get(uri));
  assert.deepEqual(found.map((each) => each.code?.value ?? each.code), ["crashing-annotation"]);
  assert.ok(stub.commands.has("isvclog.preview"), "the command of the server's lens is registered by the client");
  stub.diagnostics.clear();
  await stub.commands.get("isvclog.restart")();
  await until(() => stub.diagnostics.get(uri)?.length);
  await stub.commands.get("isvclog.preview")(uri, 0, "");
  const shown = await until(() => stub.shown[0]);
  assert.match(shown, /\.preview\.txt$/);
  assert.deepEqual(stub.errors, []);
});

test("a missing program is reported once, with what to do", async () => {
  const stub = createStub({ path: "isvclog-that-is-not-there" }, []);
  const extension = load(stub.vscode);
  await extension.activate(stub.context);
  assert.equal(stub.errors.length, 1);
  assert.match(stub.errors[0].message, /^isvclog: The program `isvclog-that-is-not-there` was not found/);
  assert.deepEqual(stub.errors[0].items, ["How to Install", "Open Settings"]);
  await extension.deactivate();
});

test("a server without its library is reported once, in its own words", { skip: process.platform === "win32" }, async () => {
  const stub = createStub({ path: join(__dirname, "without-pygls.sh") }, []);
  const extension = load(stub.vscode);
  await extension.activate(stub.context);
  assert.deepEqual(
    stub.errors.map((each) => each.message),
    ["isvclog: the language server needs pygls: pip install 'isvclog[editor]'"],
  );
  await extension.deactivate();
});
