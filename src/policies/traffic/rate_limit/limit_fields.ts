/** Response fields that tell clients of their limits. @module */

import type { Rule, Verdict } from "../../../core/limit.ts";
import type { HeaderList } from "../../../core/header_list.ts";
import type { LimitHeaders, LimitPlan } from "./rate_limit_plan.ts";

const MICROSECONDS = 1_000_000;

/**
 * Writes `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10: structured fields, times in seconds,
 * quotas in requests unless a cost says otherwise) and the older `X-RateLimit-*` of the limit that has least left.
 */
export class LimitFields {
  readonly #names: readonly string[];
  readonly #ietf: boolean;
  readonly #legacy: boolean;
  /** `RateLimit-Policy` of each rule: rules are made rarely, and used often. */
  readonly #policies: readonly WeakMap<Rule, string>[];

  constructor(limits: readonly LimitPlan[], headers: LimitHeaders) {
    this.#names = limits.map(({ name }) => `"${name}"`);
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
      let policies = this.#policy(0, rules[0]), state = this.#state(0, verdicts[0]);
      for (let i = 1; i < verdicts.length; i++) {
        policies += ", " + this.#policy(i, rules[i]);
        state += ", " + this.#state(i, verdicts[i]);
      }
      headers.add("ratelimit-policy", policies);
      headers.add("ratelimit", state);
    }
    if (this.#legacy) writeLegacy(headers, verdicts, rules);
  }

  #policy(i: number, rule: Rule): string {
    let text = this.#policies[i].get(rule);
    if (text === undefined) {
      text = `${this.#names[i]};q=${rule.limit};w=${seconds(rule.per)}`;
      this.#policies[i].set(rule, text);
    }
    return text;
  }

  #state(i: number, { remaining, resetAfter }: Verdict): string {
    return this.#names[i] + ";r=" + remaining + ";t=" + seconds(resetAfter);
  }
}

/** Microseconds as whole seconds, none of them too early. */
export function seconds(micros: number): number {
  return Math.ceil(micros / MICROSECONDS);
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
