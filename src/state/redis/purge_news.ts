/** Hears of what other gateways purge. @module */

import type { Cancel } from "../../core/clock.ts";
import type { Purge } from "../../core/purge.ts";
import type { StoreEnv } from "../../core/store.ts";
import { type ClientOptions, clientOptions } from "./client_options.ts";
import { Link } from "./link.ts";
import { parseMessage } from "./purge_message.ts";
import { makeClient, type RedisClient } from "./redis_client.ts";
import type { RedisPlan } from "./redis_plan.ts";

/** Milliseconds between two looks at whether the connection still works, and for Redis to answer one. */
const BEAT = 5000, PATIENCE = 2000;

/** Hears an order; `null`: there may have been some that could not be heard. */
export type PurgeListener = (order: Purge | null) => void;

/**
 * A connection of its own that is subscribed to the channel of a store. Whenever it has been made anew, or late, all
 * listeners hear `null`: nobody knows what was told before.
 */
export class PurgeNews {
  readonly #env: StoreEnv;
  readonly #name: string;
  readonly #channel: string;
  readonly #self: string;
  readonly #link: Link;
  readonly #listeners = new Map<PurgeListener, string>();
  /** The time after which a first connection comes late: until then, who asks for answers waits for it. */
  readonly #late: number;
  #beat: Cancel = () => {};
  #told: "nothing" | "deaf" | "hears" = "nothing";
  #closed = false;

  /** @param self as messages of this gateway's own have it */
  constructor(plan: RedisPlan, env: StoreEnv, name: string, channel: string, self: string) {
    this.#env = env;
    this.#name = name;
    this.#channel = channel;
    this.#self = self;
    this.#late = env.clock.now() + plan.timeout;
    const options = clientOptions(plan, env.secrets, name);
    let attempts = 0;
    this.#link = new Link({
      env,
      make: () => this.#make(ofOneServer(options, attempts++)),
      check: (client) => client.subscribe(channel),
      onChange: () => this.#changed(),
    });
  }

  /** The first attempt to hear of them, until it came to something. */
  get opening(): Promise<void> | null {
    return this.#link.opening;
  }

  /** From now on it hears what is told about the cache with this id. The result ends it. */
  listen(id: string, listener: PurgeListener): () => void {
    this.#listeners.set(listener, id);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    this.#closed = true;
    this.#beat();
    this.#listeners.clear();
    this.#link.close();
  }

  async #make(options: ClientOptions): Promise<RedisClient> {
    const client = await makeClient(options);
    client.on("message", (channel: string, text: string) => {
      if (channel === this.#channel) this.#heard(text);
    });
    return client;
  }

  #heard(text: string): void {
    const message = parseMessage(text);
    if (message?.from === this.#self) return;
    for (const [listener, id] of [...this.#listeners]) {
      if (message === null) listener(null);
      else if (message.id === id) listener(message.order);
    }
  }

  #changed(): void {
    this.#beat();
    if (this.#closed) return;
    const { client, reason } = this.#link, { log, clock } = this.#env, before = this.#told;
    if (client === null) {
      if (before !== "deaf") log.warn("purges of other gateways are not heard", { store: this.#name, reason });
      this.#told = "deaf";
      return;
    }
    if (before === "deaf") log.info("purges of other gateways are heard again", { store: this.#name });
    this.#told = "hears";
    this.#beat = clock.every(BEAT, () => this.#look(client));
    if (before === "nothing" && clock.now() < this.#late) return;
    for (const listener of [...this.#listeners.keys()]) listener(null);
  }

  /** A connection on which nothing comes may be one on which nothing can come any more. */
  #look(client: RedisClient): void {
    const fail = (reason: string) => {
      late();
      this.#link.renew(client, reason);
    };
    const late = this.#env.clock.after(PATIENCE, () => fail("no answer to a ping"));
    (client.ping() as Promise<unknown>).then(late, ({ message }: Error) => fail(message));
  }
}

/**
 * Of a cluster one node, another one with each attempt: all of them tell what any of them was told. A client of the
 * cluster would change nodes by itself, and not say that it has missed something.
 */
function ofOneServer(made: ClientOptions, attempt: number): ClientOptions {
  if (made.kind === "server") return made;
  const { nodes, options: { redisOptions } } = made, { host, port } = nodes[attempt % nodes.length];
  return { kind: "server", options: { ...redisOptions, host, port, enableOfflineQueue: false, retryStrategy: null } };
}
