import { strict as assert } from "node:assert";
import fc from "fast-check";
import { CONNECT_ERROR, NOBODYS, RESET, TIMEOUT } from "../../../src/upstreams/outcome_set.ts";
import { BAD, BreakerBed, GOOD, PLAN } from "./breaker_bed.ts";

Deno.test("closed, open, half-open, closed: each is told once, and when it is so", () => {
  const bed = new BreakerBed(), { breaker, clock } = bed;
  assert.deepEqual([bed.state, breaker.admits, breaker.opensFor], ["closed", true, 0]);
  bed.trip();
  assert.deepEqual([bed.state, breaker.admits, bed.believed, breaker.acquire()], ["open", false, false, 0]);
  clock.advance(PLAN.openFor - 1);
  assert.equal(bed.state, "open");
  clock.advance(1);
  assert.deepEqual([bed.state, breaker.admits, bed.believed], ["half-open", true, true]);
  bed.attempts(GOOD);
  assert.deepEqual([bed.state, breaker.admits, bed.believed], ["closed", true, true]);
  assert.deepEqual(bed.transitions, ["closed > open", "open > half-open", "half-open > closed"]);
});

Deno.test("closing starts anew: failures from before the trip are forgotten", () => {
  const bed = new BreakerBed({ failureThreshold: 3, consecutiveFailures: null });
  bed.attempts(BAD, BAD, BAD);
  bed.clock.advance(PLAN.openFor);
  bed.attempts(GOOD, BAD, BAD);
  assert.equal(bed.state, "closed");
  bed.attempts(BAD);
  assert.equal(bed.state, "open");
});

Deno.test("opensFor is the time to the first trial, and 0 in every other state", () => {
  const bed = new BreakerBed(), { breaker, clock } = bed, at = (ms: number) => (clock.advance(ms), breaker.opensFor);
  bed.trip();
  assert.deepEqual([at(0), at(250), at(749), at(1), at(5_000)], [1_000, 750, 1, 0, 0]);
  bed.attempts(GOOD);
  assert.equal(breaker.opensFor, 0);
});

Deno.test("opensFor is never negative while the wheel has not turned yet", () => {
  const bed = new BreakerBed(), { breaker, clock } = bed;
  bed.wheel.after(10_000, () => {});
  clock.advance(30);
  bed.trip();
  clock.advance(PLAN.openFor + 10);
  assert.deepEqual([bed.state, breaker.opensFor], ["open", 0]);
});

const counted: readonly [failures: typeof PLAN.failures, code: number, counts: boolean][] = [
  [PLAN.failures, 500, true],
  [PLAN.failures, 404, false],
  [PLAN.failures, RESET, true],
  [["timeout", 429], TIMEOUT, true],
  [["timeout", 429], 429, true],
  [["timeout", 429], CONNECT_ERROR, false],
  [["timeout", 429], 503, false],
];
for (const [failures, code, counts] of counted) {
  Deno.test(`with failures ${failures.join(", ")} the outcome ${code} ${counts ? "trips" : "does not trip"}`, () => {
    const bed = new BreakerBed({ failures });
    bed.attempts(code, code);
    assert.equal(bed.state, counts ? "open" : "closed");
  });
}

Deno.test("nobody's fault counts for nothing: it neither trips nor interrupts a row, neither closes nor opens", () => {
  const bed = new BreakerBed(), { breaker } = bed;
  bed.attempts(NOBODYS, NOBODYS, NOBODYS, BAD, NOBODYS);
  assert.equal(bed.state, "closed");
  bed.attempts(BAD);
  assert.equal(bed.state, "open");
  bed.clock.advance(PLAN.openFor);
  const ticket = breaker.acquire();
  assert.deepEqual([breaker.admits, bed.believed], [false, false]);
  breaker.settle(ticket, NOBODYS);
  assert.deepEqual([bed.state, breaker.admits, bed.believed], ["half-open", true, true]);
});

