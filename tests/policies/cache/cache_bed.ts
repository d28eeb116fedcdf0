/** The cache before an upstream that answers when a test says so. */

import { strict as assert } from "node:assert";
import { type Body, BodyError, type BodySource } from "../../../src/core/body.ts";
import type { BuildEnv } from "../../../src/core/build_env.ts";
import { Exchange } from "../../../src/core/exchange.ts";
import type { Handler, MaybePromise } from "../../../src/core/handler.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { Reply } from "../../../src/core/reply.ts";
import { cacheDefinition } from "../../../src/policies/cache/cache.ts";
import type { CacheOptions } from "../../../src/policies/cache/cache_options.ts";
import { cacheSchema } from "../../../src/policies/cache/cache_schema.ts";
import type { ResponseCache } from "../../../src/policies/cache/response_cache.ts";
import { type ExchangeOptions, makeEnv, makeExchange, readText, type TestEnv } from "../../support/exchange.ts";
import { turn } from "../../support/turn.ts";

/** Fields as `{ name: value }`; of several values, each is a field of its own. */
export type Fields = Readonly<Record<string, string | readonly string[]>>;

/** An answer of the upstream: its status is 200 unless it says another. */
export interface Answer {
  readonly status?: number;
  readonly fields?: Fields;
  readonly body?: string | Body;
}

/** A request that has come to the upstream. */
export class Arrival {
  readonly exchange: Exchange;
  readonly reply: Promise<Reply>;
  ended = false;
  /** Whether it has been answered. */
  settled = false;
  #settle: PromiseWithResolvers<Reply> = Promise.withResolvers();

  constructor(exchange: Exchange) {
    this.exchange = exchange;
    this.reply = this.#settle.promise;
    exchange.onAbort({ abandon: () => this.ended = true });
  }

  header(name: string): string | null {
    return this.exchange.headers.get(name);
  }

  /** Answers, and lets happen what can. */
  async answer(answer: Answer | Reply = {}): Promise<void> {
    this.settled = true;
    this.#settle.resolve(answer instanceof Reply ? answer : replyOf(answer));
    await turn();
  }

  /** As the gateway answers for an upstream that cannot be reached. */
  async fail(code = "connect_failed", status = 502): Promise<void> {
    this.exchange.error = code;
    await this.answer({ status, body: code });
  }

  async crash(error: Error = new Error("the chain threw")): Promise<void> {
    this.settled = true;
    this.#settle.reject(error);
    await turn();
  }
}

/** A client's request. */
export class Asked {
  readonly exchange: TestExchange;
  /** Whether it was answered without a promise. */
  readonly sync: boolean;
  reply: Reply | null = null;
  error: unknown = null;

  constructor(handler: Handler, exchange: TestExchange) {
    this.exchange = exchange;
    const result = handler(exchange);
    this.sync = !(result instanceof Promise);
    if (result instanceof Promise) result.then((reply) => this.reply = reply, (error) => this.error = error);
    else this.reply = result;
  }

  get status(): number | undefined {
    return this.reply?.status;
  }

  /** What `exchange.cache` says. */
  get outcome(): string {
    return this.exchange.cache;
  }

  get cacheStatus(): string | null {
    return this.header("cache-status");
  }

  header(name: string): string | null {
    assert.ok(this.reply !== null, "there is no answer yet");
    return this.reply.header(name);
  }

  text(): Promise<string> {
    assert.ok(this.reply !== null, "there is no answer yet");
    return readText(this.reply.body);
  }

  /** The client goes away. */
  async leave(): Promise<void> {
    this.exchange.abort();
    const body = this.reply?.body;
    if (body !== undefined && body !== null && !(body instanceof Uint8Array)) body.cancel();
    await turn();
  }

  /** The client has its answer. */
  end(): void {
    this.exchange.end();
  }
}

/** It hears interim answers. */
export class TestExchange extends Exchange {
  readonly informed: number[] = [];

  override inform(status: number): void {
    this.informed.push(status);
  }
}

/** What a test says of a request: a plain GET of `/` unless it says more. */
export interface Asking extends Omit<ExchangeOptions, "headers"> {
  readonly headers?: Fields;
  /** A policy before the cache has accepted a credential. */
  readonly credentialed?: boolean;
  readonly identity?: Exchange["identity"];
  readonly upgrade?: string;
  readonly trace?: Exchange["trace"];
}

/** The policy, an upstream, and the clock. */
export class CacheBed {
  readonly env: TestEnv;
  /** Those that came to the upstream, in order. */
  readonly arrived: Arrival[] = [];
  /** Answers at once; `null`: the test does, see {@link Arrival}. */
  respond: ((exchange: Exchange, index: number) => MaybePromise<Reply>) | null = null;
  readonly #handler: Handler;
  #ids = 0;

