/** The program that is started, and what to say if that fails. Needs nothing of VS Code. */

import { type ChildProcess, spawn } from "node:child_process";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

const MOST_ERRORS = 4096;
const MOST_MS = 20_000;
const PREFIX = "isvclog: error: ";

/** The program cannot be started, or ended at once. The message is for people. */
export class StartError extends Error {}

/** Replace `~` and `${workspaceFolder}` in the setting `isvclog.path`; a relative path counts from the folder. */
export function resolveProgram(path: string, folder: string | undefined): string {
  const written = path.trim() || "isvclog";
  const replaced = written.replace(/^~(?=[/\\])/, () => homedir()).replaceAll("${workspaceFolder}", () => folder ?? "");
  const isName = !/[/\\]/.test(replaced);
  return isName || isAbsolute(replaced) || !folder ? replaced : join(folder, replaced);
}

/** Start the server; throw StartError if there is no such program. */
export async function launch(program: string, folder: string | undefined): Promise<ChildProcess> {
  const child = spawn(program, ["server"], { cwd: folder, stdio: "pipe" });
  await spawned(child, program);
  return child;
}

/**
 * Check that the server starts, with an end of input in place of a client. Throw StartError if it does not: once there is
 * a client, it reports a server that ends at once in words that say nothing about the reason.
 */
export async function checkStart(program: string, folder: string | undefined): Promise<void> {
  const child = spawn(program, ["server"], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  const timer = setTimeout(() => child.kill(), MOST_MS);
  let errors = "";
  child.stderr.on("data", (data: Buffer) => {
    errors = (errors + data.toString()).slice(-MOST_ERRORS);
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const code = await spawned(child, program)
    .then(() => ended)
    .finally(() => clearTimeout(timer));
  if (code !== 0 && code !== null) {
    throw new StartError(reasonOf(errors) ?? `\`${program} server\` ended with code ${code}. Is it a release of isvclog?`);
  }
}

/** Find what isvclog says about its own end in what it wrote to standard error; undefined if nothing. */
export function reasonOf(errors: string): string | undefined {
  const found = errors.split(/\r?\n/).filter((line) => line.startsWith(PREFIX));
  return found.at(-1)?.slice(PREFIX.length);
}

function spawned(child: ChildProcess, program: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (error: NodeJS.ErrnoException) => {
      const reason = error.code === "ENOENT" ? "was not found" : `cannot be started (${error.code ?? error.message})`;
      const effect = "so InferenceServices are not checked";
      const remedy = "Install it, or write its path into the setting `isvclog.path`.";
      reject(new StartError(`The program \`${program}\` ${reason}, ${effect}. ${remedy}`));
    });
  });
}
