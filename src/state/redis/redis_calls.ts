/** Runs scripts, each within its time, and keeps away from a Redis that fails. @module */

import type { Buffer } from "node:buffer";
import { type StoreEnv, StoreError } from "../../core/store.ts";
import { formatDuration } from "../../core/units.ts";
import { clientOptions } from "./client_options.ts";
import { faultOf } from "./fault.ts";
import { Link } from "./link.ts";
import { NodeBreakers } from "./node_breakers.ts";
import { dropNode, makeClient, nodeOf, type RedisClient } from "./redis_client.ts";
import type { RedisPlan } from "./redis_plan.ts";
import type { Script } from "./script.ts";
import { WriteTogether } from "./write_together.ts";

/** No answer within the time there was. */
class NoAnswer extends Error {}

/** A script to run. */
interface Call {
  readonly script: Script;
  readonly keys: readonly string[];
  readonly args: readonly (string | Buffer)[];
  readonly deadline: number;
  /** Whether its answer is bytes. */
  readonly bytes: boolean;
}

/** What a script returns that returns bytes. */
export type BytesAnswer = Buffer | number | null | readonly BytesAnswer[];

/** What only nodes of a cluster say. */
const OF_A_NODE = /^(?:MOVED|ASK|CLUSTERDOWN|CROSSSLOT) /;

/** Every failure is a {@link StoreError}. The log hears of it when Redis goes away, and when it is back. */
export class RedisCalls {
  readonly #name: string;
  readonly #timeout: number;
  readonly #isCluster: boolean;
  readonly #env: StoreEnv;
  readonly #breakers: NodeBreakers;
  readonly #link: Link;
  readonly #together = new WriteTogether();
  /** What the log was told last. */
  #told: "nothing" | "away" | "back" = "nothing";
  #closed = false;

  /** @param after what must be over before anything can be asked; it does not reject */
  constructor(plan: RedisPlan, env: StoreEnv, name: string, after: Promise<void> | null = null) {
    this.#name = name;
    this.#timeout = plan.timeout;
    this.#isCluster = plan.server.kind === "cluster";
    this.#env = env;
    this.#breakers = new NodeBreakers(plan.breaker, env.clock);
    const options = clientOptions(plan, env.secrets, name);
    this.#link = new Link({
      env,
      make: () => makeClient(options),
      check: async (client) => {
        await after;
        await this.#check(client, `${plan.prefix}check`);
      },
      onChange: () => this.#tell(this.#link.reason),
    });
  }

  /** Until when what is asked now has to be answered, by the clock: for those that run several scripts. */
  deadline(): number {
    return this.#env.clock.now() + this.#timeout;
  }

  /** Runs a script. @returns what it returns, a text */
  run(
    script: Script,
    keys: readonly string[],
    args: readonly string[],
    deadline: number = this.deadline(),
  ): Promise<string> {
    return this.#start({ script, keys, args, deadline, bytes: false }).then(String);
  }

  /** Runs a script that takes or returns bytes. */
  runBytes(
    script: Script,
    keys: readonly string[],
    args: readonly (string | Buffer)[],
    deadline: number = this.deadline(),
  ): Promise<BytesAnswer> {
    return this.#start({ script, keys, args, deadline, bytes: true }) as Promise<BytesAnswer>;
  }

  /** Rejects what waits for an answer. */
  close(): void {
    this.#closed = true;
    this.#link.close();
  }

  #start(call: Call): Promise<unknown> {
    const { client, opening } = this.#link;
    if (client !== null) return this.#send(client, call);
    return opening === null ? Promise.reject(this.#notConnected()) : this.#sendAfter(opening, call);
  }

  async #sendAfter(opening: Promise<void>, call: Call): Promise<unknown> {
    // Who comes after the first that waited in vain does not wait.
    await this.#inTime(opening, call.deadline).catch(() => this.#link.stopWaiting());
    const { client } = this.#link;
    if (client === null) throw this.#notConnected();
    return await this.#send(client, call);
  }

  async #send(client: RedisClient, call: Call): Promise<unknown> {
    const [key] = call.keys, node = nodeOf(client, key), left = call.deadline - this.#env.clock.now();
    if (left <= 0) throw this.#failed(this.#noAnswer());
    const breaker = this.#breakers.of(node, key), ticket = breaker.enter();
    if (ticket === 0) throw new StoreError(`store "${this.#name}" failed several times and is left alone for a while`);
    try {
      const answer = await this.#inTime(this.#evaluate(client, call), call.deadline);
      breaker.settle(ticket, true);
      if (this.#told === "away") this.#answered(client);
      return answer;
    } catch (caught) {
      const error = caught as Error, fault = faultOf(error), isLate = error instanceof NoAnswer;
      // One that was given less than half the time is not to blame.
      const isBlamed = !isLate || left * 2 >= this.#timeout || !breaker.closed;
      const opened = isBlamed && breaker.settle(ticket, fault === "request");
      if (opened) this.#tell(node === "" ? error.message : `${node}: ${error.message}`);
      // What was lost on the way is never answered, nor is that noticed: where that may be so, begin anew.
      if (opened && isLate || fault === "server") {
        if (!dropNode(client, node)) this.#link.renew(client, error.message);
      }
      throw this.#failed(error);
    }
  }

  /** A write, since it is writes that are wanted: one that a replica, or a server without memory left, refuses. */
  async #check(client: RedisClient, key: string): Promise<void> {
    // It would ask but one node of a cluster, which must not keep anyone from the others.
    if (this.#isCluster) return;
    try {
      await client.set(key, "", "PX", 1000);
    } catch (error) {
      throw new Error(this.#words(error as Error), { cause: error });
    }
  }

  async #evaluate(client: RedisClient, { script: { sha, lua }, keys, args, bytes }: Call): Promise<unknown> {
    this.#together.hold(client);
    const run = (how: "evalsha" | "eval", what: string) =>
      bytes
        ? client.callBuffer(how, what, keys.length, ...keys, ...args)
        : client[how](what, keys.length, ...keys, ...args);
    try {
      return await run("evalsha", sha);
    } catch (error) {
      if (!(error as Error).message.startsWith("NOSCRIPT")) throw error;
      // New to this server, or it forgot: it restarted, or was told to.
      return await run("eval", lua);
    }
  }

  #inTime<T>(promise: Promise<T>, deadline: number): Promise<T> {
    const { promise: inTime, resolve, reject } = Promise.withResolvers<T>();
    const { clock } = this.#env;
    const late = () => reject(this.#noAnswer());
    // Where it was this process that had no time, the answer is there, and is read before another timer fires.
    let cancel = clock.after(deadline - clock.now(), () => cancel = clock.after(1, late));
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

  #noAnswer(): NoAnswer {
    return new NoAnswer(`no answer within ${formatDuration(this.#timeout)}`);
  }

  #failed(error: Error): StoreError {
    return new StoreError(`store "${this.#name}": ${this.#words(error)}`, { cause: error });
  }

  #words({ message }: Error): string {
    if (this.#isCluster || !OF_A_NODE.test(message)) return message;
    return `${message} (this is a node of a cluster, for which redis() has "cluster" in place of "url")`;
  }

  #notConnected(): StoreError {
    return new StoreError(`store "${this.#name}" is not connected: ${this.#link.reason}`);
  }
}
