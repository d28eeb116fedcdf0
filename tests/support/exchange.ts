/** Exchanges without an engine, and what a policy needs of the world. @module */

import type { Body, BodySource } from "../../src/core/body.ts";
import type { BuildEnv } from "../../src/core/build_env.ts";
import { NO_CONSUMERS } from "../../src/core/consumers.ts";
import { Events } from "../../src/core/events.ts";
import { Exchange, type ExchangeInit } from "../../src/core/exchange.ts";
import { HeaderList } from "../../src/core/header_list.ts";
import { type LogLevel, logTo } from "../../src/core/log.ts";
import type { SecretReader } from "../../src/core/secret.ts";
import { TimerWheel } from "../../src/core/timer_wheel.ts";
import { FakeClock } from "./fake_clock.ts";
import { memoryStore } from "./open_store.ts";

/** What a test says of a request; the rest is a plain GET. */
export interface ExchangeOptions extends Partial<Omit<ExchangeInit, "headers">> {
  /** Fields in order; a name may stand twice. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly params?: Readonly<Record<string, string>>;
  /** Raw segments of the parameters. */
  readonly captures?: readonly string[];
  readonly route?: string;
}

/** An exchange as an engine would hand it to the chain, its route found. */
export function makeExchange(options: ExchangeOptions = {}): Exchange {
  const { headers = [], params, captures, route, ...init } = options;
  const exchange = new Exchange({
    method: "GET",
    path: "/",
    query: "",
    authority: "gateway.test:8080",
    host: "gateway.test",
    scheme: "http",
    client: { ip: "192.0.2.7", peer: "192.0.2.7", trusted: false },
    headers: HeaderList.of(...headers.flatMap(([name, value]) => [name.toLowerCase(), value])),
    body: null,
    requestId: "req-1",
    startedAt: 0,
    ...init,
  });
  if (params !== undefined) exchange.readParams = () => params;
  if (captures !== undefined) exchange.captures = captures;
  if (route !== undefined) exchange.route = route;
  return exchange;
}

/** A body that gives its pieces one read at a time, and records what became of it. */
export class ScriptedBody implements BodySource {
  readonly length: number | undefined;
  /** How often `cancel` was called. */
  cancelled = 0;
  /** How often `read` was called. */
  reads = 0;
  /** Reads that were called before the one before them had come back: a reader must not do that. */
  overlapping = 0;
  readonly #pieces: Uint8Array[];
  readonly #sync: boolean;
  readonly #failure: Error | null;
  #reading = false;

  /** @param pieces what `read` gives, cut where the reader's buffer is smaller */
  constructor(
    pieces: readonly (string | Uint8Array)[],
    options: { readonly length?: number; readonly sync?: boolean; readonly failure?: Error } = {},
  ) {
    this.#pieces = pieces.map((piece) => typeof piece === "string" ? new TextEncoder().encode(piece) : piece);
    this.#sync = options.sync ?? false;
    this.#failure = options.failure ?? null;
    this.length = options.length;
  }

  read(into: Uint8Array): number | Promise<number> {
    this.reads++;
    if (this.#reading) this.overlapping++;
    if (this.#sync) return this.#next(into);
    this.#reading = true;
    return Promise.resolve().then(() => {
      this.#reading = false;
      return this.#next(into);
    });
  }

  cancel(): void {
    this.cancelled++;
  }

  #next(into: Uint8Array): number {
    const piece = this.#pieces[0];
    if (piece === undefined) {
      if (this.#failure !== null) throw this.#failure;
      return 0;
    }
    const count = Math.min(piece.length, into.length);
    into.set(piece.subarray(0, count));
    if (count === piece.length) this.#pieces.shift();
    else this.#pieces[0] = piece.subarray(count);
    return count;
  }
}

/** All of a body, read in pieces of at most `size` bytes. */
export async function readAll(body: Body, size = 1024): Promise<Uint8Array<ArrayBuffer>> {
  if (body === null) return new Uint8Array(0);
  if (body instanceof Uint8Array) return new Uint8Array(body);
  const pieces: Uint8Array[] = [], into = new Uint8Array(size);
  for (;;) {
    const count = await body.read(into);
    if (count === 0) break;
    pieces.push(into.slice(0, count));
  }
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** {@link readAll} as text in UTF-8. */
export async function readText(body: Body): Promise<string> {
  return new TextDecoder().decode(await readAll(body));
}

/** One entry of the log. */
export interface LogEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields?: Record<string, unknown>;
}

/** A {@link BuildEnv} for policies that call no service, with its log in a list. */
export interface TestEnv extends BuildEnv {
  readonly clock: FakeClock;
  readonly logged: LogEntry[];
}

/** An environment with a clock that stands still. `secrets` are by name of variable or path. */
export function makeEnv(secrets: Readonly<Record<string, string>> = {}): TestEnv {
  const clock = new FakeClock(), logged: LogEntry[] = [], states = new Map<string, object>();
  const store = memoryStore(clock), localStore = memoryStore(clock);
  const read: SecretReader = (secret) => {
    const name = secret.env ?? secret.file ?? "";
    return Object.hasOwn(secrets, name) ? { value: secrets[name] } : { error: `${name} is not set` };
  };
  return {
    clock,
    logged,
    random: () => 0.5,
    log: logTo((level, message, fields) => logged.push({ level, message, fields })),
    events: new Events(),
    tracing: null,
    deadlines: new TimerWheel(clock),
    secrets: read,
    state<T extends object>(id: string, _shape: unknown, create: () => T): T {
      const state = states.get(id) ?? create();
      states.set(id, state);
      return state as T;
    },
    store: () => store,
    localStore: () => localStore,
    consumers: NO_CONSUMERS,
    failed(_exchange, cause) {
      throw cause;
    },
    dispatch() {
      throw new Error("this environment has no upstreams");
    },
    knob: (id, initial) => ({ id, value: initial }),
  };
}
