/** A Redis of a test's own. @module */

import { Redis } from "ioredis";
import { requires } from "./requires.ts";
import { steadyPort } from "./steady_port.ts";
import { TempDir } from "./temp_dir.ts";
import { turn } from "./turn.ts";
import { GUARD_MS } from "./wire.ts";

/** What a server is started with. */
export interface RedisServerOptions {
  /** Further arguments: `["--cluster-enabled", "yes"]`. */
  readonly args?: readonly string[];
  /** That it asks for. @default none */
  readonly password?: string;
  /** Lines of a config file, which is needed where the server writes it anew: sentinels do. */
  readonly config?: string;
}

/** A `redis-server`, without persistence unless its arguments ask for it, on a port that stays its own while it is down. */
export class RedisServer implements AsyncDisposable {
  readonly port: number = steadyPort();
  readonly #options: RedisServerOptions;
  readonly #folder: TempDir;
  #child: Deno.ChildProcess | null = null;

  private constructor(options: RedisServerOptions, folder: TempDir) {
    this.#options = options;
    this.#folder = folder;
  }

  /** One that answers. */
  static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
    const files: Record<string, string> = options.config === undefined ? {} : { "redis.conf": options.config };
    const server = new RedisServer(options, await TempDir.make(files));
    try {
      await server.restart();
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Where it would keep things. */
  get folder(): string {
    return this.#folder.path;
  }

  /** Starts it on its port, with nothing in it but what its arguments had it keep; ends it first, should it run. */
  async restart(): Promise<void> {
    await this.kill();
    const { args = [], config, password } = this.#options;
    const common = ["--port", `${this.port}`, "--bind", "127.0.0.1", "--save", "", "--dir", this.#folder.path];
    this.#child = new Deno.Command(requires("redis-server").paths.get("redis-server")!, {
      args: [
        ...(config === undefined ? [] : [this.#folder.join("redis.conf")]),
        ...common,
        ...(password === undefined ? [] : ["--requirepass", password]),
        ...args,
      ],
      stdout: "null",
      stderr: "null",
    }).spawn();
    await eventually(() => this.#answers(), `redis-server on ${this.port}`);
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null) return;
    try {
      child.kill("SIGKILL");
    } catch (error) {
      // It ended by itself.
      if (!(error instanceof TypeError)) throw error;
    }
    await child.status;
  }

  /** It keeps its connections and answers nothing, until {@link resume}. */
  pause(): void {
    this.#child!.kill("SIGSTOP");
  }

  resume(): void {
    this.#child!.kill("SIGCONT");
  }

  /** Asks it something over a connection of its own. */
  async ask(command: string, ...args: (string | number)[]): Promise<unknown> {
    const { password } = this.#options, port = this.port;
    const client = new Redis({ port, host: "127.0.0.1", password, lazyConnect: true, retryStrategy: () => null });
    client.on("error", () => {});
    try {
      return await client.call(command, ...args);
    } finally {
      const closed = new Promise((resolve) => client.once("end", resolve));
      client.disconnect();
      await closed;
    }
  }

  /** Every key there is. */
  async keys(): Promise<string[]> {
    return (await this.ask("KEYS", "*") as string[]).sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await this.#folder[Symbol.asyncDispose]();
  }

  async #answers(): Promise<boolean> {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port: this.port })).close();
      return await this.ask("PING") === "PONG";
    } catch {
      return false;
    }
  }
}

/** Asks until the answer is yes. @throws when that takes longer than the guard */
export async function eventually(ask: () => Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + GUARD_MS;
  while (!await ask()) {
    if (performance.now() > end) throw new Error(`waited ${GUARD_MS} ms in vain for ${what}`);
    await turn();
  }
}
