/** Users that a function of the config's author knows. @module */

import type { BuildEnv } from "../../../core/build_env.ts";
import type { Exchange } from "../../../core/exchange.ts";
import type { MaybePromise } from "../../../core/handler.ts";
import type { Identity } from "../../../core/identity.ts";
import { inTrace } from "../../in_trace.ts";
import { failureText } from "../functions/failure_text.ts";
import { identityDetails } from "../functions/identity_details.ts";

/** What such a function can tell of who has logged in. */
export type UserDetails = Pick<Identity, "consumer" | "subject" | "groups" | "scopes" | "claims">;

/**
 * Says whether a user's password is right: `true`, or what is known of the user; `false`, or nothing, where it is not. It
 * should take the same time for users that it does not know. What it throws counts as an outage, as does an object that
 * says nothing of the user.
 */
export type VerifyPassword = (
  user: string,
  password: string,
) => MaybePromise<UserDetails | boolean | null | undefined>;

type World = Pick<BuildEnv, "clock" | "deadlines" | "log">;

/** Milliseconds between two lines in the log. */
const QUIET_MS = 1_000;

/** Asks the function, waits so long and no longer, and logs what goes wrong, at most a line a second. */
export class PasswordFunction {
  readonly #verify: VerifyPassword;
  readonly #timeout: number;
  readonly #policy: string;
  readonly #world: World;
  #quietUntil = -Infinity;

  /** @param timeout milliseconds */
  constructor(verify: VerifyPassword, timeout: number, policy: string, world: World) {
    this.#verify = verify;
    this.#timeout = timeout;
    this.#policy = policy;
    this.#world = world;
  }

  /**
   * Who it is; `null`: nobody who may log in; `undefined`: nobody can tell.
   *
   * @param exchange of the first who asks: what the function does is part of its trace
   */
  async ask(user: string, password: string, exchange: Pick<Exchange, "trace">): Promise<Identity | null | undefined> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const deadline = this.#world.deadlines.after(this.#timeout, () => reject(new Error("it took too long")));
    try {
      return identityOf(user, await Promise.race([inTrace(exchange, () => this.#verify(user, password)), late]));
    } catch (error) {
      this.#failed(error, password);
      return undefined;
    } finally {
      deadline.cancel();
    }
  }

  #failed(error: unknown, password: string): void {
    const now = this.#world.clock.now();
    if (now < this.#quietUntil) return;
    this.#quietUntil = now + QUIET_MS;
    const cause = failureText(error, password);
    this.#world.log.error("the function that verifies passwords failed", { policy: this.#policy, error: cause });
  }
}

const TEXTS = ["consumer", "subject"] as const;

/** @throws TypeError for what says neither yes nor no */
function identityOf(user: string, answer: unknown): Identity | null {
  if (answer === null || answer === undefined || answer === false) return null;
  const details = answer === true
    ? {}
    : identityDetails(answer, TEXTS, 'true, false, or what is known, such as { groups: ["staff"] }');
  return { method: "basicAuth", subject: user, user, ...details };
}
