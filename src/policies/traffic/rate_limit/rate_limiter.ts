/** What the `rateLimit` policy does with each request. @module */

import { BodyError } from "../../../core/body.ts";
import type { BuildEnv } from "../../../core/build_env.ts";
import type { Exchange } from "../../../core/exchange.ts";
import type { Handler, MaybePromise, Middleware } from "../../../core/handler.ts";
import type { Rule, Verdict } from "../../../core/limit.ts";
import type { Reply } from "../../../core/reply.ts";
import { type Limiter, type LimiterInit, StoreError } from "../../../core/store.ts";
import { thrownMessage } from "../../../core/thrown.ts";
import { problem } from "../../../http/problem.ts";
import { byClient, type KeyTextReader, keyTextReader, readsBody } from "../../keys/key_spec.ts";
import { readForm } from "../../keys/read_form.ts";
import { seenWait, storeWait } from "../../seen_wait.ts";
import { clientLeft } from "../client_left.ts";
import { ClientWait } from "../client_wait.ts";
import { exemptTest } from "./exempt.ts";
import { LimitFields, seconds } from "./limit_fields.ts";
import { type RuleReader, ruleReader } from "./limit_rules.ts";
import type { LimitPlan, RateLimitPlan } from "./rate_limit_plan.ts";
import { costInHeader, costReader } from "./request_cost.ts";
import { WouldRefuse } from "./would_refuse.ts";

/** The problem's code, and the exchange's. */
const REFUSED = "rate_limited";
const STORE_AWAY = "limit_store_unavailable";
/** `Retry-After` where the store cannot be asked: its breaker tries again about then. */
const STORE_RETRY = "1";
const STORE_WAIT = storeWait("take");

/** Builds the middleware of a rate limit. @param id the policy's node */
export function rateLimiter(plan: RateLimitPlan, env: BuildEnv, id: string): Middleware {
  const limiter = new RateLimiter(plan, env, id);
  return (next) => (exchange) => limiter.handle(exchange, next);
}

/** A request that is being decided about. */
interface Asked {
  readonly exchange: Exchange;
  readonly next: Handler;
  readonly keys: readonly string[];
  readonly rules: readonly Rule[];
  readonly cost: number;
  /** Who decides. */
  readonly limiter: Limiter;
}

class RateLimiter {
  readonly #plan: RateLimitPlan;
  readonly #env: BuildEnv;
  readonly #limiter: Limiter;
  /** Counts while the store is away; `null` where the plan says something else for that. */
  readonly #local: Limiter | null;
  readonly #exempt: ((exchange: Exchange) => boolean) | null;
  readonly #readKeys: readonly KeyTextReader[];
  readonly #readRules: readonly RuleReader[];
  readonly #cost: number | ((exchange: Exchange) => number);
  readonly #readsForm: boolean;
  readonly #fields: LimitFields;
  readonly #wouldRefuse: WouldRefuse;
  /** Whether replies pass untouched. */
  readonly #silent: boolean;
  /** Whether keys are needed after the store was asked. */
  readonly #keepsKeys: boolean;
  readonly #keys: string[];
  /** The rules of the last request, which mostly are those of the next. */
  #rules: readonly Rule[] = [];

  constructor(plan: RateLimitPlan, env: BuildEnv, id: string) {
    const { limits, costHeader, onStoreError } = plan, algorithms = limits.map(({ algorithm }) => algorithm);
    const kinds = limits.map(({ algorithm, per }) => `${algorithm.name}:${per}`);
    const init: LimiterInit = { id, algorithms, kinds, maxKeys: plan.maxKeys };
    const store = env.store(plan.store);
    this.#plan = plan;
    this.#env = env;
    this.#limiter = store.limiter(init);
    this.#local = store.remote && onStoreError === "local" ? env.localStore().limiter(init) : null;
    this.#exempt = exemptTest(plan.exempt);
    this.#readKeys = limits.map(({ key }) => keyTextReader(byClient(key), env.log));
    const least = typeof plan.cost === "number" ? plan.cost : 1;
    this.#readRules = limits.map((limit, i) => ruleReader(limit, least, knobId(id, limits, i), env));
    this.#cost = costReader(plan.cost, env.log, id);
    this.#readsForm = limits.some(({ key }) => readsBody(key));
    this.#fields = new LimitFields(limits, plan.headers);
    this.#wouldRefuse = new WouldRefuse(id, env);
    this.#silent = costHeader === null && (this.#fields.none || plan.dryRun);
    this.#keepsKeys = costHeader !== null || store.remote;
    this.#keys = limits.map(() => "");
  }

