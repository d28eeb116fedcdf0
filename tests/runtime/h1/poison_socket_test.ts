import { turn } from "../../support/turn.ts";
import { strict as assert } from "node:assert";
import { Buffer } from "node:buffer";
import { type OriginRequest, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { toText } from "../../support/latin1.ts";
import { ResponseHead } from "../../support/http_message.ts";
import type { TestGateway } from "../../support/test_gateway.ts";
import { gatewayTo } from "./setup.ts";
import { answerOf, bodyOf, chunks, concat, Dice, echo, type Plan, planOf } from "./poison_plan.ts";

/** Requests in one run; POISON_RUNS asks for more of them. */
const RUNS = Number(Deno.env.get("POISON_RUNS") ?? 800);
/** Clients at a time. */
const LANES = 24;

const FORGED = "HTTP/1.1 200 OK\r\nx-id: 0\r\ncontent-length: 6\r\n\r\nforged";

/** Answers by the plan that the request's number stands for, with the body that it was really sent. */
async function play(request: OriginRequest): Promise<void> {
  const plan = planOf(Number(request.header("x-id"))), dice = new Dice(plan.id ^ 0xabcdef), { connection } = request;
  if (plan.fate === "mute") return await connection.close();
  const content = echo(plan.id, plan.fate === "early" ? new Uint8Array(0) : (await request.body()).bytes);
  const framed = plan.chunkedAnswer ? chunks(content, dice) : content;
  const framing = plan.chunkedAnswer ? "transfer-encoding: chunked" : `content-length: ${content.length}`;
  const ends = plan.fate === "early" ? "connection: close\r\n" : "";
  const head = `HTTP/1.1 200 OK\r\nx-id: ${plan.id}\r\n${framing}\r\n${ends}\r\n`;
  const whole = concat([head, framed]);
  // Every send may fail: a gateway that has given the request up is not there any more.
  if (plan.fate === "broken") {
    await connection.sendPieces(dice.split(whole.subarray(0, head.length + dice.below(framed.length)))).catch(() => {});
    return dice.chance(50) ? await connection.reset() : await connection.close();
  }
  if (plan.fate === "leftover") return await connection.send(whole, FORGED).catch(() => {});
  await connection.sendPieces(dice.split(whole)).catch(() => {});
  if (plan.fate === "early") await connection.close();
}

/** The bytes of one request. */
function requestOf(plan: Plan, last: boolean, dice: Dice): Uint8Array<ArrayBuffer> {
  const body = bodyOf(plan), framed = plan.chunkedRequest ? chunks(body, dice) : body;
  const framing = plan.chunkedRequest ? "transfer-encoding: chunked" : `content-length: ${plan.size}`;
  const head =
    `${plan.size === 0 && dice.chance(50) ? "GET" : "POST"} /${plan.id} HTTP/1.1\r\nhost: a\r\nx-id: ${plan.id}\r\n` +
    `${framing}\r\n${last ? "connection: close\r\n" : ""}\r\n`;
  return concat([head, framed]);
}

/** What a client got behind the requests that it sent. */
interface Seen {
  readonly whole: number;
  readonly cut: boolean;
}

/** Looks at every byte that a client got: each answer must be its own request's, whole or a beginning of it, in order. */
function judge(received: Uint8Array, plans: readonly Plan[]): Seen {
  let at = 0, whole = 0;
  for (const plan of plans) {
    const end = find(received, at);
    if (end < 0) {
      assert.ok(received.length - at < 2_000, `${plan.id}: no head in ${received.length - at} bytes`);
      return { whole, cut: true };
    }
    const head = new ResponseHead(toText(received.subarray(at, end)));
    at = end;
    const own = head.header("x-id") === String(plan.id);
    // The gateway itself answers where the origin's answer broke off before its head was out.
    const mayFail = plan.fate !== "whole" && plan.fate !== "leftover";
    if (!own) assert.ok(mayFail && head.header("x-id") === null && head.status === 502, `${plan.id} got ${head.text}`);
    const expected = own ? answerOf(plan) : null, length = head.header("content-length");
    const { data, next, ended } = length === null ? unchunk(received, at) : {
      data: received.subarray(at, at + Number(length)),
      next: at + Number(length),
      ended: received.length >= at + Number(length),
    };
    if (expected !== null) {
      assert.ok(
        ended ? data.length === expected.length : data.length <= expected.length,
        `${plan.id}: ${data.length} bytes`,
      );
      assert.equal(isStart(data, expected), true, `${plan.id}: bytes of somebody else`);
      assert.ok(!ended || plan.fate !== "broken", `${plan.id}: what broke off looks whole`);
    }
    if (!ended) return { whole, cut: true };
    whole++;
    at = next;
    if (head.header("connection") === "close") break;
  }
  assert.equal(received.length, at, `bytes behind the last answer: ${toText(received.subarray(at, at + 200))}`);
  return { whole, cut: false };
}

function isStart(data: Uint8Array, expected: Uint8Array): boolean {
  return Buffer.compare(data, expected.subarray(0, data.length)) === 0;
}

function find(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(13, from); at >= 0; at = bytes.indexOf(13, at + 1)) {
    if (bytes[at + 1] === 10 && bytes[at + 2] === 13 && bytes[at + 3] === 10) return at + 4;
  }
  return -1;
}

