/** Keeps attempts away from what keeps failing. @module */

import type { BuildEnv, Knob } from "../../core/build_env.ts";
import type { Deadline } from "../../core/timer_wheel.ts";
import { NOBODYS, type OutcomeCode, OutcomeSet } from "../outcome_set.ts";
import type { BreakerPlan } from "./breaker_plan.ts";
import { OpenTime } from "./open_time.ts";
import { Trials } from "./trials.ts";
import { TripRules } from "./trip_rules.ts";

/** `closed` lets everything pass, `open` nothing, `half-open` a few trials. */
export type BreakerState = "closed" | "open" | "half-open";

/** Told when the breaker is already in its new state. */
export interface BreakerEvents {
  /** The state changed. */
  onTransition(from: BreakerState, to: BreakerState): void;
  /** {@link CircuitBreaker.admits} may have changed. */
  onAdmission(): void;
}

type State =
  | { readonly kind: "closed" }
  /** `until`: the clock's time at which trials may begin. */
  | { readonly kind: "open"; readonly until: number; readonly end: Deadline }
  | { readonly kind: "half-open"; readonly trials: Trials; successes: number };

const CLOSED: State = { kind: "closed" };

/**
 * The closed, open and half-open machine (Nygard, Release It!, 2nd ed., chapter 5); {@link TripRules} say when it trips.
 * What an attempt came to counts only in the state in which it began: stragglers from before a trip neither extend it nor
 * end it. Time passes on the wheel, so a state ends up to one tick late and never early.
 */
export class CircuitBreaker {
  readonly #plan: BreakerPlan;
  readonly #world: Pick<BuildEnv, "clock" | "random" | "deadlines">;
  readonly #events: BreakerEvents;
  readonly #failures: OutcomeSet;
  readonly #rules: TripRules;
  readonly #openTime: OpenTime;
  #state: State = CLOSED;
  /** Tickets rise: all of the present state are at least `#since`. While closed they are all `#since`, a trial has its own. */
  #lastTicket = 1;
  #since = 1;
  #dropped = false;

  /** @param threshold `failureThreshold`, read whenever a failure is judged; `null` where the plan has none */
  constructor(
    plan: BreakerPlan,
    threshold: Knob | null,
    world: Pick<BuildEnv, "clock" | "random" | "deadlines">,
    events: BreakerEvents,
  ) {
    this.#plan = plan;
    this.#world = world;
    this.#events = events;
    this.#failures = new OutcomeSet(plan.failures);
    this.#rules = new TripRules(plan, threshold, world.clock);
    this.#openTime = new OpenTime(plan, world.random);
  }

  get state(): BreakerState {
    return this.#state.kind;
  }

  /** Whether {@link acquire} would succeed. It stays so until `onAdmission`. */
  get admits(): boolean {
    const state = this.#state;
    return state.kind === "closed" || (state.kind === "half-open" && !state.trials.full);
  }

  /** Milliseconds until trials may begin, for `Retry-After`; 0 when that is so, or is about to be. */
  get opensFor(): number {
    const state = this.#state;
    return state.kind === "open" ? Math.max(0, state.until - this.#world.clock.now()) : 0;
  }

  /**
   * Asked right before an attempt. Half-open, it takes one of `halfOpenRequests` places.
   * @returns a ticket for {@link settle}, or 0: no attempt
   */
  acquire(): number {
    const state = this.#state;
    if (state.kind === "closed") return this.#since;
    return state.kind === "half-open" && !state.trials.full ? this.#acquireTrial(state.trials) : 0;
  }

  /**
   * Tells what an attempt came to: once a ticket, when the answer's body is over or the attempt failed. A trial that lost
   * its place to another, having taken longer than `openFor`, counts all the same while the breaker is still half-open.
   * @param code {@link NOBODYS} counts for nothing, but gives back the place
   * @param now the clock's time, where the caller has just asked for it: reading it is most of what this costs
   */
  settle(ticket: number, code: OutcomeCode, now?: number): void {
    if (ticket < this.#since || this.#dropped) return;
    const state = this.#state;
    if (state.kind === "half-open") this.#settleTrial(state, ticket, code);
    else if (code !== NOBODYS && this.#trips(code, now)) this.#open();
  }

  /** Its endpoint or upstream is gone. From then on it lets everything pass and counts nothing; no event is sent. */
  close(): void {
    const state = this.#state;
    this.#dropped = true;
    this.#state = CLOSED;
    if (state.kind === "open") state.end.cancel();
    else if (state.kind === "half-open") state.trials.close();
  }

  #trips(code: OutcomeCode, now: number | undefined): boolean {
    return this.#failures.has(code) ? this.#rules.failed(now) : this.#rules.succeeded(now);
  }

  #acquireTrial(trials: Trials): number {
    const ticket = ++this.#lastTicket;
    trials.take(ticket);
    if (trials.full) this.#events.onAdmission();
    return ticket;
  }

  #settleTrial(state: State & { kind: "half-open" }, ticket: number, code: OutcomeCode): void {
    if (code !== NOBODYS) {
      const failed = this.#failures.has(code);
      if (failed || ++state.successes >= this.#plan.successThreshold) {
        state.trials.close();
        return failed ? this.#open() : this.#close();
      }
    }
    state.trials.release(ticket);
  }

  #open(): void {
    const { clock, deadlines } = this.#world, now = clock.now(), time = this.#openTime.take();
    this.#become({ kind: "open", until: now + time, end: deadlines.after(time, () => this.#halfOpen(), now) });
  }

  #halfOpen(): void {
    const { halfOpenRequests: places, openFor: patience } = this.#plan;
    const onFree = () => this.#events.onAdmission();
    const trials = new Trials({ places, patience, deadlines: this.#world.deadlines, onFree });
    this.#become({ kind: "half-open", trials, successes: 0 });
  }

  #close(): void {
    this.#rules.reset();
    this.#openTime.reset();
    this.#become(CLOSED);
  }

  #become(state: State): void {
    const from = this.#state.kind;
    this.#state = state;
    this.#since = ++this.#lastTicket;
    this.#events.onTransition(from, state.kind);
    this.#events.onAdmission();
  }
}
