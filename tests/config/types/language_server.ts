/** Deno's language server, as an editor drives it: JSON-RPC over its standard input and output. @module */

import { ROOT } from "../../gate/tree.ts";

/** One answer of the server; of what else it sends, nothing is needed. */
interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** The part of a completion that is looked at (LSP 3.17 §3.18.8). */
interface Completions {
  readonly items: readonly { readonly label: string; readonly sortText?: string }[];
}

/** The document that is being written. */
const DOCUMENT = `file://${ROOT}/unsaved.config.ts`;
/** How often it is asked again where it offers nothing. */
const MOST_ASKED = 10;

/** A running language server with the repository as its workspace. Stops with the block. */
export class LanguageServer implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #read: Promise<void>;
  #lastId = 0;
  #versions = 0;

  private constructor() {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["lsp", "--quiet"],
      cwd: ROOT,
      env: { DENO_NO_UPDATE_CHECK: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#read = this.#readAll();
  }

  /** Starts one and waits until it is ready. */
  static async start(): Promise<LanguageServer> {
    const server = new LanguageServer();
    await server.#request("initialize", {
      processId: null,
      rootUri: `file://${ROOT}`,
      workspaceFolders: [{ uri: `file://${ROOT}`, name: "gatewright" }],
      // A client that fetches diagnostics itself, and never does: else the server makes them after each change. Without
      // other capabilities it asks its client nothing.
      capabilities: { textDocument: { diagnostic: {} } },
      // Files that the document does not import are not read.
      initializationOptions: { enable: true, config: "./deno.json", lint: false, documentPreloadLimit: 0 },
    });
    await server.#notify("initialized", {});
    return server;
  }

  /** What is offered at the `|` of a config that is being written; the text is no file yet. */
  async completions(text: string): Promise<string[]> {
    const at = text.indexOf("|");
    const before = text.slice(0, at).split("\n");
    const written = text.slice(0, at) + text.slice(at + 1), version = ++this.#versions;
    // Always the same document, as somebody types: each further one would have the whole program made anew.
    if (version === 1) {
      await this.#notify("textDocument/didOpen", {
        textDocument: { uri: DOCUMENT, languageId: "typescript", version, text: written },
      });
    } else {
      await this.#notify("textDocument/didChange", {
        textDocument: { uri: DOCUMENT, version },
        contentChanges: [{ text: written }],
      });
    }
    // A server that is busy offers nothing rather than something late.
    for (let asked = 0;; asked++) {
      const result = await this.#request("textDocument/completion", {
        textDocument: { uri: DOCUMENT },
        position: { line: before.length - 1, character: before.at(-1)!.length },
        context: { triggerKind: 1 },
      });
      const { items } = (result ?? { items: [] }) as Completions;
      if (items.length > 0 || asked === MOST_ASKED) return items.map(({ label }) => label).sort();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#request("shutdown");
    await this.#notify("exit");
    await this.#input.close();
    await this.#read;
    await this.#child.status;
  }

  async #request(method: string, params?: unknown): Promise<unknown> {
    const id = ++this.#lastId, answer = Promise.withResolvers<unknown>();
    this.#waiting.set(id, answer);
    await this.#send({ id, method, params });
    return await answer.promise;
  }

  async #notify(method: string, params?: unknown): Promise<void> {
    await this.#send({ method, params });
  }

  async #send(message: object): Promise<void> {
    const body = new TextEncoder().encode(JSON.stringify({ jsonrpc: "2.0", ...message }));
    await this.#input.write(new TextEncoder().encode(`Content-Length: ${body.length}\r\n\r\n`));
    await this.#input.write(body);
  }

  async #readAll(): Promise<void> {
    let text = "";
    // Latin-1 keeps one character for each byte, which Content-Length counts.
    for await (const chunk of this.#child.stdout.pipeThrough(new TextDecoderStream("latin1"))) {
      text += chunk;
      for (let head; (head = /^Content-Length: (\d+)\r\n(?:.+\r\n)*\r\n/.exec(text)) !== null;) {
        const end = head[0].length + Number(head[1]);
        if (text.length < end) break;
        this.#take(JSON.parse(text.slice(head[0].length, end)));
        text = text.slice(end);
      }
    }
    for (const { reject } of this.#waiting.values()) reject(new Error("the language server ended"));
  }

  #take({ id, method, result, error }: Answer): void {
    if (id === undefined || method !== undefined) return;
    const answer = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) answer?.resolve(result);
    else answer?.reject(new Error(error.message));
  }
}
