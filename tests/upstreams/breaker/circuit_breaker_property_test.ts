import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { BreakerPlan } from "../../../src/upstreams/breaker/breaker_plan.ts";
import type { BreakerState } from "../../../src/upstreams/breaker/circuit_breaker.ts";
import { NOBODYS } from "../../../src/upstreams/outcome_set.ts";
import { BAD, BreakerBed, GOOD, PLAN } from "./breaker_bed.ts";

/** An attempt under way, as the model sees it. */
interface Attempt {
  readonly era: number;
  readonly since: number;
}

/** A breaker that remembers everything, and answers by looking at all of it. */
class Model {
  now = 0;
  state: BreakerState = "closed";
  /** Transitions so far. */
  era = 0;
  until = 0;
  openFor = 0;
  trials: Attempt[] = [];
  outcomes: { at: number; failed: boolean }[] = [];

  constructor(readonly plan: BreakerPlan) {}

  get admits(): boolean {
    return this.state === "closed" || (this.state === "half-open" && this.trials.length < this.plan.halfOpenRequests);
  }

  acquire(): Attempt | null {
    if (!this.admits) return null;
    const attempt = { era: this.era, since: this.now };
    if (this.state === "half-open") this.trials.push(attempt);
    return attempt;
  }

  settle(attempt: Attempt, code: number): void {
    if (attempt.era !== this.era) return;
    this.trials = this.trials.filter((trial) => trial !== attempt);
    if (code === NOBODYS) return;
    this.outcomes.push({ at: this.now, failed: code === BAD });
    if (this.state === "closed" ? this.#trips(code === BAD) : code === BAD) this.#open();
    else if (this.state === "half-open" && this.outcomes.length === this.plan.successThreshold) this.#become("closed");
  }

  pass(ms: number): void {
    this.now += ms;
    if (this.state === "open" && this.now >= this.until) this.#become("half-open");
    this.trials = this.trials.filter(({ since }) => this.now < since + this.plan.openFor);
  }

  #trips(failed: boolean): boolean {
    const { failureThreshold, failureRatio, minRequests, consecutiveFailures, window } = this.plan;
    const recent = this.outcomes.filter(({ at }) => this.now - at <= window);
    const failures = recent.filter(({ failed }) => failed).length;
    const row = this.outcomes.length - 1 - this.outcomes.findLastIndex(({ failed }) => !failed);
    return (failed && failureThreshold !== null && failures >= failureThreshold) ||
      (failureRatio !== null && recent.length >= minRequests && failures / recent.length >= failureRatio) ||
      (failed && consecutiveFailures !== null && row >= consecutiveFailures);
  }

  #open(): void {
    const { openFor, maxOpenFor } = this.plan;
    this.openFor = this.state === "closed" ? openFor : Math.min(2 * this.openFor, maxOpenFor);
    this.until = this.now + this.openFor;
    this.#become("open");
  }

  #become(state: BreakerState): void {
    this.state = state;
    this.era++;
    this.trials = [];
    this.outcomes = [];
  }
}

type Step =
  | { readonly do: "acquire" }
  | { readonly do: "settle"; readonly which: number; readonly code: number }
  | { readonly do: "pass"; readonly ms: number };

/** Times are whole ticks of the wheel and whole buckets of the window, so that both are exact. */
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ do: "acquire" as const }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("settle" as const),
      which: fc.nat(100),
      code: fc.constantFrom(GOOD, GOOD, BAD, BAD, BAD, NOBODYS),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.constantFrom(100, 300, 1_000, 2_000, 9_900) }),
  },
);

const small = fc.integer({ min: 1, max: 4 });
const share = { failureRatio: fc.constantFrom(0.25, 0.5, 0.6, 1), minRequests: fc.integer({ min: 1, max: 6 }) };
const maxOpenFor = fc.constantFrom(1_000, 3_000, 10_000);
const machine = fc.record({ halfOpenRequests: small, successThreshold: small, maxOpenFor });

const rules: Record<string, fc.Arbitrary<Partial<BreakerPlan>>> = {
  "failures within the window": fc.record({ failureThreshold: small, consecutiveFailures: fc.constant(null) }),
  "the share of failures": fc.record({ ...share, consecutiveFailures: fc.constant(null) }),
  "failures in a row": fc.record({ consecutiveFailures: small }),
  "all three rules": fc.record({ ...share, failureThreshold: small, consecutiveFailures: small }),
};

for (const [name, rule] of Object.entries(rules)) {
  Deno.test(`property: with ${name} the breaker does what its model does, whatever comes in whatever order`, () => {
    const steps = fc.array(step, { minLength: 20, maxLength: 150, size: "max" });
    const reached = new Set<string>();
    fc.assert(fc.property(rule, machine, steps, (rule, machine, steps) => {
      const overrides = { ...rule, ...machine };
      const bed = new BreakerBed(overrides), model = new Model({ ...PLAN, ...overrides });
      const open: { readonly ticket: number; readonly attempt: Attempt }[] = [];
      for (const step of steps) {
        run(step, bed, model, open);
        assert.deepEqual(look(bed), {
          state: model.state,
          admits: model.admits,
          believed: model.admits,
          opensFor: model.state === "open" ? model.until - model.now : 0,
          deadlines: model.state === "open" ? 1 : model.trials.length,
        });
      }
      assert.equal(bed.transitions.length, model.era);
      for (const transition of bed.transitions) reached.add(transition);
    }));
    assert.equal(reached.size, 4, `only ${[...reached]} were reached`);
  });
}

function run(step: Step, bed: BreakerBed, model: Model, open: { ticket: number; attempt: Attempt }[]): void {
  if (step.do === "pass") {
    // In ticks, so that the model too sees a trial end before a later step, and a state before the next one.
    for (let passed = 0; passed < step.ms; passed += 50) {
      bed.clock.advance(50);
      model.pass(50);
    }
  } else if (step.do === "acquire") {
    const ticket = bed.breaker.acquire(), attempt = model.acquire();
    assert.equal(ticket === 0, attempt === null);
    if (attempt !== null) open.push({ ticket, attempt });
  } else if (open.length > 0) {
    const [{ ticket, attempt }] = open.splice(step.which % open.length, 1);
    bed.breaker.settle(ticket, step.code);
    model.settle(attempt, step.code);
  }
}

function look({ breaker, believed, wheel }: BreakerBed) {
  return { state: breaker.state, admits: breaker.admits, believed, opensFor: breaker.opensFor, deadlines: wheel.size };
}
