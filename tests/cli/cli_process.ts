/** The program as a process of its own. @module */

import { fileURLToPath } from "node:url";
import { GUARD_MS } from "../support/wire.ts";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** What the task in deno.json gives, without the folder for files. */
export const PERMISSIONS: readonly string[] = ["--allow-net", "--allow-read", "--allow-env"];

/** Where and with what to run it. */
export interface CliProcessOptions {
  readonly cwd?: string;
  /** @default {@link PERMISSIONS} */
  readonly permissions?: readonly string[];
  /** Run `deno task` with the arguments instead. @default false */
  readonly task?: boolean;
  /** The most files that it may have open. @default the system's limit */
  readonly openFiles?: number;
}

/** A process that runs; every wait is bounded. Dispose of it to kill it. */
export class CliProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #read: Promise<unknown>;
  readonly #looks = new Set<() => void>();
  #out = "";
  #err = "";
  #code: number | null = null;

  /** Starts `deno run … main.ts` with these arguments. */
  constructor(
    args: readonly string[],
    { cwd, permissions = PERMISSIONS, task = false, openFiles }: CliProcessOptions = {},
  ) {
    const command = [
      Deno.execPath(),
      ...(task ? ["task", "--quiet", ...args] : ["run", "--quiet", "--no-prompt", ...permissions, MAIN, ...args]),
    ];
    // A limit is the shell's to set.
    if (openFiles !== undefined) command.unshift("sh", "-c", `ulimit -n ${openFiles}; exec "$@"`, "sh");
    this.#child = new Deno.Command(command[0], {
      args: command.slice(1),
      cwd,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      env: { NO_COLOR: "1" },
    }).spawn();
    this.#read = Promise.all([
      read(this.#child.stdout, (text) => this.#out += text, () => this.#changed()),
      read(this.#child.stderr, (text) => this.#err += text, () => this.#changed()),
      this.#child.status.then(({ code }) => this.#code = code),
    ]).then(() => this.#changed());
  }

  /** What it has printed so far. */
  get out(): string {
    return this.#out;
  }

  /** What it has printed to standard error so far. */
  get err(): string {
    return this.#err;
  }

  get running(): boolean {
    return this.#code === null;
  }

  /** The first entry of its log with this message, or a later one. */
  async entry(msg: string, place = 0): Promise<Record<string, unknown>> {
    return await this.#until(
      `a log entry "${msg}"`,
      () =>
        this.#err.split("\n").slice(0, -1).filter((line) => line.startsWith("{")).map((line) => JSON.parse(line))
          .filter((entry) => entry.msg === msg)[place],
    );
  }

  /** The first line of its standard output that fits. */
  async line(fits: (line: string) => boolean): Promise<string> {
    return await this.#until("a line of output", () => this.#out.split("\n").slice(0, -1).find(fits));
  }

  /** Its exit code, once it has ended and everything is read. */
  async ended(): Promise<number> {
    const code = await this.#until("its end", () => this.#code ?? undefined);
    await this.#read;
    return code;
  }

  /** Sends a signal, unless it has ended already. */
  kill(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill("SIGKILL");
    await this.#read;
  }

  async #until<T>(what: string, look: () => T | undefined): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const again = () => {
      const found = look();
      if (found !== undefined) resolve(found);
      else if (this.#code !== null) reject(new Error(`it ended with ${this.#code} before ${what}:\n${this.#err}`));
    };
    const guard = setTimeout(() => reject(new Error(`${what} did not come:\n${this.#err}`)), GUARD_MS);
    this.#looks.add(again);
    again();
    try {
      return await promise;
    } finally {
      clearTimeout(guard);
      this.#looks.delete(again);
    }
  }

  #changed(): void {
    for (const look of this.#looks) look();
  }
}

async function read(from: ReadableStream<Uint8Array>, take: (text: string) => void, then: () => void): Promise<void> {
  const decoder = new TextDecoder();
  for await (const bytes of from) {
    take(decoder.decode(bytes, { stream: true }));
    then();
  }
}
