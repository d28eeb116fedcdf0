import { strict as assert } from "node:assert";
import { HeaderList } from "../../../src/core/header_list.ts";
import { Reply } from "../../../src/core/reply.ts";
import type { TransportOutcome } from "../../../src/transport/transport.ts";
import { CONNECT_ERROR, NOBODYS, RESET } from "../../../src/upstreams/outcome_set.ts";
import { retryDelay, type TriedSoFar } from "../../../src/upstreams/retry/retry_delay.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** Half of it is what chance gives here. */
const BACKOFF = { base: 100, max: 300 };

/** An answer of 503, with a Retry-After if there is one. */
function busy(retryAfter?: string): TransportOutcome {
  const headers = retryAfter === undefined ? HeaderList.of() : HeaderList.of("retry-after", retryAfter);
  return { ok: true, reply: new Reply(503, headers, null), version: "1.1" };
}

function failed(code: "connect_refused" | "upstream_reset" | "pool_exhausted", sent: boolean): TransportOutcome {
  return { ok: false, stage: sent ? "head" : "connect", code, fault: "endpoint", sent };
}

const refused = { outcome: failed("connect_refused", false), code: CONNECT_ERROR };
const reset = { outcome: failed("upstream_reset", true), code: RESET };

const rows: readonly [what: string, tried: Partial<TriedSoFar>, expected: number | null][] = [
  ["a backoff before the second try", reset, 50],
  ["a longer one before the third", { ...reset, tries: 2 }, 100],
  ["no more than the largest before the fifth", { ...reset, tries: 4 }, 150],
  ["none where another endpoint takes the place of one that refused", refused, 0],
  ["a backoff where the one that refused is the only one", { ...refused, other: false }, 50],
  ["a backoff where no connection was free", { outcome: failed("pool_exhausted", false), code: NOBODYS }, 50],
  ["a backoff where something was sent, be there another endpoint or not", { ...reset, other: false }, 50],

  ["a backoff that ends before the deadline", { ...reset, left: 50.1 }, 50],
  ["none, as a backoff would end with the deadline", { ...reset, left: 50 }, null],
  ["none, as the deadline has passed", { ...reset, left: -1 }, null],
  ["none elsewhere either, as the deadline has come", { ...refused, left: 0 }, null],

  ["what the only endpoint asks for, within the deadline", { outcome: busy("2"), other: false, left: 2_001 }, 2_000],
  ["none, as the only endpoint asks for all of the time", { outcome: busy("2"), other: false, left: 2_000 }, null],
  ["none, as the only endpoint asks for more", { outcome: busy("9999999999"), other: false, left: 5_000 }, null],
  ["a backoff, as another endpoint did not ask for anything", { outcome: busy("2"), left: 2_001 }, 50],
  ["a backoff that is longer than what was asked for", { outcome: busy("0"), other: false, left: 2_001 }, 50],
  ["a backoff, as nothing was asked for", { outcome: busy(), other: false, left: 2_001 }, 50],
  ["a backoff, as what was asked for cannot be read", { outcome: busy("soon"), other: false, left: 2_001 }, 50],
  [
    "what a date asks for",
    { outcome: busy("Thu, 01 Jan 2026 00:00:01 GMT"), other: false, left: 2_000 },
    1_000,
  ],
  ["none without a deadline, as nobody waits for longer than a backoff", { outcome: busy("1"), other: false }, null],
  ["none without a deadline, however long is asked for", { outcome: busy("9".repeat(400)), other: false }, null],
];

for (const [what, tried, expected] of rows) {
  Deno.test(`the next try waits: ${what}`, () => {
    const defaults = { outcome: busy(), code: 503, tries: 1, other: true, left: Infinity };
    const world = { clock: new FakeClock(), random: () => 0.5 };
    assert.equal(retryDelay({ backoff: BACKOFF }, { ...defaults, ...tried }, world), expected);
  });
}

Deno.test("without a deadline a Retry-After is heeded up to the largest backoff", () => {
  const tried = { outcome: busy("2"), code: 503, tries: 1, other: false, left: Infinity };
  const world = { clock: new FakeClock(), random: () => 0 };
  assert.equal(retryDelay({ backoff: { base: 100, max: 2_000 } }, tried, world), 2_000);
  assert.equal(retryDelay({ backoff: { base: 100, max: 1_999 } }, tried, world), null);
});
