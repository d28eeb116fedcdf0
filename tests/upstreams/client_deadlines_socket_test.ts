import { strict as assert } from "node:assert";
import { FakeClock } from "../support/fake_clock.ts";
import { type OriginRequest, ScriptedOrigin } from "../support/scripted_origin.ts";
import { answering, ask, gatewayTo, get, Pending, post, settle } from "./traffic_bed.ts";

const hanging = () => ScriptedOrigin.start((request: OriginRequest) => request.hang());

/** So much time passes, and everything that comes of it arrives. */
async function passes(clock: FakeClock, ms: number): Promise<void> {
  clock.advance(ms);
  await settle();
}

const ASKED: readonly [field: string, value: string, ms: number][] = [
  ["x-request-timeout", "2", 2_000],
  ["x-request-timeout", "1.5", 1_500],
  ["x-request-timeout", "250ms", 250],
  ["grpc-timeout", "2S", 2_000],
  ["grpc-timeout", "700m", 700],
];
for (const [field, value, ms] of ASKED) {
  Deno.test(`a client that says ${field}: ${value} is answered after ${ms} ms`, async () => {
    const clock = new FakeClock();
    await using slow = await hanging();
    await using gateway = gatewayTo([slow.url], clock, {
      settings: { timeouts: { total: "20s", deadlineHeader: field } },
    });
    await using pending = await Pending.send(gateway, get(`${field}: ${value}`));
    await slow.request();
    await passes(clock, ms - 1);
    assert.equal(pending.status, null);
    await passes(clock, 51);
    const response = await pending.response;
    assert.deepEqual([response.status, JSON.parse(response.text).code], [504, "deadline_exceeded"]);
  });
}

Deno.test("a client's deadline never lengthens total, and one of nothing is over at once", async () => {
  const clock = new FakeClock();
  await using slow = await hanging();
  await using gateway = gatewayTo([slow.url], clock, {
    settings: { timeouts: { total: "1s", deadlineHeader: "x-wait" } },
  });
  await using long = await Pending.send(gateway, get("x-wait: 100"));
  await slow.request();
  await passes(clock, 1_050);
  assert.equal((await long.response).status, 504);
  await using none = await Pending.send(gateway, get("x-wait: 0"));
  await passes(clock, 50);
  assert.equal((await none.response).status, 504);
});

const NONSENSE: readonly [field: string, value: string][] = [
  ["x-wait", "soon"],
  ["x-wait", ""],
  ["x-wait", "2S"],
  ["x-wait", "99999999999999999999"],
  ["grpc-timeout", "5s"],
  ["grpc-timeout", "123456789S"],
];
for (const [field, value] of NONSENSE) {
  Deno.test(`a client that says ${field}: ${JSON.stringify(value)} gets a 400, and nothing is sent upstream`, async () => {
    await using origin = await answering(200);
    await using gateway = gatewayTo([origin.url], new FakeClock(), {
      settings: { timeouts: { total: "5s", deadlineHeader: field } },
    });
    const response = await ask(gateway, post("x", `${field}: ${value}`));
    assert.equal(response.status, 400);
    assert.match(response.text, new RegExp(field));
    assert.equal(origin.requests.length, 0);
  });
}

Deno.test("a client that says it twice, in two minds, gets a 400", async () => {
  await using origin = await answering(200);
  await using gateway = gatewayTo([origin.url], new FakeClock(), {
    settings: { timeouts: { deadlineHeader: "x-wait" } },
  });
  assert.equal((await ask(gateway, get("x-wait: 1", "x-wait: 9"))).status, 400);
});

Deno.test("a client's deadline that passes is not the endpoint's fault; the gateway's own is", async () => {
  for (const [ask, blamed] of [["x-wait: 1", 0], ["x-other: 1", 1]] as const) {
    const clock = new FakeClock();
    await using slow = await hanging();
    await using gateway = gatewayTo([slow.url], clock, {
      settings: {
        timeouts: { total: "2s", deadlineHeader: "x-wait" },
        circuitBreaker: { consecutiveFailures: 1 },
      },
    });
    let opened = 0;
    gateway.gateway.events.on("breaker.changed", () => opened++);
    await using pending = await Pending.send(gateway, get(ask));
    await slow.request();
    await passes(clock, 2_050);
    assert.equal((await pending.response).status, 504);
    assert.equal(opened, blamed);
  }
});

Deno.test("a request whose deadline has passed before it came is not sent", async () => {
  const clock = new FakeClock();
  await using origin = await answering(200);
  await using gateway = gatewayTo([origin.url], clock, { settings: { timeouts: { deadlineHeader: "x-wait" } } });
  assert.equal((await ask(gateway, get("x-wait: 0"))).status, 504);
  assert.deepEqual([origin.requests.length, clock.now()], [0, 0]);
});
