/** Response fields that tell clients of their limits. @module */

import type { HeaderList } from "../../../core/header_list.ts";
import type { Algorithm, Rule, Verdict } from "../../../core/limit.ts";
import type { LimitHeaders, LimitPlan } from "./rate_limit_plan.ts";

const MICROSECONDS = 1_000_000;
const MOST_SECONDS = 999_999_999_999_999;

/**
 * Writes `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10: structured fields, times in seconds,
 * quotas in requests unless a cost says otherwise) and the older `X-RateLimit-*` of the limit that has least left.
 */
export class LimitFields {
  readonly #names: readonly string[];
  readonly #algorithms: readonly Algorithm[];
  readonly #ietf: boolean;
  readonly #legacy: boolean;
  /** `RateLimit-Policy` of each rule: rules are made rarely, and used often. */
  readonly #policies: readonly WeakMap<Rule, string>[];

  constructor(limits: readonly LimitPlan[], headers: LimitHeaders) {
    this.#names = limits.map(({ name }) => `"${name}"`);
    this.#algorithms = limits.map(({ algorithm }) => algorithm);
    this.#ietf = headers === "ietf" || headers === "both";
    this.#legacy = headers === "legacy" || headers === "both";
    this.#policies = limits.map(() => new WeakMap());
  }

  /** Whether nothing is written. */
  get none(): boolean {
    return !this.#ietf && !this.#legacy;
  }

  write(headers: HeaderList, verdicts: readonly Verdict[], rules: readonly Rule[]): void {
    if (this.#ietf) {
      let policies = this.#policy(0, rules[0]), state = this.#state(0, verdicts[0], rules[0]);
      for (let i = 1; i < verdicts.length; i++) {
        policies += ", " + this.#policy(i, rules[i]);
        state += ", " + this.#state(i, verdicts[i], rules[i]);
      }
      headers.add("ratelimit-policy", policies);
      headers.add("ratelimit", state);
    }
    if (this.#legacy) writeLegacy(headers, verdicts, rules);
  }

  #policy(i: number, rule: Rule): string {
    let text = this.#policies[i].get(rule);
    if (text === undefined) {
      // A window is told in whole seconds, or not at all.
      text = `${this.#names[i]};q=${rule.limit}${rule.per % MICROSECONDS === 0 ? `;w=${seconds(rule.per)}` : ""}`;
      this.#policies[i].set(rule, text);
    }
    return text;
  }

  /** `t` is when there is more to be had (§4.1.2 there), and is left out where nothing was used. */
  #state(i: number, verdict: Verdict, rule: Rule): string {
    const more = seconds(moreAfter(this.#algorithms[i], verdict, rule));
    return this.#names[i] + ";r=" + verdict.remaining + (more === 0 ? "" : ";t=" + more);
  }
}

/** Microseconds as whole seconds, none of them too early; no more digits than a structured field has (RFC 9651 §3.3.1). */
export function seconds(micros: number): number {
  return Math.min(Math.ceil(micros / MICROSECONDS), MOST_SECONDS);
}

function moreAfter(algorithm: Algorithm, verdict: Verdict, rule: Rule): number {
  if (algorithm.moreAfter !== undefined) return algorithm.moreAfter(verdict, rule);
  const { admitted, retryAfter, resetAfter } = verdict;
  return admitted || retryAfter === Infinity ? resetAfter : retryAfter;
}

/** Of several policies that write them, the one that has least left is told. */
function writeLegacy(headers: HeaderList, verdicts: readonly Verdict[], rules: readonly Rule[]): void {
  let least = 0;
  for (let i = 1; i < verdicts.length; i++) if (verdicts[i].remaining < verdicts[least].remaining) least = i;
  const { remaining, resetAfter } = verdicts[least], told = headers.get("x-ratelimit-remaining");
  if (told !== null && Number(told) < remaining) return;
  headers.set("x-ratelimit-limit", String(rules[least].limit));
  headers.set("x-ratelimit-remaining", String(remaining));
  headers.set("x-ratelimit-reset", String(seconds(resetAfter)));
}