for (const halfOpenRequests of [1, 3, 50]) {
  Deno.test(`a thousand arrivals at once get exactly ${halfOpenRequests} of ${halfOpenRequests} trials`, async () => {
    const bed = new BreakerBed({ halfOpenRequests, successThreshold: 1_000 }), { breaker } = bed;
    const arrive = async () => {
      await Promise.resolve();
      return breaker.admits ? breaker.acquire() : 0;
    };
    const arrivals = () => Promise.all(Array.from({ length: 1_000 }, arrive));
    bed.halfOpen();
    const tickets = (await arrivals()).filter((ticket) => ticket !== 0);
    assert.equal(tickets.length, halfOpenRequests);
    assert.equal(new Set(tickets).size, halfOpenRequests);
    assert.ok(!bed.believed);
    breaker.settle(tickets[0], GOOD);
    assert.ok(bed.believed);
    assert.equal((await arrivals()).filter((ticket) => ticket !== 0).length, 1);
  });
}

Deno.test("half-open closes after successThreshold successes, more or fewer than there are places", () => {
  const few = new BreakerBed({ halfOpenRequests: 1, successThreshold: 3 });
  few.halfOpen();
  few.attempts(GOOD, GOOD);
  assert.equal(few.state, "half-open");
  few.attempts(GOOD);
  assert.equal(few.state, "closed");
  const many = new BreakerBed({ halfOpenRequests: 5, successThreshold: 2 });
  many.halfOpen();
  many.attempts(GOOD, NOBODYS);
  assert.equal(many.state, "half-open");
  many.attempts(GOOD);
  assert.equal(many.state, "closed");
});

Deno.test("half-open opens at the first failure, whatever came before it", () => {
  const bed = new BreakerBed({ halfOpenRequests: 3, successThreshold: 3 });
  bed.halfOpen();
  bed.attempts(GOOD, GOOD, BAD);
  assert.equal(bed.state, "open");
});

Deno.test("successes of an earlier half-open do not count in the next one", () => {
  const bed = new BreakerBed({ successThreshold: 2 });
  bed.halfOpen();
  bed.attempts(GOOD, BAD);
  bed.clock.advance(2 * PLAN.openFor);
  bed.attempts(GOOD);
  assert.equal(bed.state, "half-open");
});

for (const code of [GOOD, BAD, NOBODYS]) {
  Deno.test(`an attempt from before a transition counts for nothing in the new state: ${code}`, () => {
    const bed = new BreakerBed({ halfOpenRequests: 2 }), { breaker, clock } = bed;
    const early = [breaker.acquire(), breaker.acquire(), breaker.acquire(), breaker.acquire()];
    bed.trip();
    breaker.settle(early[0], code);
    assert.deepEqual([bed.state, breaker.opensFor], ["open", PLAN.openFor]);
    clock.advance(PLAN.openFor);
    const trial = breaker.acquire(), other = breaker.acquire();
    breaker.settle(early[1], code);
    assert.deepEqual([bed.state, breaker.admits], ["half-open", false]);
    breaker.settle(trial, GOOD);
    for (const straggler of [early[2], early[3], other]) breaker.settle(straggler, code);
    assert.equal(bed.state, "closed");
    bed.attempts(BAD);
    assert.equal(bed.state, "closed");
  });
}

Deno.test("a trial of an earlier half-open neither decides the next one nor frees a place in it", () => {
  const bed = new BreakerBed({ halfOpenRequests: 2 }), { breaker, clock } = bed;
  bed.halfOpen();
  const [straggler, failing] = [breaker.acquire(), breaker.acquire()];
  breaker.settle(failing, BAD);
  clock.advance(2 * PLAN.openFor);
  breaker.acquire();
  breaker.acquire();
  breaker.settle(straggler, GOOD);
  assert.deepEqual([bed.state, breaker.admits], ["half-open", false]);
});

Deno.test("a trial that takes longer than openFor gives its place to another, and to one only", () => {
  const bed = new BreakerBed(), { breaker, clock } = bed;
  bed.halfOpen();
  const endless = breaker.acquire();
  clock.advance(PLAN.openFor - 1);
  assert.equal(breaker.acquire(), 0);
  clock.advance(1);
  assert.ok(bed.believed);
  const second = breaker.acquire();
  assert.notEqual(second, 0);
  assert.equal(breaker.acquire(), 0);
  breaker.settle(endless, NOBODYS);
  assert.deepEqual([breaker.admits, bed.believed], [false, false]);
  breaker.settle(second, GOOD);
  assert.equal(bed.state, "closed");
});

