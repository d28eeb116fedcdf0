import { strict as assert } from "node:assert";
import type { Exchange } from "../../../src/core/exchange.ts";
import type { Handler } from "../../../src/core/handler.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { definitionOf } from "../../../src/core/policy.ts";
import type { Random } from "../../../src/core/random.ts";
import { Reply } from "../../../src/core/reply.ts";
import { fault, faultDefinition, type FaultOptions } from "../../../src/policies/traffic/fault.ts";
import { faultSchema } from "../../../src/policies/traffic/fault_schema.ts";
import { makeEnv, makeExchange, readText, type TestEnv } from "../../support/exchange.ts";
import { turn } from "../../support/turn.ts";

/** Draws these in turn, and no more. */
function draws(...points: number[]): Random {
  return () => points.shift() ?? assert.fail("nothing more is left to chance");
}

function worldOf(random: Random): TestEnv {
  return { ...makeEnv(), random };
}

function build(options: FaultOptions, terminal: Handler, env: TestEnv): Handler {
  return faultDefinition.build(faultSchema.parse(options), env, "route/fault")(terminal);
}

/** A terminal that counts its requests. */
class Target {
  readonly requests: Exchange[] = [];
  readonly handler: Handler = (exchange) => {
    this.requests.push(exchange);
    return new Reply(200, HeaderList.of("x-from", "below"), null);
  };
}

/** What became of one request, seen without waiting for anything. */
class Asked {
  reply: Reply | null = null;
  failure: unknown = null;
  readonly exchange: Exchange;
  readonly waits: boolean;

  constructor(handler: Handler, exchange = makeExchange()) {
    this.exchange = exchange;
    const result = handler(exchange);
    this.waits = result instanceof Promise;
    if (result instanceof Promise) result.then((reply) => this.reply = reply, (cause) => this.failure = cause);
    else this.reply = result;
  }
}

Deno.test("fault() holds a request for its delay, and not a millisecond longer", async () => {
  const env = worldOf(draws()), target = new Target();
  const asked = new Asked(build({ enabled: true, delay: { for: "1.5s" } }, target.handler, env));
  await env.clock.pass(1_499);
  assert.deepEqual([target.requests.length, asked.reply], [0, null]);
  await env.clock.pass(1);
  assert.deepEqual(target.requests, [asked.exchange]);
  assert.deepEqual([asked.reply?.status, asked.exchange.error, env.clock.pending], [200, "", 0]);
});

Deno.test("fault() answers in place of the target with a problem document", async () => {
  const env = worldOf(draws());
  const cases: [FaultOptions["abort"], status: number][] = [[{}, 503], [{ status: 400 }, 400], [{ status: 599 }, 599]];
  for (const [abort, status] of cases) {
    const asked = new Asked(build({ enabled: true, abort }, () => assert.fail("nothing goes upstream"), env));
    assert.equal(asked.waits, false, "nothing waits");
    assert.equal(asked.reply?.status, status);
    assert.equal(asked.reply?.header("content-type"), "application/problem+json");
    const document = JSON.parse(await readText(asked.reply!.body));
    assert.deepEqual([document.code, document.status, document.requestId], ["fault_injected", status, "req-1"]);
    assert.equal(asked.exchange.error, "fault_injected");
  }
});

Deno.test("fault() with both holds first, then refuses, each by a draw of its own", async () => {
  const options: FaultOptions = {
    enabled: true,
    delay: { for: "2s", share: 0.5 },
    abort: { status: 502, share: 0.25 },
  };
  const cases: [points: number[], held: boolean, status: number][] = [
    [[0.4, 0.2], true, 502],
    [[0.4, 0.3], true, 200],
    [[0.6, 0.2], false, 502],
    [[0.6, 0.3], false, 200],
    [[0.5, 0.25], false, 200],
    [[0, 0], true, 502],
  ];
  for (const [points, held, status] of cases) {
    const env = worldOf(draws(...points)), target = new Target();
    const asked = new Asked(build(options, target.handler, env));
    assert.equal(asked.waits, held, `${points}`);
    assert.equal(env.clock.pending, held ? 1 : 0);
    if (held) {
      await env.clock.pass(1_999);
      assert.equal(asked.reply, null, "a refusal comes after the delay");
      await env.clock.pass(1);
    }
    assert.equal(asked.reply?.status, status, `${points}`);
    assert.equal(target.requests.length, status === 200 ? 1 : 0);
  }
});

