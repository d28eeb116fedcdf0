/** What a limit that is only tried out would have refused. @module */

import type { BuildEnv } from "../../../core/build_env.ts";
import type { Exchange } from "../../../core/exchange.ts";

/** Milliseconds between two lines in the log. */
const QUIET_MS = 1000;

/** Counts, and logs at most a line a second: the first at once, then what came since. */
export class WouldRefuse {
  readonly #policy: string;
  readonly #env: Pick<BuildEnv, "clock" | "log">;
  #count = 0;
  #next = -Infinity;

  constructor(policy: string, env: Pick<BuildEnv, "clock" | "log">) {
    this.#policy = policy;
    this.#env = env;
  }

  add({ route, requestId, client }: Exchange): void {
    this.#count++;
    const now = this.#env.clock.now();
    if (now < this.#next) return;
    this.#env.log.info("a rate limit in dry run would have refused requests", {
      policy: this.#policy,
      count: this.#count,
      route,
      requestId,
      client: client.ip,
    });
    this.#count = 0;
    this.#next = now + QUIET_MS;
  }
}
