import { strict as assert } from "node:assert";
import { defineGateway, type Policy, rateLimit } from "gatewright";
import { FakeClock } from "../../support/fake_clock.ts";
import { answer, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { TestGateway } from "../../support/test_gateway.ts";
import { passUntil } from "../../support/until.ts";
import {
  ask,
  begin,
  chunk,
  chunkedHead,
  ENGINES,
  gatewayTo as bedGatewayTo,
  get,
  Pending,
  post,
  request,
} from "../../upstreams/traffic_bed.ts";

function gatewayTo(origin: ScriptedOrigin, clock: FakeClock, engine: "h1" | "serve", policy: Policy): TestGateway {
  const config = defineGateway({
    trustedProxies: ["127.0.0.1"],
    upstreams: { o: { endpoints: [origin.url as "http://x"] } },
    policies: [policy],
    routes: [{ path: "/api/*", upstream: "o" }, { path: "/", respond: { body: "hello" } }],
  });
  return TestGateway.start(config, { clock, random: () => 0 }, { engine });
}

for (const engine of ENGINES) {
  Deno.test(`${engine}: rateLimit() counts the client that a trusted proxy names, over connections and routes`, async () => {
    const clock = new FakeClock();
    await using origin = await ScriptedOrigin.start(answer(200, "yes"));
    await using gateway = gatewayTo(origin, clock, engine, rateLimit({ limit: 3, per: "1m" }));
    const paths = ["/api/a", "/", "/nothing", "/api/b"], statuses: number[] = [];
    for (const path of paths) {
      statuses.push((await ask(gateway, request("GET", path, ["x-forwarded-for: 203.0.113.9"]))).status);
    }
    assert.deepEqual(statuses, [200, 200, 404, 429]);
    assert.equal((await ask(gateway, request("GET", "/api/a", ["x-forwarded-for: 203.0.113.8"]))).status, 200);
    assert.equal(origin.requests.length, 2);
    const refused = await gateway.event(3);
    assert.deepEqual([refused.status, refused.error, refused.limit], [429, "rate_limited", "refused"]);
  });

  Deno.test(`${engine}: rateLimit() tells its limits on every answer, and when to come back on a 429`, async () => {
    const clock = new FakeClock();
    await using origin = await ScriptedOrigin.start(answer(200, "yes"));
    await using gateway = gatewayTo(origin, clock, engine, rateLimit({ limit: 1, per: "1m", headers: "both" }));
    await using client = await gateway.connect();
    const passed = await client.exchange(request("GET", "/api/a"));
    assert.equal(passed.header("ratelimit"), '"1-per-1m";r=0;t=60');
    assert.equal(passed.header("ratelimit-policy"), '"1-per-1m";q=1;w=60');
    assert.equal(passed.header("x-ratelimit-limit"), "1");
    const refused = await client.exchange(get());
    assert.deepEqual([refused.status, refused.header("retry-after")], [429, "60"]);
    clock.advance(60_000);
    assert.equal((await client.exchange(get())).status, 200, "over the same connection");
  });

  Deno.test(`${engine}: rateLimit() reads a field of an upload's form, and the upload goes on whole`, async () => {
    const clock = new FakeClock();
    await using origin = await ScriptedOrigin.start([answer(200, "yes")]);
    await using gateway = gatewayTo(origin, clock, engine, rateLimit({ limit: 1, per: "1m", key: "form:user" }));
    const type = "content-type: multipart/form-data; boundary=b";
    const field = '--b\r\ncontent-disposition: form-data; name="user"\r\n\r\nann\r\n';
    const file = '--b\r\ncontent-disposition: form-data; name="f"; filename="f"\r\n\r\n' + "x".repeat(100_000);
    const body = `${field}${file}\r\n--b--\r\n`;
    await using client = await gateway.connect();
    await client.send(chunkedHead("POST", type).replace(" / ", " /api/a "));
    await client.send(chunk(field));
    await client.send(chunk(file));
    const arrived = await origin.request();
    await client.send(chunk("\r\n--b--\r\n") + "0\r\n\r\n");
    assert.equal((await client.response("POST")).status, 200);
    assert.equal(await arrived.text(), body);
    const again = await ask(gateway, request("POST", "/api/a", [type], `${field}--b--\r\n`));
    assert.deepEqual([again.status, origin.requests.length], [429, 1]);
  });

  Deno.test(`${engine}: rateLimit() knows each of the fields that two policies count by, in whatever pieces they come`, async () => {
    const clock = new FakeClock();
    await using origin = await ScriptedOrigin.start(answer(200, "yes"));
    const policies = ["user", "card"].map((name) => rateLimit({ limit: 1, per: "1m", key: `form:${name}` }));
    await using gateway = bedGatewayTo([origin.url as "http://x"], clock, { route: { policies }, listen: { engine } });
    const type = "content-type: multipart/form-data; boundary=b", head = "--b\r\ncontent-disposition: form-data; name=";
    const statuses: number[] = [];
    for (const [user, card] of [["ann", "1"], ["bob", "2"], ["cid", "2"]]) {
      await using client = await gateway.connect();
      await client.send(chunkedHead("POST", type) + chunk(`${head}user\r\n\r\n${user}\r\n--b`));
      await client.send(chunk("\r\n"));
      await client.send(chunk(`${head.slice("--b\r\n".length)}card\r\n\r\n${card}\r\n--b--\r\n`) + "0\r\n\r\n");
      statuses.push((await client.response("POST")).status);
    }
    assert.deepEqual(statuses, [200, 200, 429]);
  });

  Deno.test(`${engine}: rateLimit() waits 10 s for more of a form, and then answers 408`, async () => {
    const clock = new FakeClock();
    await using origin = await ScriptedOrigin.start(answer(200, "yes"));
    const policy = rateLimit({ limit: 1, per: "1m", key: "form:user" });
    await using gateway = bedGatewayTo([origin.url as "http://x"], clock, {
      route: { policies: [policy] },
      listen: { engine },
    });
    const type = "content-type: application/x-www-form-urlencoded";
    await using client = await gateway.connect();
    await begin(gateway, client, chunkedHead("POST", type) + chunk("user=ann"));
    const response = client.response("POST"), asked = clock.now();
    await passUntil(clock, response, 100);
    assert.equal((await response).status, 408);
    assert.equal(Math.floor((clock.now() - asked) / 1000), 10);
    assert.equal((await ask(gateway, post("user=ann", type))).status, 200, "nothing was charged");
  });

  Deno.test(`${engine}: rateLimit() charges nothing to a client that leaves in the middle of its form`, async () => {
    const clock = new FakeClock();
    await using origin = await ScriptedOrigin.start(answer(200, "yes"));
    const policy = rateLimit({ limit: 1, per: "1m", key: "global" });
    const byForm = rateLimit({ limit: 1, per: "1m", key: "form:user" });
    await using gateway = bedGatewayTo([origin.url as "http://x"], clock, {
      route: { policies: [byForm, policy] },
      listen: { engine },
    });
    const type = "content-type: application/x-www-form-urlencoded";
    const client = await gateway.connect();
    await begin(gateway, client, chunkedHead("POST", type) + chunk("user=ann"));
    await client.reset();
    // No time passes: the body says by itself that it broke off.
    assert.equal((await gateway.event()).status, 499);
    assert.equal((await ask(gateway, post("user=ann", type))).status, 200);
    assert.equal(origin.requests.length, 1);
  });

  Deno.test(`${engine}: rateLimit() as a leaky bucket holds requests, and sends none whose client left`, async () => {
    const clock = new FakeClock();
    await using origin = await ScriptedOrigin.start(answer(200, "yes"));
    const policy = rateLimit({ algorithm: "leaky-bucket", limit: 1, per: "1h", maxDelay: "1h", key: "global" });
    await using gateway = bedGatewayTo([origin.url as "http://x"], clock, {
      route: { policies: [policy] },
      listen: { engine },
    });
    assert.equal((await ask(gateway, get())).status, 200);
    const left = await Pending.send(gateway, get());
    await left.client.reset();
    const gone = gateway.event(1);
    // One of the engines looks after its clients from time to time only.
    await passUntil(clock, gone, 100);
    assert.deepEqual([(await gone).status, origin.requests.length], [499, 1]);
    assert.equal((await ask(gateway, get())).status, 429, "its place is not free again");
  });
}

Deno.test("rateLimit() counts routes together whose policies have one id", async () => {
  const policies = [rateLimit({ id: "api", limit: 2, per: "1m" })];
  const own = [rateLimit({ limit: 2, per: "1m" })];
  const config = defineGateway({
    routes: [
      { path: "/a", respond: {}, policies },
      { path: "/b", respond: {}, policies },
      { path: "/c", respond: {}, policies: own },
      { path: "/d", respond: {}, policies: own },
    ],
  });
  await using gateway = TestGateway.start(config, { clock: new FakeClock() });
  const statuses: number[] = [];
  for (const path of ["/a", "/b", "/a", "/c", "/d", "/c", "/d", "/c"]) {
    statuses.push((await ask(gateway, request("GET", path))).status);
  }
  assert.deepEqual(statuses, [200, 200, 429, 200, 200, 200, 200, 429]);
});
