import { strict as assert } from "node:assert";
import { FakeClock } from "../../support/fake_clock.ts";
import { answer, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { chunk, gatewayTo, get, post } from "./setup.ts";

Deno.test("pipelined requests with bodies are answered in order, in however many pieces they come", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.send(answer(200, `${request.method} ${request.target} ${await request.text()}`));
  });
  await using gateway = gatewayTo(origin, { clock: new FakeClock() });
  const requests = [
    post(["content-length: 20"], "GET /x HTTP/1.1\r\n\r\n\r", "/1"),
    get("/2"),
    post(["transfer-encoding: chunked"], chunk("hel") + chunk("lo") + "0\r\nx-a: b\r\n\r\n", "/3"),
    post(["content-length: 0"], "", "/4"),
    post(["content-length: 70000"], "z".repeat(70_000), "/5"),
    get("/6"),
  ];
  const expected = [
    "POST /1 GET /x HTTP/1.1\r\n\r\n\r",
    "GET /2 ",
    "POST /3 hello",
    "POST /4 ",
    `POST /5 ${"z".repeat(70_000)}`,
    "GET /6 ",
  ];
  const all = requests.join(""), cut = (size: number) => all.match(new RegExp(`.{1,${size}}`, "gs"))!;
  for (const pieces of [[all], requests, cut(7_001), cut(1_013)]) {
    await using client = await gateway.connect();
    await client.sendPieces(pieces);
    for (const text of expected) assert.equal((await client.response("POST")).text, text);
  }
});

Deno.test("a second request waits for the first one's answer, and the origin does not see it before", async () => {
  const go = Promise.withResolvers<void>();
  await using origin = await ScriptedOrigin.start(async (request) => {
    if (request.target === "/1") await go.promise;
    await request.send(answer(200, request.target));
  });
  await using gateway = gatewayTo(origin, { clock: new FakeClock() });
  await using client = await gateway.connect();
  await using other = await gateway.connect();
  await client.send(get("/1") + get("/2"));
  await origin.request();
  assert.equal((await other.exchange(get("/other"))).text, "/other", "other connections do not wait");
  assert.deepEqual(origin.requests.map(({ target }) => target), ["/1", "/other"]);
  go.resolve();
  assert.deepEqual([(await client.response()).text, (await client.response()).text], ["/1", "/2"]);
});

Deno.test("what follows a request that is refused is not answered", async () => {
  await using origin = await ScriptedOrigin.start([answer(200, "ok")]);
  await using gateway = gatewayTo(origin, { clock: new FakeClock() });
  await using client = await gateway.connect();
  await client.send(get("/1") + "GET /2 HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n" + get("/3"));
  assert.deepEqual([(await client.response()).status, (await client.response()).status], [200, 400]);
  assert.equal(await client.ended(), "fin");
  assert.equal(client.takeNow().length, 0);
  assert.deepEqual(origin.requests.map(({ target }) => target), ["/1"]);
});
