import { strict as assert } from "node:assert";
import { validate } from "../../../src/policies/validate/validate.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { until } from "../../support/until.ts";
import { ask, chunk, chunkedHead, ENGINES, gatewayTo, get, post } from "../../upstreams/traffic_bed.ts";

const JSON_TYPE = "content-type: application/json";
const BODY = { type: "object", required: ["name"], properties: { name: { type: "string" } } };

for (const engine of ENGINES) {
  Deno.test(`${engine}: validate() passes good bodies on byte for byte and refuses others, on one connection`, async () => {
    await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
      await request.send(answer(200, await request.text()));
    });
    await using gateway = gatewayTo([origin.url], new FakeClock(), {
      route: { policies: [validate({ body: BODY })] },
      listen: { engine },
    });
    await using client = await gateway.connect();
    const good = '{ "name" : "a\\u0062" }';
    const chunked = `${chunkedHead("POST", JSON_TYPE)}${chunk(good.slice(0, 9))}${chunk(good.slice(9))}0\r\n\r\n`;
    for (const text of [post(good, JSON_TYPE), chunked]) assert.equal((await client.exchange(text)).text, good);
    const bad = await client.exchange(post('{"name":1}', JSON_TYPE));
    assert.equal(bad.status, 422);
    assert.equal(bad.header("content-type"), "application/problem+json");
    assert.deepEqual(JSON.parse(bad.text).errors, [{ in: "body", pointer: "/name", message: "must be string" }]);
    assert.equal((await client.exchange(post(good, JSON_TYPE))).status, 200, "the connection goes on");
    assert.equal(origin.requests.length, 3);
    assert.deepEqual(gateway.completed.map(({ error }) => error), ["", "", "validation_failed", ""]);
  });

  Deno.test(`${engine}: validate() refuses a long body before it has come`, async () => {
    await using origin = await ScriptedOrigin.start(answer(200));
    const policy = validate({ body: BODY, maxBody: "1KiB" });
    await using gateway = gatewayTo([origin.url], new FakeClock(), {
      route: { policies: [policy] },
      listen: { engine },
    });
    await using client = await gateway.connect();
    await client.send(`POST / HTTP/1.1\r\nhost: a\r\n${JSON_TYPE}\r\ncontent-length: 1000000\r\n\r\n`);
    assert.equal((await client.response("POST")).status, 413);
    assert.equal(origin.requests.length, 0);
  });

  Deno.test(`${engine}: validate() reports an answer when it is through, and changes nothing of it`, async () => {
    const rest = Promise.withResolvers<void>(), clock = new FakeClock();
    await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
      await request.send(`HTTP/1.1 200 OK\r\n${JSON_TYPE}\r\ncontent-length: 10\r\n\r\n{"nam`);
      await rest.promise;
      await request.send('e":1}');
    });
    await using gateway = gatewayTo([origin.url], clock, {
      route: { policies: [validate({ response: { body: BODY } })] },
      listen: { engine },
    });
    await using client = await gateway.connect();
    await client.send(get());
    await client.takeUntil('{"nam');
    rest.resolve();
    await client.takeUntil('e":1}');
    await until(() => gateway.completed.length === 1);
    await clock.pass(200);
    await until(() => gateway.log.some(({ message }) => message === "an answer is not what is described for it"));
    const fields = gateway.log.find(({ message }) => message.startsWith("an answer is not"))?.fields;
    assert.deepEqual([fields?.status, fields?.errors], [200, ["/name must be string"]]);
  });

  Deno.test(`${engine}: validate() makes numbers of the path's parameters`, async () => {
    await using origin = await ScriptedOrigin.start(answer(200, "ok"));
    const policy = validate({ params: { properties: { id: { type: "integer" } } } });
    await using gateway = gatewayTo([origin.url], new FakeClock(), {
      route: { path: "/users/:id", policies: [policy] },
      listen: { engine },
    });
    for (const [id, status] of [["7", 200], ["x", 422], ["%37", 200]] as const) {
      assert.equal((await ask(gateway, get().replace("GET / ", `GET /users/${id} `))).status, status, id);
    }
  });
}