  handle(exchange: Exchange, next: Handler): MaybePromise<Reply> {
    if (this.#exempt !== null && this.#exempt(exchange)) return next(exchange);
    if (!this.#readsForm || exchange.body === null) return this.#ask(exchange, next);
    return readForm(exchange, this.#env).then(
      () => exchange.aborted ? clientLeft(exchange) : this.#ask(exchange, next),
      (error) => formFailed(error, exchange),
    );
  }

  #ask(exchange: Exchange, next: Handler): MaybePromise<Reply> {
    const cost = typeof this.#cost === "number" ? this.#cost : this.#cost(exchange);
    const keys = this.#keysOf(exchange), rules = this.#rulesOf(exchange), limiter = this.#limiter;
    const asked: Asked = { exchange, next, keys, rules, cost, limiter };
    const verdicts = limiter.take(keys, rules, cost);
    if (!(verdicts instanceof Promise)) return this.#decided(asked, verdicts);
    return seenWait(exchange, STORE_WAIT, verdicts).then(
      (verdicts) => this.#decided(asked, verdicts),
      (error) => this.#storeFailed(asked, error),
    );
  }

  /** The store has decided. Its decisions are counted here too: while it is away, nobody begins anew. */
  #decided(asked: Asked, verdicts: readonly Verdict[]): MaybePromise<Reply> {
    if (this.#local !== null && isAdmitted(verdicts)) this.#local.charge(asked.keys, asked.rules, asked.cost);
    return asked.exchange.aborted ? clientLeft(asked.exchange) : this.#settle(asked, verdicts);
  }

  #keysOf(exchange: Exchange): readonly string[] {
    const keys = this.#keepsKeys ? [...this.#keys] : this.#keys, readers = this.#readKeys;
    for (let i = 0; i < readers.length; i++) keys[i] = readers[i](exchange);
    return keys;
  }

  #rulesOf(exchange: Exchange): readonly Rule[] {
    const readers = this.#readRules;
    let rules = this.#rules;
    for (let i = 0; i < readers.length; i++) {
      const rule = readers[i](exchange);
      if (rule === rules[i]) continue;
      if (rules === this.#rules) this.#rules = rules = [...rules];
      (rules as Rule[])[i] = rule;
    }
    return rules;
  }

  #settle(asked: Asked, verdicts: readonly Verdict[]): MaybePromise<Reply> {
    if (!isAdmitted(verdicts)) {
      if (!this.#plan.dryRun) return this.#refuse(asked, verdicts);
      const { exchange, next } = asked;
      exchange.limit = "would-refuse";
      this.#wouldRefuse.add(exchange);
      // Nothing was charged, and so nothing can be given back.
      return next(exchange);
    }
    const delay = longestDelay(verdicts);
    return delay > 0 && !this.#plan.dryRun ? this.#goOnLater(delay, asked, verdicts) : this.#goOn(asked, verdicts);
  }

