/** Runs scripts, each within its time, and keeps away from a Redis that fails. @module */

import { type StoreEnv, StoreError } from "../../core/store.ts";
import { formatDuration } from "../../core/units.ts";
import { clientOptions } from "./client_options.ts";
import { Link } from "./link.ts";
import { NodeBreakers } from "./node_breakers.ts";
import { dropNode, makeClient, nodeOf, type RedisClient } from "./redis_client.ts";
import type { RedisPlan } from "./redis_plan.ts";
import type { Script } from "./script.ts";
import { WriteTogether } from "./write_together.ts";

/** No answer within the time there was. */
class NoAnswer extends Error {}

/** What Redis says of a request, not of itself: others may fare better. */
const OF_THE_REQUEST = /^(?:ERR|WRONGTYPE) /;
/** This server cannot be written to, now or ever; another connection may lead to one that can. */
const OF_THIS_SERVER = /^(?:READONLY|LOADING|MASTERDOWN) /;

/** Every failure is a {@link StoreError}. The log hears of it when Redis goes away, and when it is back. */
export class RedisCalls {
  readonly #name: string;
  readonly #timeout: number;
  readonly #env: StoreEnv;
  readonly #breakers: NodeBreakers;
  readonly #link: Link;
  readonly #together = new WriteTogether();
  /** What the log was told last. */
  #told: "nothing" | "away" | "back" = "nothing";
  #closed = false;

  constructor(plan: RedisPlan, env: StoreEnv, name: string) {
    this.#name = name;
    this.#timeout = plan.timeout;
    this.#env = env;
    this.#breakers = new NodeBreakers(plan.breaker, env.clock);
    const options = clientOptions(plan, env.secrets, name);
    this.#link = new Link({
      env,
      make: () => makeClient(options),
      // A write, since it is writes that are wanted: one that a replica, or a server without memory left, refuses.
      check: (client) => client.set(`${plan.prefix}check`, "", "PX", 1000),
      onChange: () => this.#tell(this.#link.reason),
    });
  }

  /** Runs a script. @returns what it returns, a text */
  run(script: Script, keys: readonly string[], args: readonly string[]): Promise<string> {
    const { client, opening } = this.#link;
    if (client !== null) return this.#send(client, script, keys, args);
    return opening === null ? Promise.reject(this.#notConnected()) : this.#sendAfter(opening, script, keys, args);
  }

  /** Rejects what waits for an answer. */
  close(): void {
    this.#closed = true;
    this.#link.close();
  }

  async #sendAfter(
    opening: Promise<void>,
    script: Script,
    keys: readonly string[],
    args: readonly string[],
  ): Promise<string> {
    await this.#inTime(opening).catch(() => {});
    const { client } = this.#link;
    if (client === null) throw this.#notConnected();
    return await this.#send(client, script, keys, args);
  }

  async #send(
    client: RedisClient,
    script: Script,
    keys: readonly string[],
    args: readonly string[],
  ): Promise<string> {
    const node = nodeOf(client, keys[0]), breaker = this.#breakers.of(node, keys[0]), ticket = breaker.enter();
    if (ticket === 0) throw new StoreError(`store "${this.#name}" failed several times and is left alone for a while`);
    try {
      const answer = await this.#inTime(this.#evaluate(client, script, keys, args));
      breaker.settle(ticket, true);
      if (this.#told === "away") this.#answered(client);
      return String(answer);
    } catch (error) {
      const { message, name } = error as Error, isReply = name === "ReplyError";
      const opened = breaker.settle(ticket, isReply && OF_THE_REQUEST.test(message));
      if (opened) this.#tell(node === "" ? message : `${node}: ${message}`);
      // What was lost on the way is never answered, nor is that noticed: where that may be so, begin anew.
      if (opened && error instanceof NoAnswer || isReply && OF_THIS_SERVER.test(message)) {
        if (!dropNode(client, node)) this.#link.renew(client, message);
      }
      throw new StoreError(`store "${this.#name}": ${message}`, { cause: error });
    }
  }

  async #evaluate(
    client: RedisClient,
    { sha, lua }: Script,
    keys: readonly string[],
    args: readonly string[],
  ): Promise<unknown> {
    this.#together.hold(client);
    try {
      return await client.evalsha(sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error as Error).message.startsWith("NOSCRIPT")) throw error;
      // New to this server, or it forgot: it restarted, or was told to.
      return await client.eval(lua, keys.length, ...keys, ...args);
    }
  }

  #inTime<T>(promise: Promise<T>): Promise<T> {
    const { promise: inTime, resolve, reject } = Promise.withResolvers<T>();
    const { clock } = this.#env;
    const late = () => reject(new NoAnswer(`no answer within ${formatDuration(this.#timeout)}`));
    // Where it was this process that had no time, the answer is there, and is read before another timer fires.
    let cancel = clock.after(this.#timeout, () => cancel = clock.after(1, late));
    promise.then(resolve, reject).then(() => cancel());
    return inTime;
  }

  #answered(client: RedisClient): void {
    this.#breakers.forgetGone((key) => nodeOf(client, key));
    this.#tell("");
  }

  #tell(reason: string): void {
    if (this.#closed) return;
    const { log } = this.#env, isBack = this.#link.client !== null && this.#breakers.allClosed;
    const now = isBack ? "back" : "away";
    if (now === this.#told) return;
    if (now === "away") log.warn("the store does not answer", { store: this.#name, reason });
    else if (this.#told === "away") log.info("the store answers again", { store: this.#name });
    this.#told = now;
  }

  #notConnected(): StoreError {
    return new StoreError(`store "${this.#name}" is not connected: ${this.#link.reason}`);
  }
}