for (const [code, state] of [[GOOD, "closed"], [BAD, "open"]] as const) {
  Deno.test(`the outcome ${code} of a trial that lost its place still counts while half-open: ${state}`, () => {
    const bed = new BreakerBed(), { breaker, clock, wheel } = bed;
    bed.halfOpen();
    const late = breaker.acquire();
    clock.advance(PLAN.openFor);
    breaker.acquire();
    breaker.settle(late, code);
    assert.equal(bed.state, state);
    // Nothing is left of the other trial: only the deadline of the open state may be set.
    assert.equal(wheel.size, state === "open" ? 1 : 0);
  });
}

Deno.test("each trip out of half-open doubles the time, up to maxOpenFor; once closed it starts over", () => {
  const bed = new BreakerBed({ maxOpenFor: 5_000 }), { breaker, clock } = bed, times: number[] = [];
  const note = () => {
    times.push(breaker.opensFor);
    clock.advance(breaker.opensFor - 1);
    assert.equal(bed.state, "open");
    clock.advance(1);
    assert.equal(bed.state, "half-open");
  };
  bed.trip();
  note();
  for (let i = 0; i < 4; i++) {
    bed.attempts(BAD);
    note();
  }
  bed.attempts(GOOD);
  bed.trip();
  note();
  assert.deepEqual(times, [1_000, 2_000, 4_000, 5_000, 5_000, 1_000]);
});

Deno.test("property: chance only makes the open time longer, and the wheel only later", () => {
  const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(fc.property(draw, fc.integer({ min: 0, max: 200 }), (random, early) => {
    const bed = new BreakerBed({ jitter: 0.5 }, () => random), time = PLAN.openFor * (1 + 0.5 * random);
    bed.wheel.after(60_000, () => {});
    bed.clock.advance(early);
    bed.trip();
    assert.equal(bed.breaker.opensFor, early + time - early);
    bed.clock.advance(time - 0.01);
    assert.equal(bed.state, "open");
    bed.clock.advance(51);
    assert.equal(bed.state, "half-open");
  }));
});

Deno.test("a knob that is turned takes effect while traffic flows", () => {
  const bed = new BreakerBed({ failureThreshold: 5, consecutiveFailures: null });
  bed.attempts(BAD, BAD, BAD);
  bed.knob!.value = 4;
  bed.attempts(BAD);
  assert.equal(bed.state, "open");
  bed.clock.advance(PLAN.openFor);
  bed.attempts(GOOD);
  bed.knob!.value = 7;
  bed.attempts(BAD, BAD, BAD, BAD, BAD, BAD);
  assert.equal(bed.state, "closed");
  bed.attempts(BAD);
  assert.equal(bed.state, "open");
});

Deno.test("the window slides: failures that are spread too thinly never trip", () => {
  const bed = new BreakerBed({ failureThreshold: 3, consecutiveFailures: null });
  for (let i = 0; i < 50; i++) {
    bed.attempts(BAD);
    bed.clock.advance(5_100);
  }
  assert.equal(bed.state, "closed");
  bed.attempts(BAD, BAD);
  assert.equal(bed.state, "open");
});

Deno.test("the time that the caller has read is the one that counts", () => {
  const bed = new BreakerBed({ failureThreshold: 2, consecutiveFailures: null }), { breaker } = bed;
  breaker.settle(breaker.acquire(), BAD, 0);
  breaker.settle(breaker.acquire(), BAD, 2 * PLAN.window);
  assert.equal(bed.state, "closed");
  breaker.settle(breaker.acquire(), BAD, 2 * PLAN.window);
  assert.equal(bed.state, "open");
});

for (
  const [name, reach] of Object.entries({
    closed: () => {},
    open: (bed: BreakerBed) => bed.trip(),
    "half-open": (bed: BreakerBed) => bed.halfOpen(),
  })
) {
  Deno.test(`close() while ${name} leaves no deadline, whatever stragglers bring, and stands in nobody's way`, () => {
    const bed = new BreakerBed({ halfOpenRequests: 2 }), { breaker, wheel, clock } = bed;
    reach(bed);
    const stragglers = [breaker.acquire(), breaker.acquire()], told = bed.transitions.length;
    breaker.close();
    assert.equal(wheel.size, 0);
    for (const ticket of stragglers) breaker.settle(ticket, BAD);
    bed.attempts(BAD, BAD, BAD);
    assert.deepEqual([wheel.size, breaker.admits], [0, true]);
    clock.advance(60_000);
    assert.deepEqual([clock.pending, bed.transitions.length], [0, told]);
  });
}
