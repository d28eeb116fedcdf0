/** The endpoints of a name, kept up to date in the background. @module */

import type { BuildEnv } from "../../core/build_env.ts";
import type { Deadline } from "../../core/timer_wheel.ts";
import type { EndpointPlan } from "../upstream_plan.ts";
import type { DnsPlan } from "./dns_plan.ts";
import { foundEndpoints } from "./found_endpoints.ts";
import type { Found, Resolve, Resolved } from "./resolve.ts";

/** What a lookup may take. */
const LOOKUP_LIMIT_MS = 5_000;
/** The longest wait after a failure, where `minRefresh` is not longer still: a name that is back is found soon. */
const MAX_BACKOFF_MS = 30_000;

/** What the admin listener shows of a discovery. */
export interface DnsDiscoveryStatus {
  /** When a lookup last went well, in milliseconds since 1970; `null`: never. */
  readonly lastResolved: number | null;
  /** Why the last lookup failed; `null` when it went well, or none has ended yet. */
  readonly lastError: string | null;
  /** Milliseconds to the next lookup; `null` while one is under way, and when there will be none. */
  readonly nextIn: number | null;
}

/**
 * Looks a name up again and again: when the answer's TTL has passed, within the plan's bounds. A lookup that fails changes
 * nothing; it is repeated with backoff. There is at most one at a time.
 */
export class DnsDiscovery {
  readonly #upstream: string;
  readonly #plan: DnsPlan;
  readonly #resolve: Resolve;
  readonly #world: Pick<BuildEnv, "clock" | "deadlines" | "random" | "log">;
  readonly #onChange: (endpoints: readonly EndpointPlan[]) => void;
  #found: readonly Found[] = [];
  #endpoints: readonly EndpointPlan[] = [];
  #started = false;
  #closed = false;
  #lookup: AbortController | null = null;
  #next: { readonly deadline: Deadline; readonly due: number } | null = null;
  #lastResolved: number | null = null;
  #lastError: string | null = null;
  /** Lookups that failed in a row. */
  #failures = 0;

  /** @param onChange called when endpoints came, went, or have another weight or tier; not for a mere change of order */
  constructor(
    upstream: string,
    plan: DnsPlan,
    resolve: Resolve,
    world: Pick<BuildEnv, "clock" | "deadlines" | "random" | "log">,
    onChange: (endpoints: readonly EndpointPlan[]) => void,
  ) {
    this.#upstream = upstream;
    this.#plan = plan;
    this.#resolve = resolve;
    this.#world = world;
    this.#onChange = onChange;
  }

  /** The last good set, in a stable order; empty until the first lookup has gone well. */
  get endpoints(): readonly EndpointPlan[] {
    return this.#endpoints;
  }

  get status(): DnsDiscoveryStatus {
    return {
      lastResolved: this.#lastResolved,
      lastError: this.#lastError,
      nextIn: this.#next === null ? null : Math.max(0, this.#next.due - this.#world.clock.now()),
    };
  }

  /** Begins the first lookup. Once is enough. */
  start(): void {
    if (this.#started || this.#closed) return;
    this.#started = true;
    this.#ask();
  }

  /** Cancels the lookup that is under way, and every further one. */
  close(): void {
    this.#closed = true;
    this.#next?.deadline.cancel();
    this.#next = null;
    this.#lookup?.abort(new Error("closed"));
  }

  async #ask(): Promise<void> {
    this.#next = null;
    const lookup = this.#lookup = new AbortController();
    const limit = this.#world.deadlines.after(LOOKUP_LIMIT_MS, () => {
      lookup.abort(new Error(`no answer within ${LOOKUP_LIMIT_MS / 1000} s`));
    });
    let resolved: Resolved | null = null, failure: unknown = null;
    try {
      resolved = await this.#resolve(this.#plan, lookup.signal);
    } catch (error) {
      failure = error;
    }
    limit.cancel();
    this.#lookup = null;
    if (this.#closed) return;
    if (resolved === null) this.#failed(failure instanceof Error ? failure.message : String(failure));
    else this.#resolved(resolved);
  }

  #failed(reason: string): void {
    const { minRefresh, maxRefresh } = this.#plan, { log, random } = this.#world;
    this.#lastError = reason;
    if (this.#failures === 0) {
      log.warn("a DNS lookup failed; the endpoints stay as they are", {
        upstream: this.#upstream,
        name: this.#plan.hostname,
        endpoints: this.#endpoints.length,
        reason,
      });
    }
    const delay = Math.min(maxRefresh, MAX_BACKOFF_MS, minRefresh * 2 ** this.#failures++);
    // Down to three quarters: gateways that lost the same nameserver do not ask it together when it is back.
    this.#askIn(Math.max(minRefresh, delay * (1 - random() / 4)));
  }

  #resolved({ found, ttl, unanswered }: Resolved): void {
    const { minRefresh, maxRefresh } = this.#plan, { clock, log } = this.#world;
    const kept = this.#found.filter(({ question }) => unanswered.includes(question));
    this.#found = [...found, ...kept];
    const before = this.#endpoints;
    const after = foundEndpoints(this.#upstream, this.#plan, this.#found);
    this.#lastResolved = clock.wall();
    this.#lastError = null;
    if (this.#failures > 0) {
      this.#failures = 0;
      log.info("DNS lookups succeed again", {
        upstream: this.#upstream,
        name: this.#plan.hostname,
        endpoints: after.length,
      });
    }
    const life = kept.length > 0 ? 0 : ttl ?? 0;
    this.#askIn(Math.min(maxRefresh, Math.max(minRefresh, life)));
    if (isSame(before, after)) return;
    this.#endpoints = after;
    this.#onChange(after);
  }

  #askIn(ms: number): void {
    const { clock, deadlines } = this.#world;
    const now = clock.now();
    this.#next = { deadline: deadlines.after(ms, () => void this.#ask(), now), due: now + ms };
  }
}

function isSame(a: readonly EndpointPlan[], b: readonly EndpointPlan[]): boolean {
  return a.length === b.length &&
    a.every(({ id, weight, tier }, i) => id === b[i].id && weight === b[i].weight && tier === b[i].tier);
}
