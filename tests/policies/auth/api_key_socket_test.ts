import { strict as assert } from "node:assert";
import { apiKey, defineGateway, headers, rateLimit, secret } from "gatewright";
import type { SecretValue } from "../../../src/core/secret.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { answer, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { TestGateway } from "../../support/test_gateway.ts";
import { ask, ENGINES, request } from "../../upstreams/traffic_bed.ts";
import { hashOf } from "./api_key_bed.ts";

const ACME = "gw_acme-key-0123456789abcdef", GLOBEX = "gw_globex-key-0123456789abcdef";

for (const engine of ENGINES) {
  Deno.test(`${engine}: apiKey() sends a consumer's requests on without its key, behind the consumer's own policies`, async () => {
    const clock = new FakeClock();
    await using origin = await ScriptedOrigin.start(answer(200, "yes"));
    const config = defineGateway({
      upstreams: { o: { endpoints: [origin.url as "http://x"] } },
      consumers: {
        acme: {
          groups: ["gold"],
          keys: [hashOf(ACME)],
          policies: [
            rateLimit({ limit: 2, per: "1m", key: "consumer" }),
            headers({ request: { set: { "x-consumer": "{consumer}" } } }),
          ],
        },
        globex: { keys: [hashOf(GLOBEX)] },
      },
      policies: [apiKey({ in: ["header:x-api-key", "query:key", "cookie:key"] })],
      routes: [{ path: "/a", upstream: "o" }, { path: "/b", upstream: "o" }],
    });
    await using gateway = TestGateway.start(config, { clock, random: () => 0 }, { engine });

    const first = await ask(
      gateway,
      request("GET", "/a?x=1&key=bad&y=%20", [`x-api-key: ${ACME}`, "cookie: a=1; key=b"]),
    );
    assert.equal(first.status, 200);
    const sent = await origin.request(0);
    assert.deepEqual(
      [sent.target, sent.header("x-api-key"), sent.header("cookie"), sent.header("x-consumer")],
      ["/a?x=1&y=%20", null, "a=1", "acme"],
    );
    assert.equal((await ask(gateway, request("GET", `/b?key=${ACME}`))).status, 200);
    assert.deepEqual((await origin.request(1)).target, "/b");
    const limited = await ask(gateway, request("GET", "/b", [`x-api-key: ${ACME}`]));
    assert.equal(limited.status, 429, "both routes count together");
    assert.equal((await ask(gateway, request("GET", "/b", [`cookie: key=${GLOBEX}`]))).status, 200);
    assert.equal((await origin.request(2)).header("x-consumer"), null);

    const missing = await ask(gateway, request("GET", "/a"));
    assert.deepEqual([missing.status, missing.header("www-authenticate")], [401, 'ApiKey realm="gateway"']);
    assert.equal((await ask(gateway, request("GET", "/a", ["x-api-key: bad"]))).status, 401);
    const events = [await gateway.event(0), await gateway.event(4), await gateway.event(5)];
    assert.deepEqual(events.map(({ auth, identity, reason }) => [auth, identity, reason]), [
      ["passed", "acme", ""],
      ["absent", "", "there is no key"],
      ["invalid", "", "the key is not known"],
    ]);
    for (const key of [ACME, GLOBEX]) {
      assert.ok(!JSON.stringify([gateway.completed, gateway.log, gateway.gateway.plan]).includes(key));
    }
  });
}

Deno.test("apiKey() follows its file while requests come", async () => {
  const clock = new FakeClock();
  let file: SecretValue = { value: `${hashOf(ACME)} acme` };
  const config = defineGateway({
    policies: [apiKey({ file: secret.file("keys.txt"), reload: "1s" })],
    routes: [{ path: "/", respond: { body: "hello" } }],
  });
  await using gateway = TestGateway.start(config, { clock, random: () => 0, secrets: () => file });
  const status = async (key: string) => (await ask(gateway, request("GET", "/", [`x-api-key: ${key}`]))).status;
  assert.deepEqual([await status(ACME), await status(GLOBEX)], [200, 401]);
  file = { value: `${hashOf(GLOBEX)} globex` };
  await clock.pass(1_000);
  assert.deepEqual([await status(ACME), await status(GLOBEX)], [401, 200]);
});
