"use strict";
// As much of the `vscode` module as vscode-languageclient needs to start. What it does not need is an endless proxy:
// an object that can be called, constructed, extended and asked for anything.

function anything() {
  const target = function Anything() {};
  return new Proxy(target, {
    get: (object, key) => {
      if (key === "then" || key === Symbol.iterator || key === Symbol.toPrimitive) {
        return undefined;
      }
      if (!(key in object)) {
        object[key] = anything();
      }
      return object[key];
    },
    apply: () => anything(),
    construct: () => ({ dispose() {} }),
  });
}

class Disposable {
  constructor(dispose) {
    this.dispose = () => dispose?.();
  }
  static from(...items) {
    return new Disposable(() => items.forEach((item) => item.dispose()));
  }
}

class EventEmitter {
  listeners = new Set();
  event = (listener, self) => {
    const bound = self ? listener.bind(self) : listener;
    this.listeners.add(bound);
    return new Disposable(() => this.listeners.delete(bound));
  };
  fire(value) {
    this.listeners.forEach((listener) => listener(value));
  }
  dispose() {
    this.listeners.clear();
  }
}

class Uri {
  constructor(text) {
    const url = new URL(text);
    this.text = text;
    this.scheme = url.protocol.slice(0, -1);
    this.path = decodeURIComponent(url.pathname);
    this.fsPath = this.path;
  }
  static parse(text) {
    return new Uri(text);
  }
  static file(path) {
    return new Uri(`file://${path}`);
  }
  static joinPath(base, ...parts) {
    return new Uri([base.text, ...parts].join("/"));
  }
  toString() {
    return this.text;
  }
}

class Position {
  constructor(line, character) {
    Object.assign(this, { line, character });
  }
}

class Range {
  constructor(start, end) {
    Object.assign(this, { start, end });
  }
}

class Diagnostic {
  constructor(range, message, severity) {
    Object.assign(this, { range, message, severity });
  }
}

class CodeActionKind {
  static QuickFix = new CodeActionKind("quickfix");
  static Empty = new CodeActionKind("");
  constructor(value) {
    this.value = value;
  }
  append(part) {
    return new CodeActionKind(this.value ? `${this.value}.${part}` : part);
  }
}

class CancellationTokenSource {
  token = { isCancellationRequested: false, onCancellationRequested: new EventEmitter().event };
  cancel() {}
  dispose() {}
}

class TabInputText {
  constructor(uri) {
    this.uri = uri;
  }
}

const PLAIN = class {
  constructor(...values) {
    this.values = values;
  }
  dispose() {}
};

/** An editor with settings and open documents, which keeps what the extension does to it. */
function createStub(settings, documents) {
  const commands = new Map();
  const diagnostics = new Map();
  const errors = [];
  const shown = [];
  const silent = () => new Disposable();
  const opened = documents.map(({ uri, languageId, text }) => ({
    uri: new Uri(uri),
    languageId,
    version: 1,
    getText: () => text,
  }));
  const configuration = {
    ...settings,
    get: (key, otherwise) => settings[key] ?? otherwise,
    inspect: () => undefined,
  };
  const log = ["append", "appendLine", "clear", "show", "trace", "debug", "info", "warn", "error", "replace", "hide"];
  const output = Object.fromEntries(log.map((name) => [name, () => {}]));
  output.dispose = () => {};
  output.name = "isvclog";

  const known = {
    version: "1.91.0",
    Disposable,
    TabInputText,
    EventEmitter,
    Uri,
    Position,
    Range,
    Diagnostic,
    CodeActionKind,
    CancellationTokenSource,
    CancellationError: class extends Error {},
    ViewColumn: { Beside: -2 },
    DiagnosticSeverity: { Error: 0, Warning: 1, Information: 2, Hint: 3 },
    env: { appName: "test", language: "en", openExternal: async () => true },
    commands: {
      registerCommand: (name, run) => {
        commands.set(name, run);
        return new Disposable(() => commands.delete(name));
      },
      executeCommand: async () => undefined,
    },
    languages: {
      match: (selector, document) =>
        [selector].flat().some((each) => (each.language ?? each) === document.languageId) ? 10 : 0,
      createDiagnosticCollection: () => ({
        set: (uri, found) => diagnostics.set(uri.toString(), found),
        delete: (uri) => diagnostics.delete(uri.toString()),
        clear: () => diagnostics.clear(),
        dispose: () => {},
      }),
    },
    window: {
      activeTextEditor: opened.length ? { document: opened[0] } : undefined,
      state: { focused: true },
      visibleTextEditors: [],
      tabGroups: { all: [{ tabs: opened.map(({ uri }) => ({ input: new TabInputText(uri) })) }], onDidChangeTabs: silent },
      createOutputChannel: () => output,
      showErrorMessage: async (message, ...items) => {
        errors.push({ message, items });
        return undefined;
      },
      showTextDocument: async (uri) => shown.push(uri.toString()),
      showWarningMessage: async (message) => errors.push({ message, items: [] }) && undefined,
    },
    workspace: {
      workspaceFolders: undefined,
      textDocuments: opened,
      notebookDocuments: [],
      isTrusted: true,
      getConfiguration: () => configuration,
      createFileSystemWatcher: () => ({
        onDidCreate: silent,
        onDidChange: silent,
        onDidDelete: silent,
        dispose: () => {},
      }),
    },
  };

  function filled(name, value) {
    return new Proxy(value, {
      get: (object, key) => {
        if (key in object || typeof key === "symbol" || key === "then") {
          return object[key];
        }
        if (/^on[A-Z]|^register/.test(key)) {
          return silent;
        }
        // Names of classes, which are extended or constructed, and of enumerations, whose members are only compared.
        object[key] = name === "vscode" && /^[A-Z]/.test(key) ? PLAIN : anything();
        return object[key];
      },
    });
  }

  for (const name of ["commands", "languages", "window", "workspace", "env"]) {
    known[name] = filled(name, known[name]);
  }
  const context = { subscriptions: [], extensionUri: new Uri("file:///extension") };
  return { vscode: filled("vscode", known), context, commands, diagnostics, errors, shown };
}

module.exports = { createStub };