Deno.test("fault() hits the share of requests that it says", () => {
  // Each point of an even grid comes up once, so that the shares are exact.
  const grid = Array.from({ length: 1_000 }, (_, i) => i / 1_000);
  for (const share of [0.001, 0.01, 0.25, 0.5, 0.999]) {
    for (const kind of ["delay", "abort"] as const) {
      const env = worldOf(draws(...grid)), target = new Target();
      const options = kind === "delay" ? { delay: { for: "1s", share } as const } : { abort: { share } };
      const handler = build({ enabled: true, ...options }, target.handler, env);
      const asked = grid.map(() => new Asked(handler));
      const hit = asked.filter(({ waits, reply }) => waits || reply?.status === 503);
      assert.equal(hit.length, share * 1_000, `${kind} for ${share}`);
      assert.equal(target.requests.length, 1_000 - share * 1_000);
    }
  }
});

Deno.test("fault() leaves nothing to chance at a share of 1, and does nothing at 0", () => {
  const env = worldOf(draws()), target = new Target();
  const always = build({ enabled: true, abort: { share: 1 } }, target.handler, env);
  for (let i = 0; i < 3; i++) assert.equal(new Asked(always).reply?.status, 503);
  const never: FaultOptions[] = [
    { enabled: true, delay: { for: "1s", share: 0 } },
    { enabled: true, abort: { share: 0 }, when: "header:x-fault" },
    { enabled: true, delay: { for: "1s", share: 0 }, abort: { share: 0 } },
  ];
  for (const options of never) assert.equal(build(options, target.handler, env), target.handler);
});

Deno.test("fault() that is not enabled is no call at all", () => {
  const env = worldOf(draws()), target = new Target();
  const off: FaultOptions[] = [
    { enabled: false, delay: { for: "1s" } },
    { enabled: false, abort: {} },
    { enabled: false, delay: { for: "1s" }, abort: {}, when: "header:x-fault" },
  ];
  for (const options of off) assert.equal(build(options, target.handler, env), target.handler, JSON.stringify(options));
});

Deno.test("fault() adds no promise where it does not hold", () => {
  const promise = Promise.resolve(new Reply(200, HeaderList.of(), null));
  const env = worldOf(() => 0.9), options: FaultOptions = { enabled: true, delay: { for: "1s", share: 0.5 } };
  assert.equal(build(options, () => promise, env)(makeExchange()), promise);
  assert.equal(build({ ...options, when: "header:x-fault" }, () => promise, env)(makeExchange()), promise);
});

Deno.test("fault() with when: only requests with the field, or with exactly the value", () => {
  const cases: [when: FaultOptions["when"], headers: [string, string][], hit: boolean][] = [
    ["header:x-fault", [], false],
    ["header:x-fault", [["x-fault", "1"]], true],
    ["header:x-fault", [["x-fault", ""]], true],
    ["header:X-Fault", [["x-fault", "0"]], true],
    ["header:x-fault", [["x-faults", "1"]], false],
    ["header:x-fault=1", [], false],
    ["header:x-fault=1", [["x-fault", "1"]], true],
    ["header:X-Fault=1", [["x-fault", "1"]], true],
    ["header:x-fault=1", [["x-fault", "11"]], false],
    ["header:x-fault=1", [["x-fault", ""]], false],
    ["header:x-fault=1", [["x-fault", "1"], ["x-fault", "1"]], false],
    ["header:x-fault=a", [["x-fault", "A"]], false],
    ["header:x-fault=a=b", [["x-fault", "a=b"]], true],
    ["header:x-fault=é", [["x-fault", "\xc3\xa9"]], true],
  ];
  for (const [when, headers, hit] of cases) {
    const target = new Target(), handler = build({ enabled: true, abort: {}, when }, target.handler, worldOf(draws()));
    const { reply } = new Asked(handler, makeExchange({ headers }));
    assert.equal(reply?.status, hit ? 503 : 200, `${when} ${JSON.stringify(headers)}`);
    assert.equal(target.requests.length, hit ? 0 : 1);
  }
});

Deno.test("fault() draws nothing for requests that when leaves out", () => {
  const options = { enabled: true, delay: { for: "1s", share: 0.5 }, abort: { share: 0.5 } } as const;
  const handler = build({ ...options, when: "header:x-fault" }, new Target().handler, worldOf(draws()));
  assert.equal(new Asked(handler).reply?.status, 200);
});