  #goOn(asked: Asked, verdicts: readonly Verdict[]): MaybePromise<Reply> {
    const { exchange } = asked;
    if (exchange.limit === "") exchange.limit = "passed";
    const reply = asked.next(exchange);
    if (this.#silent) return reply;
    return reply instanceof Promise
      ? reply.then((reply) => this.#tell(reply, asked, verdicts))
      : this.#tell(reply, asked, verdicts);
  }

  async #goOnLater(delay: number, asked: Asked, verdicts: readonly Verdict[]): Promise<Reply> {
    const { exchange } = asked;
    exchange.limit = "delayed";
    // Timers take whole milliseconds, and the bound does not allow to be early.
    const wait = new ClientWait(this.#env.clock, Math.ceil(delay / 1000));
    exchange.onAbort(wait);
    await wait.over;
    exchange.offAbort(wait);
    return wait.abandoned ? clientLeft(exchange) : this.#goOn(asked, verdicts);
  }

  #tell(reply: Reply, asked: Asked, verdicts: readonly Verdict[]): Reply {
    const { costHeader, dryRun } = this.#plan;
    if (costHeader !== null) this.#adjust(costInHeader(reply.headers.get(costHeader)), asked);
    if (!dryRun) this.#fields.write(reply.headers, verdicts, asked.rules);
    return reply;
  }

  /** Charges what the response says beyond what was charged, or gives back. */
  #adjust(actual: number | null, { keys, rules, cost, limiter }: Asked): void {
    if (actual === null || actual === cost) return;
    if (this.#local !== null && limiter !== this.#local) this.#local.charge(keys, rules, actual - cost);
    const charged = limiter.charge(keys, rules, actual - cost);
    if (charged instanceof Promise) charged.catch((error) => this.#notCharged(error));
  }

  #refuse({ exchange, rules }: Asked, verdicts: readonly Verdict[]): Reply {
    exchange.error = REFUSED;
    exchange.limit = "refused";
    const wait = verdicts.reduce((longest, { retryAfter }) => Math.max(longest, retryAfter), 0);
    const inSeconds = Math.max(1, seconds(wait));
    const detail = wait === Infinity
      ? "This request costs more than its limit ever allows."
      : `Too many requests: try again in ${inSeconds} ${inSeconds === 1 ? "second" : "seconds"}.`;
    const reply = problem(exchange, { status: 429, code: REFUSED, detail });
    if (wait !== Infinity) reply.headers.add("retry-after", String(inSeconds));
    this.#fields.write(reply.headers, verdicts, rules);
    return reply;
  }

  #storeFailed(asked: Asked, error: unknown): MaybePromise<Reply> {
    if (!(error instanceof StoreError)) throw error;
    const { exchange, keys, rules, cost } = asked, limiter = this.#local;
    if (exchange.aborted) return clientLeft(exchange);
    if (limiter !== null) {
      // A store in memory does not wait.
      return this.#settle({ ...asked, limiter }, limiter.take(keys, rules, cost) as readonly Verdict[]);
    }
    exchange.limit = "store-away";
    if (this.#plan.onStoreError === "allow" || this.#plan.dryRun) return asked.next(exchange);
    exchange.error = STORE_AWAY;
    const detail = "It cannot be told at present whether this request is within its limits.";
    const reply = problem(exchange, { status: 503, code: STORE_AWAY, detail });
    reply.headers.add("retry-after", STORE_RETRY);
    return reply;
  }

  #notCharged(error: unknown): void {
    if (error instanceof StoreError) return;
    this.#env.log.error("what a response did cost could not be charged", { error: thrownMessage(error) });
  }
}

function isAdmitted(verdicts: readonly Verdict[]): boolean {
  for (let i = 0; i < verdicts.length; i++) if (!verdicts[i].admitted) return false;
  return true;
}

function longestDelay(verdicts: readonly Verdict[]): number {
  let longest = 0;
  for (let i = 0; i < verdicts.length; i++) longest = Math.max(longest, verdicts[i].delay);
  return longest;
}

/** A client that leaves while its form is read is not one that sent a bad one. @throws what else went wrong */
function formFailed(error: unknown, exchange: Exchange): Reply {
  if (exchange.aborted || error instanceof BodyError && error.fault === "client") return clientLeft(exchange);
  throw error;
}

/** The knobs of a limit: `…/limit`, or `…/limits[1]` where there are several. */
function knobId(id: string, limits: readonly LimitPlan[], i: number): string {
  return limits.length === 1 ? `${id}/limit` : `${id}/limits[${i}]`;
}
