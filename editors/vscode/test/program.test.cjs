"use strict";
// The program that the extension starts, and what it says where there is none.
const assert = require("node:assert/strict");
const { homedir } = require("node:os");
const { join } = require("node:path");
const test = require("node:test");

const { build } = require("esbuild");

const compiled = build({
  entryPoints: [join(__dirname, "..", "src", "program.ts")],
  bundle: true,
  platform: "node",
  format: "cjs",
  write: false,
}).then((result) => {
  const loaded = { exports: {} };
  new Function("module", "exports", "require", result.outputFiles[0].text)(loaded, loaded.exports, require);
  return loaded.exports;
});

test("a name is looked for by the system, and a path counts from the folder", async () => {
  const { resolveProgram } = await compiled;
  const folder = join("/", "work");
  assert.equal(resolveProgram("isvclog", folder), "isvclog");
  assert.equal(resolveProgram("  ", folder), "isvclog");
  assert.equal(resolveProgram("~/bin/isvclog", folder), `${homedir()}/bin/isvclog`);
  assert.equal(resolveProgram("${workspaceFolder}/.venv/bin/isvclog", folder), join(folder, ".venv", "bin", "isvclog"));
  assert.equal(resolveProgram(".venv/bin/isvclog", folder), join(folder, ".venv", "bin", "isvclog"));
  assert.equal(resolveProgram(".venv/bin/isvclog", undefined), ".venv/bin/isvclog");
});

test("a missing program is a sentence", async () => {
  const { StartError, launch } = await compiled;
  await assert.rejects(launch("isvclog-that-is-not-there", undefined), (error) => {
    assert.ok(error instanceof StartError);
    assert.match(error.message, /^The program `isvclog-that-is-not-there` was not found, .* setting `isvclog\.path`\.$/);
    return true;
  });
});

test("what isvclog says about its end is found", async () => {
  const { reasonOf } = await compiled;
  assert.equal(reasonOf("Traceback\nisvclog: error: the language server needs pygls\r\n"), "the language server needs pygls");
  assert.equal(reasonOf("something else\n"), undefined);
});