Deno.test("fault() gives up at once when the client leaves during the delay, and sends nothing upstream", async () => {
  const env = worldOf(draws());
  const options: FaultOptions = { enabled: true, delay: { for: "1h" }, abort: {} };
  const asked = new Asked(build(options, () => assert.fail("nothing goes upstream"), env));
  await env.clock.pass(1_000);
  assert.equal(env.clock.pending, 1);
  asked.exchange.abort();
  assert.equal(env.clock.pending, 0, "the timer goes with the client");
  await turn();
  assert.equal(asked.reply?.status, 499);
  assert.equal(asked.exchange.error, "client_closed_request", "who left was not refused");
  await env.clock.pass(3_600_000);
});

Deno.test("fault() does not wait for a client that has left already, nor for an answer that is out", async () => {
  for (const over of ["abort", "end"] as const) {
    const env = worldOf(draws()), exchange = makeExchange();
    exchange[over]();
    const handler = build({ enabled: true, delay: { for: "1s" } }, () => assert.fail("nothing goes upstream"), env);
    const asked = new Asked(handler, exchange);
    assert.equal(env.clock.pending, 0);
    await turn();
    assert.equal(asked.reply?.status, 499);
  }
});

Deno.test("fault() sends nothing upstream for a client that leaves in the moment in which the delay ends", async () => {
  const env = worldOf(draws());
  const asked = new Asked(
    build({ enabled: true, delay: { for: "1s" } }, () => assert.fail("nothing goes upstream"), env),
  );
  env.clock.advance(1_000);
  asked.exchange.abort();
  await turn();
  assert.equal(asked.reply?.status, 499);
});

Deno.test("fault() has nothing left to give up once the delay is over", async () => {
  const env = worldOf(draws()), exchange = makeExchange(), target = new Target(), held: unknown[] = [];
  const { onAbort, offAbort } = exchange;
  exchange.onAbort = (work) => (held.push(work), onAbort.call(exchange, work));
  exchange.offAbort = (work) => (held.splice(held.indexOf(work), 1), offAbort.call(exchange, work));
  const asked = new Asked(build({ enabled: true, delay: { for: "1s" } }, target.handler, env), exchange);
  assert.equal(held.length, 1);
  await env.clock.pass(1_000);
  assert.deepEqual([held.length, asked.reply?.status], [0, 200]);
});

Deno.test("fault() lets pass what the target throws after a delay", async () => {
  const env = worldOf(draws()), broken = new Error("broken");
  const asked = new Asked(
    build({ enabled: true, delay: { for: "1s" } }, () => {
      throw broken;
    }, env),
  );
  await env.clock.pass(1_000);
  assert.equal(asked.failure, broken);
});

Deno.test("fault() records a frozen value, and needs and gives no facts", () => {
  const policy = fault({ enabled: true, delay: { for: "2s" } });
  assert.equal(JSON.stringify(policy), `{"kind":"fault","options":{"enabled":true,"delay":{"for":"2s"}}}`);
  assert.ok(Object.isFrozen(policy));
  assert.equal(definitionOf(policy), faultDefinition);
  assert.equal(faultDefinition.facts, undefined);
});

Deno.test("fault() says in words what it does", () => {
  const cases: [FaultOptions, string][] = [
    [
      { enabled: true, delay: { for: "2s", share: 0.1 }, abort: { share: 0.01 } },
      "fault: delay 2s for 10%, abort 503 for 1%",
    ],
    [{ enabled: false, delay: { for: "2s", share: 0.1 }, abort: { share: 0.01 } }, "fault: off"],
    [{ enabled: true, delay: { for: "0.5s" } }, "fault: delay 500ms for 100%"],
    [{ enabled: true, abort: { status: 429, share: 0.07 } }, "fault: abort 429 for 7%"],
    [{ enabled: true, abort: { share: 0.0005 } }, "fault: abort 503 for 0.05%"],
    [{ enabled: true, abort: {}, when: "header:X-Fault" }, "fault: abort 503 for 100% when header:x-fault"],
    [{ enabled: true, abort: {}, when: "header:x-fault=A" }, "fault: abort 503 for 100% when header:x-fault=A"],
  ];
  for (const [options, text] of cases) assert.equal(faultDefinition.describe!(faultSchema.parse(options)), text);
});