function unchunk(bytes: Uint8Array, from: number): { data: Uint8Array; next: number; ended: boolean } {
  const parts: Uint8Array[] = [];
  for (let at = from; at < bytes.length;) {
    const line = bytes.indexOf(10, at);
    if (line < 0) break;
    const size = parseInt(toText(bytes.subarray(at, line)), 16);
    assert.ok(size >= 0, `no chunk size: ${toText(bytes.subarray(at, line))}`);
    at = line + 1;
    if (size === 0) return { data: concat(parts), next: at + 2, ended: bytes.length >= at + 2 };
    parts.push(bytes.subarray(at, at + size));
    at += size + 2;
  }
  return { data: concat(parts), next: bytes.length, ended: false };
}

/** One client's connection: some requests, one behind the other or all at once, and perhaps a sudden end. */
async function visit(gateway: TestGateway, plans: readonly Plan[], dice: Dice): Promise<Seen> {
  await using client = await gateway.connect();
  const bytes = concat(plans.map((plan, i) => requestOf(plan, i === plans.length - 1, dice)));
  const pieces = dice.split(bytes), leaves = dice.chance(12) ? dice.below(pieces.length + 1) : -1;
  for (const [i, piece] of pieces.entries()) {
    if (i === leaves) break;
    if (dice.chance(10)) client.pause();
    // A connection that ended early takes no more.
    await client.send(piece).catch(() => {});
    client.resume();
    if (dice.chance(70)) await turn();
  }
  if (leaves >= 0) {
    for (let turns = dice.below(8); turns > 0; turns--) await turn();
    await (dice.chance(50) ? client.reset() : client.close());
  } else {
    await client.ended();
  }
  const seen = judge(client.received, plans);
  const sound = plans.every(({ fate }) => fate === "whole" || fate === "leftover");
  if (leaves < 0 && sound) assert.equal(seen.whole, plans.length, `all of ${plans[0].id} to ${plans.at(-1)!.id}`);
  return seen;
}

Deno.test("nobody ever gets a byte of another: random splits, pipelines, aborts and broken origins", async () => {
  await using origin = await ScriptedOrigin.start(play);
  await using gateway = gatewayTo(origin);
  let next = 0, whole = 0, cut = 0;
  const lane = async (number: number) => {
    for (let turn = 0; next < RUNS; turn++) {
      const dice = new Dice(number * 1_000_003 + turn), count = dice.chance(40) ? 1 : 2 + dice.below(4);
      const plans = Array.from({ length: count }, () => planOf(next++));
      const seen = await visit(gateway, plans, dice);
      whole += seen.whole;
      if (seen.cut) cut++;
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
  assert.ok(whole > RUNS * 0.6, `${whole} of ${next} answers were whole`);
  assert.ok(cut > RUNS * 0.005, `${cut} connections were cut`);
});
