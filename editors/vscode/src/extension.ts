/** Starts `isvclog server` for YAML documents and Helm templates. All that it shows is the server's. */

import type { ChildProcess } from "node:child_process";

import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, type ShowDocumentParams } from "vscode-languageclient/node";

import { StartError, checkStart, launch, resolveProgram } from "./program";

const INSTALL = "How to Install";
const SETTINGS = "Open Settings";

let client: LanguageClient | undefined;
let output: vscode.LogOutputChannel | undefined;
let installation: vscode.Uri | undefined;
let changing: Promise<void> = Promise.resolve();

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  output = vscode.window.createOutputChannel("isvclog", { log: true });
  installation = vscode.Uri.joinPath(context.extensionUri, "README.md");
  context.subscriptions.push(
    output,
    vscode.commands.registerCommand("isvclog.restart", restart),
    vscode.commands.registerCommand("isvclog.showOutput", () => output?.show()),
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
    vscode.workspace.onDidChangeConfiguration((event) =>
      event.affectsConfiguration("isvclog.path") ? restart() : undefined,
    ),
  );
  await restart();
}

export async function deactivate(): Promise<void> {
  await oneAfterAnother(stop);
}

function restart(): Promise<void> {
  return oneAfterAnother(async () => {
    await stop();
    try {
      await start();
    } catch (error) {
      await stop();
      report(error instanceof StartError ? error.message : `The language server did not start: ${String(error)}`);
    }
  });
}

/** A restart waits for the one before, or two servers would run. */
function oneAfterAnother(step: () => Promise<void>): Promise<void> {
  changing = changing.then(step, step);
  return changing;
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  // One that has not come up, or is lost already, cannot be stopped, and need not be.
  await running?.dispose().catch((error: unknown) => output?.debug(String(error)));
}

async function start(): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  const path = vscode.workspace.getConfiguration("isvclog").get<string>("path", "isvclog");
  const program = resolveProgram(path, folder);
  // The server that stays starts beside the one that is only tried, or the first findings would wait for both.
  let early: Promise<ChildProcess> | undefined = launch(program, folder);
  early.catch(() => undefined); // the trial says why
  try {
    await checkStart(program, folder);
  } catch (error) {
    early.then((child) => child.kill()).catch(() => undefined);
    throw error;
  }
  const options: LanguageClientOptions = {
    documentSelector: ["yaml", "helm"].flatMap((language) => [
      { scheme: "file", language },
      { scheme: "untitled", language },
    ]),
    initializationOptions: vscode.workspace.getConfiguration("isvclog"),
    synchronize: { configurationSection: "isvclog" },
    outputChannel: output,
    middleware: { window: { showDocument } },
  };
  const serve = () => {
    const child = early ?? launch(program, folder);
    early = undefined;
    return child;
  };
  client = new LanguageClient("isvclog", "isvclog", serve, options);
  await client.start();
}

/** Open a preview beside its manifest instead of in its place. */
async function showDocument(params: ShowDocumentParams): Promise<{ success: boolean }> {
  const uri = vscode.Uri.parse(params.uri, true);
  if (params.external) {
    return { success: await vscode.env.openExternal(uri) };
  }
  await vscode.window.showTextDocument(uri, {
    viewColumn: vscode.ViewColumn.Beside,
    preserveFocus: params.takeFocus !== true,
  });
  return { success: true };
}

/** Show a problem with what can be done about it; nobody waits for the answer. */
function report(message: string): void {
  output?.error(message);
  void vscode.window.showErrorMessage(`isvclog: ${message}`, INSTALL, SETTINGS).then((chosen) => {
    if (chosen === INSTALL && installation) {
      return vscode.commands.executeCommand("markdown.showPreview", installation);
    }
    return chosen === SETTINGS
      ? vscode.commands.executeCommand("workbench.action.openSettings", "isvclog.path")
      : undefined;
  });
}
