/** Every scenario, as a table. @module */

import type { Kind } from "./asked.ts";
import type { Behaviour } from "./behaviour.ts";
import * as b from "./behaviours.ts";
import type { FaultyEndpoint } from "./faulty_endpoint.ts";
import type { Endpoints, Scenario } from "./scenario.ts";
import type { Traffic } from "./traffic.ts";

/** Seven, so that no kind always falls on the same one of endpoints that take turns. */
const MIX: readonly Kind[] = ["get", "put", "get chunked", "post", "put chunked", "delete", "get"];
const UPLOADS: readonly Kind[] = ["put large", "post large", "get"];

type More = Partial<Omit<Scenario, "name" | "behaviours">>;

function scenario(name: string, behaviours: Scenario["behaviours"], more: More = {}): Scenario {
  const usual = { answerable: true, owed: "idempotent" as const, kinds: MIX, patient: false, volume: 1, story: null };
  return { name, behaviours, ...usual, ...more };
}

/** One endpoint behaves so, and the other well. */
function one(name: string, behaviour: Behaviour, more: More = {}): Scenario {
  return scenario(name, [behaviour, b.WELL], more);
}

/** The same, where the fault shows when the answer's head is out: nothing can be repeated any more. */
function late(name: string, behaviour: Behaviour, more: More = {}): Scenario {
  return one(name, behaviour, { owed: "nothing", ...more });
}

/** The same, where nobody need lose anything. */
function mild(name: string, behaviour: Behaviour, more: More = {}): Scenario {
  return one(name, behaviour, { owed: "everything", ...more });
}

/** Neither endpoint is well, so that a quick refusal is all there is. */
function both(name: string, behaviour: Behaviour, more: More = {}): Scenario {
  return scenario(name, [behaviour, behaviour], { answerable: false, ...more });
}

/** All scenarios, in the order of the report. */
export const SCENARIOS: readonly Scenario[] = [
  mild("refuses connections", b.DEAD),
  mild("host is gone: no answer to a connection", b.DEAF),
  one("resets connections as it takes them", b.RESETS_ON_ACCEPT),
  one("closes connections as it takes them", b.CLOSES_ON_ACCEPT),
  one("greets in another protocol", b.GREETS),
  one("resets after the request", b.RESETS_AFTER_REQUEST),
  one("closes after the request", b.CLOSES_AFTER_REQUEST),
  one("hangs before the head", b.HANGS_BEFORE_HEAD, { volume: 0.5 }),
  one("hangs in the head", b.HANGS_IN_HEAD, { volume: 0.5 }),
  one("closes in the head", b.CLOSES_IN_HEAD),
  one("drips a head without end", b.DRIPS_HEAD, { volume: 0.5 }),
  one("garbage for a status line", b.GARBAGE_STATUS),
  one("no HTTP at all", b.NO_HTTP),
  one("head too large", b.HEAD_TOO_LARGE),
  late("hangs in the body", b.HANGS_IN_BODY, { volume: 0.5 }),
  late("cuts a body of a known length", b.CUTS_LENGTH),
  late("cuts a chunked body", b.CUTS_CHUNKED),
  late("leaves out the last chunk", b.CUTS_LAST_CHUNK),
  late("resets in the body", b.RESETS_IN_BODY),
  late("bad chunk size in the body", b.BAD_CHUNK, { volume: 0.5 }),
  late("content-length too long", b.LENGTH_TOO_LONG, { volume: 0.5 }),
  mild("content-length too short, a forged answer behind", b.LENGTH_TOO_SHORT),
  // RFC 9112 §6.3 lets a proxy refuse it.
  late("content-length and chunks", b.BOTH_FRAMINGS),
  mild("drips the body", b.DRIPS_BODY),
  one("answers 500 to 30 %", b.fails(500)),
  one("answers 503 to 30 %", b.fails(503)),
  one("503 with Retry-After", b.RETRY_AFTER),
  mild("slow beside fast", b.SLOW, { patient: true, volume: 0.5 }),
  one("closes behind each answer", b.CLOSES_SILENTLY),
  one("closes a moment after each answer", b.CLOSES_IDLE),
  one("resets a moment after each answer", b.RESETS_IDLE),
  mild("answers an upload early, and closes gently", b.EARLY_ANSWER, { kinds: UPLOADS, volume: 0.15 }),
  late("answers an upload early, and resets", b.EARLY_RESET, { kinds: UPLOADS, volume: 0.15 }),
  late("stops reading an upload", b.STOPS_READING, { kinds: UPLOADS, volume: 0.15 }),
  scenario("flaps", [b.BUSY, b.WELL], { story: flaps, volume: 2 }),
  scenario("dies and returns", [b.BUSY, b.BUSY], { story: diesAndReturns, volume: 2 }),
  scenario("both restart, one after the other", [b.BUSY, b.BUSY], { story: restartInTurn, volume: 2 }),
  both("both dead", b.DEAD),
  both("both hang", b.HANGS_BEFORE_HEAD, { volume: 0.25 }),
  both("both reset", b.RESETS_AFTER_REQUEST),
];

async function flaps([faulty]: Endpoints, traffic: Traffic): Promise<void> {
  for (let round = 0; round < 4; round++) await restart(faulty, traffic);
}

async function diesAndReturns([faulty]: Endpoints, traffic: Traffic): Promise<void> {
  await traffic.pass(0.25);
  await faulty.kill();
  await traffic.pass(0.25);
  await faulty.revive();
  await Promise.race([faulty.used(), traffic.ended]);
}

/** The second goes when the first is known to be back. */
async function restartInTurn([first, second]: Endpoints, traffic: Traffic): Promise<void> {
  await restart(first, traffic);
  await Promise.race([first.used(), traffic.ended]);
  await restart(second, traffic);
}

async function restart(endpoint: FaultyEndpoint, traffic: Traffic): Promise<void> {
  await traffic.pass(0.1);
  await endpoint.kill();
  await traffic.pass(0.1);
  await endpoint.revive();
}
