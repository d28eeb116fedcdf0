import { strict as assert } from "node:assert";
import { definePolicy } from "gatewright";
import { compress } from "../../../src/policies/shape/compress.ts";
import { transform } from "../../../src/policies/shape/transform.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { passUntil, until } from "../../support/until.ts";
import { chunk, chunkedHead, ENGINES, gatewayTo, get, post, request } from "../../upstreams/traffic_bed.ts";

const JSON_TYPE = "content-type: application/json";

for (const engine of ENGINES) {
  Deno.test(`${engine}: transform() maps both ways with lengths that fit, and the connection goes on`, async () => {
    await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
      await request.send(answer(200, await request.text(), JSON_TYPE));
    });
    const policy = transform({ request: { body: { sent: "{body:}" } }, response: { body: { got: "{body:/sent}" } } });
    await using gateway = gatewayTo([origin.url], new FakeClock(), {
      route: { policies: [policy] },
      listen: { engine },
    });
    await using client = await gateway.connect();
    for (
      const text of [
        post('{"a":1}', JSON_TYPE),
        `${chunkedHead("POST", JSON_TYPE)}${chunk('{"a"')}${chunk(":1}")}0\r\n\r\n`,
      ]
    ) {
      const response = await client.exchange(text);
      assert.equal(response.text, '{"got":{"a":1}}');
      assert.equal(response.header("content-length"), "15");
    }
    assert.equal((await client.exchange(post("{]", JSON_TYPE))).status, 400);
    assert.deepEqual(origin.requests.map(({ head }) => head.header("content-length")), ["16", "16"]);
    const head = await client.exchange(request("HEAD", "/"));
    assert.equal(head.header("content-length"), null);
  });

  Deno.test(`${engine}: transform() inside of compress() sees the upstream's answer as it is`, async () => {
    await using origin = await ScriptedOrigin.start(answer(200, JSON.stringify({ text: "x".repeat(5000) }), JSON_TYPE));
    const policies = [compress(), transform({ response: { body: (value: { text: string }) => [value.text] } })];
    await using gateway = gatewayTo([origin.url], new FakeClock(), { route: { policies }, listen: { engine } });
    await using client = await gateway.connect();
    const response = await client.exchange(get("accept-encoding: gzip", "range: bytes=0-9"));
    assert.equal(response.header("content-encoding"), "gzip");
    assert.deepEqual([origin.requests[0].header("accept-encoding"), origin.requests[0].header("range")], [
      "identity",
      null,
    ]);
  });

  Deno.test(`${engine}: transform() refuses a body that is too long, said or not`, async () => {
    await using origin = await ScriptedOrigin.start(answer(200));
    const policy = transform({ request: { body: "{body:}", maxBody: 10 } });
    await using gateway = gatewayTo([origin.url], new FakeClock(), {
      route: { policies: [policy] },
      listen: { engine },
    });
    for (
      const text of [
        post("x".repeat(11), JSON_TYPE),
        chunkedHead("POST", JSON_TYPE) + chunk("x".repeat(11)) + "0\r\n\r\n",
      ]
    ) {
      await using client = await gateway.connect();
      await client.send(text);
      assert.equal((await client.response("POST")).status, 413);
    }
    assert.equal(origin.requests.length, 0);
  });

  Deno.test(`${engine}: transform() gives the upstream up when the client leaves`, async () => {
    const clock = new FakeClock(), gone = Promise.withResolvers<void>();
    let answered = false;
    await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
      await request.send(`HTTP/1.1 200 OK\r\n${JSON_TYPE}\r\ncontent-length: 100\r\n\r\n[1`);
      await request.connection.gone();
      gone.resolve();
    });
    const watching = definePolicy({
      name: "watching",
      async handle(_, next) {
        const reply = await next();
        answered = true;
        return reply;
      },
    });
    const policies = [transform({ response: { body: "{body:}" } }), watching];
    await using gateway = gatewayTo([origin.url], clock, { route: { policies }, listen: { engine } });
    await using client = await gateway.connect();
    await client.send(get());
    await until(() => answered, "the beginning of the answer");
    await client.reset();
    const before = clock.now();
    await passUntil(clock, gone.promise, 10);
    assert.ok(clock.now() - before < 10_000, "the endpoint's own limits must not be what ends it");
    await passUntil(clock, gateway.event(), 10);
    assert.equal(gateway.completed[0].status, 499);
    assert.deepEqual(gateway.log, []);
  });
}
