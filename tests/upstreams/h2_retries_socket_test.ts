import { strict as assert } from "node:assert";
import type { UpstreamConfig } from "../../src/config/types/upstream.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { passUntil, until } from "../support/until.ts";
import { H2Origin, type H2Request } from "../transport/fetch_origin.ts";
import {
  ask,
  type BedGateway,
  chunk,
  chunkedHead,
  gatewayTo,
  get,
  Pending,
  post,
  request,
  settle,
} from "./traffic_bed.ts";

function gatewayH2(
  origins: readonly H2Origin[],
  clock: FakeClock,
  settings: Partial<UpstreamConfig> = {},
): BedGateway {
  return gatewayTo(origins.map(({ url }) => url), clock, { settings: { protocol: "h2", ...settings } });
}

const hanging = () => H2Origin.start(() => {});
const answering = (status: number, body = "") => H2Origin.start((request) => request.answer(status, {}, body));
const reset = (request: H2Request) => request.stream.close(2);

for (const [what, does] of [["answers 503", (r: H2Request) => r.answer(503)], ["resets the stream", reset]] as const) {
  Deno.test(`h2: an endpoint that ${what}: what may be repeated is, with its body`, async () => {
    await using bad = await H2Origin.start(does);
    await using good = await answering(200, "good");
    await using gateway = gatewayH2([bad, good], new FakeClock());
    assert.equal((await ask(gateway, get())).text, "good");
    await using client = await gateway.connect();
    await client.send(chunkedHead("PUT") + chunk("one"));
    await settle();
    await client.send(chunk("two") + "0\r\n\r\n");
    const response = await client.response("PUT");
    assert.equal(response.text, "good");
    assert.equal(good.requests.at(-1)?.body, "onetwo");
  });

  Deno.test(`h2: an endpoint that ${what}: a POST is not sent twice`, async () => {
    await using bad = await H2Origin.start(does);
    await using good = await answering(200, "good");
    await using gateway = gatewayH2([bad, good], new FakeClock());
    assert.ok((await ask(gateway, post("pay"))).status >= 502);
    assert.equal(good.requests.length, 0);
  });
}

Deno.test("h2: timeouts.attempt cancels the stream, and another endpoint is asked", async () => {
  const clock = new FakeClock();
  await using slow = await hanging();
  await using good = await answering(200, "good");
  await using gateway = gatewayH2([slow, good], clock, { timeouts: { attempt: "1s" } });
  await using pending = await Pending.send(gateway, get());
  await slow.request();
  await settle();
  clock.advance(1_050);
  assert.equal((await pending.response).text, "good");
  await until(() => slow.requests[0].closed);
});

Deno.test("h2: the loser of two is cancelled and not blamed", async () => {
  const clock = new FakeClock();
  await using slow = await hanging();
  await using good = await answering(200, "good");
  await using gateway = gatewayH2([slow, good], clock, {
    hedge: { after: "100ms" },
    circuitBreaker: { failureThreshold: 1 },
  });
  let opened = 0;
  gateway.gateway.events.on("breaker.changed", () => opened++);
  await using pending = await Pending.send(gateway, get());
  await slow.request();
  await settle();
  clock.advance(100);
  assert.equal((await pending.response).text, "good");
  await until(() => slow.requests[0].closed);
  assert.equal(opened, 0);
});

Deno.test("h2: timeouts.total in the middle of a body breaks it off", async () => {
  const clock = new FakeClock();
  await using origin = await H2Origin.start(({ stream }) => {
    stream.respond({ ":status": 200 });
    stream.write("hello");
  });
  await using gateway = gatewayH2([origin], clock, { timeouts: { total: "2s" } });
  await using client = await gateway.connect();
  await client.send(get());
  await client.takeUntil("hello");
  await settle();
  clock.advance(2_050);
  await client.ended();
  assert.doesNotMatch(client.receivedText, /\r\n0\r\n\r\n$/);
  await until(() => origin.requests[0].closed);
  assert.equal((await gateway.event()).error, "upstream_body_timeout");
});

Deno.test("h2: places are free again after answers, failures, and clients that left", async () => {
  const clock = new FakeClock();
  await using origin = await H2Origin.start((request) => {
    const [how] = request.all("x-how");
    if (how === "hang") return;
    if (how === "reset") return reset(request);
    if (how === "cut") {
      request.stream.respond({ ":status": 200 });
      request.stream.write("half");
      setTimeout(() => reset(request), 0);
      return;
    }
    request.answer(200, {}, "ok");
  });
  await using gateway = gatewayH2([origin], clock, {
    maxInFlight: { total: 1, perEndpoint: 1, queue: 0 },
    retry: false,
  });
  for (const [i, how] of ["ok", "reset", "cut", "hang", "ok"].entries()) {
    const client = await gateway.connect();
    await client.send(request("GET", "/", [`x-how: ${how}`]));
    await origin.request(i);
    if (how === "hang") await client.reset();
    await passUntil(clock, gateway.event(i), 10);
    assert.notEqual((await gateway.event(i)).error, "upstream_overloaded", how);
    await client.close();
  }
});