  constructor(
    options: CacheOptions = {},
    env: BuildEnv = makeEnv(),
    before: (next: Handler) => Handler = (next) => next,
  ) {
    this.env = env as TestEnv;
    const plan = cacheSchema.parse(options);
    this.#handler = cacheDefinition.build(plan, env, "a/cache")(before((exchange) => {
      const arrival = new Arrival(exchange);
      this.arrived.push(arrival);
      return this.respond === null ? arrival.reply : this.respond(exchange, this.arrived.length - 1);
    }));
  }

  get clock(): TestEnv["clock"] {
    return this.env.clock;
  }

  get kept(): ResponseCache {
    return this.env.state("a/cache", null, (): ResponseCache => {
      throw new Error("there is no cache");
    });
  }

  /** Sends one. */
  start(asking: Asking | string = {}): Asked {
    const { headers = {}, credentialed = false, identity, upgrade = "", trace = null, ...options } =
      typeof asking === "string" ? { path: asking } as Asking : asking;
    const made = makeExchange({ startedAt: this.clock.now(), ...options, headers: pairs(headers) });
    const { method, path, query, authority, host, scheme, client, body, startedAt } = made;
    const exchange = new TestExchange({
      ...{ method, path, query, authority, host, scheme, client, body, startedAt, headers: made.headers },
      requestId: `r${this.#ids++}`,
    });
    exchange.route = made.route;
    exchange.credentialed = credentialed;
    exchange.identity = identity;
    exchange.upgrade = upgrade;
    exchange.trace = trace;
    return new Asked(this.#handler, exchange);
  }

  /** Sends one, and lets happen what can. */
  async ask(asking: Asking | string = {}): Promise<Asked> {
    const asked = this.start(asking);
    await turn();
    return asked;
  }

  /** Sends one, has the upstream answer it, and reads what the client gets. */
  async fill(asking: Asking | string = {}, answer: Answer = {}): Promise<Asked> {
    const before = this.arrived.length, asked = await this.ask(asking);
    assert.equal(this.arrived.length, before + 1, "the upstream was not asked once");
    await this.arrived[before].answer(answer);
    if (asked.reply !== null) await asked.text();
    asked.end();
    await turn();
    return asked;
  }

  pass(seconds: number): void {
    this.clock.advance(seconds * 1000);
  }
}

/** `max-age=60` and whatever else. */
export function fresh(more: Fields = {}, seconds = 60): Fields {
  return { "cache-control": `max-age=${seconds}`, ...more };
}

export function replyOf({ status = 200, fields = {}, body = "body" }: Answer): Reply {
  const flat = pairs(fields).flat();
  return new Reply(status, HeaderList.of(...flat), typeof body === "string" ? new TextEncoder().encode(body) : body);
}

function pairs(fields: Fields): (readonly [string, string])[] {
  return Object.entries(fields).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value] as const] : value.map((one) => [name, one] as const)
  );
}

/** A body that gives a piece when it is told to. */
export class HandFedBody implements BodySource {
  cancelled = 0;
  readonly length: number | undefined;
  readonly trailers: readonly string[] | null;
  #waiting: { into: Uint8Array; resolve: (count: number) => void; reject: (error: unknown) => void } | null = null;

  constructor(length?: number, trailers: readonly string[] | null = null) {
    this.length = length;
    this.trailers = trailers;
  }

  /** Whether somebody wants more. */
  get wanted(): boolean {
    return this.#waiting !== null;
  }

  read(into: Uint8Array): Promise<number> {
    return new Promise((resolve, reject) => this.#waiting = { into, resolve, reject });
  }

  cancel(): void {
    this.cancelled++;
    this.#take()?.reject(new BodyError("endpoint", "cancelled"));
  }

  /** `""` ends it. */
  async give(text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text), { into, resolve } = this.#take()!;
    into.set(bytes);
    resolve(bytes.length);
    await turn();
  }

  async break(): Promise<void> {
    this.#take()!.reject(new BodyError("endpoint", "reset"));
    await turn();
  }

  #take() {
    const waiting = this.#waiting;
    this.#waiting = null;
    return waiting;
  }
}

/** What one read gives. */
export async function piece(body: Body): Promise<string> {
  assert.ok(body !== null && !(body instanceof Uint8Array), "there is no stream");
  const into = new Uint8Array(1024), count = await body.read(into);
  return new TextDecoder().decode(into.subarray(0, count));
}

/** Lets everything happen that waits for promises only: for thousands of requests quicker than turns of the event loop. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 60; i++) await null;
}
