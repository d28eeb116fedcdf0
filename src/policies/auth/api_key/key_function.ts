/** Keys that a function of the user's knows. @module */

import type { BuildEnv } from "../../../core/build_env.ts";
import type { Exchange } from "../../../core/exchange.ts";
import type { MaybePromise } from "../../../core/handler.ts";
import type { Identity } from "../../../core/identity.ts";
import { inTrace } from "../../in_trace.ts";
import { failureText } from "../functions/failure_text.ts";
import { identityDetails } from "../functions/identity_details.ts";

/** Whose key it is: what of an identity such a function can tell. */
export type KeyOwner = Pick<Identity, "consumer" | "subject" | "user" | "groups" | "scopes" | "claims">;

/**
 * Says whose key it is; nothing, or `null`, where it is nobody's. It is given the key and nothing else of the request, as
 * its answer is remembered for all requests with that key. What it throws counts as an outage, as does what says nothing of
 * whose key it is.
 */
export type FindKey = (key: string) => MaybePromise<KeyOwner | null | undefined>;

/** Nobody can be asked at the moment. */
export const UNAVAILABLE = Symbol("unavailable");

/** An owner, `null` for a key of nobody's, or {@link UNAVAILABLE}. */
export type Found = KeyOwner | null | typeof UNAVAILABLE;

/** Milliseconds between two lines in the log. */
const QUIET_MS = 1_000;

/** Asks once for each key at a time, waits so long and no longer, and logs what goes wrong, at most a line a second. */
export class KeyFunction {
  readonly #find: FindKey;
  readonly #timeout: number;
  readonly #policy: string;
  readonly #env: Pick<BuildEnv, "clock" | "deadlines" | "log">;
  readonly #asked = new Map<string, Promise<Found>>();
  #quietUntil = -Infinity;

  /** @param timeout milliseconds */
  constructor(find: FindKey, timeout: number, policy: string, env: Pick<BuildEnv, "clock" | "deadlines" | "log">) {
    this.#find = find;
    this.#timeout = timeout;
    this.#policy = policy;
    this.#env = env;
  }

  /** @param exchange of the first who asks: what the function does is part of its trace */
  ask(key: string, exchange: Pick<Exchange, "trace">): MaybePromise<Found> {
    const asked = this.#asked.get(key);
    if (asked !== undefined) return asked;
    try {
      const answer: unknown = inTrace(exchange, () => this.#find(key));
      if (!isThenable(answer)) return ownerOf(answer);
      const found = this.#within(answer, key).finally(() => this.#asked.delete(key));
      this.#asked.set(key, found);
      return found;
    } catch (error) {
      return this.#failed(error, key);
    }
  }

  #within(answer: PromiseLike<unknown>, key: string): Promise<Found> {
    const { promise, resolve } = Promise.withResolvers<Found>();
    const deadline = this.#env.deadlines.after(
      this.#timeout,
      () => resolve(this.#failed(new Error("it took too long"), key)),
    );
    const settle = (found: Found) => {
      deadline.cancel();
      resolve(found);
    };
    Promise.resolve(answer).then(ownerOf).then(settle, (error) => settle(this.#failed(error, key)));
    return promise;
  }

  #failed(error: unknown, key: string): typeof UNAVAILABLE {
    const now = this.#env.clock.now();
    if (now < this.#quietUntil) return UNAVAILABLE;
    this.#quietUntil = now + QUIET_MS;
    const cause = failureText(error, key);
    this.#env.log.error("the function that finds keys failed", { policy: this.#policy, error: cause });
    return UNAVAILABLE;
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

const TEXTS = ["consumer", "subject", "user"] as const;

/** @throws TypeError for what is neither an owner nor nothing */
function ownerOf(value: unknown): KeyOwner | null {
  if (value === null || value === undefined) return null;
  return identityDetails(value, TEXTS, 'whose key it is, such as { consumer: "acme" }, or null');
}
