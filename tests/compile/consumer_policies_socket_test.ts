import { strict as assert } from "node:assert";
import { apiKey, cors, defineGateway, definePolicy, optional, rateLimit } from "gatewright";
import { FakeClock } from "../support/fake_clock.ts";
import { TestGateway } from "../support/test_gateway.ts";
import { ask, request } from "../upstreams/traffic_bed.ts";
import { hashOf } from "../policies/auth/api_key_bed.ts";

const KEY = "gw_acme-key-0123456789abcdef", OTHER = "gw_globex-key-0123456789abcdef";
const ORIGIN = "origin: https://app.test";
const perConsumer = rateLimit({ limit: 2, per: "1m", key: "consumer" });

Deno.test("a consumer's policies run where no route is found too, and their problems pass through cors", async () => {
  const config = defineGateway({
    consumers: { acme: { keys: [hashOf(KEY)], policies: [perConsumer] }, globex: { keys: [hashOf(OTHER)] } },
    policies: [cors({ origins: ["https://app.test"] }), apiKey()],
    routes: [{ path: "/a", respond: { body: "a" } }],
  });
  await using gateway = TestGateway.start(config, { clock: new FakeClock(), random: () => 0 });
  const answer = async (path: string, ...fields: string[]) => {
    const reply = await ask(gateway, request("GET", path, [ORIGIN, ...fields]));
    return [reply.status, reply.header("access-control-allow-origin")];
  };
  const key = `x-api-key: ${KEY}`, allowed = "https://app.test";
  assert.deepEqual(await answer("/nowhere"), [401, allowed]);
  assert.deepEqual(await answer("/nowhere", key), [404, allowed]);
  assert.deepEqual(await answer("/a", key), [200, allowed]);
  assert.deepEqual(await answer("/a", key), [429, allowed], "the request that found no route counts as well");
  assert.deepEqual(await answer("/nowhere", key), [429, allowed]);
  for (let i = 0; i < 4; i++) assert.deepEqual(await answer("/a", `x-api-key: ${OTHER}`), [200, allowed]);
});

Deno.test("a consumer's policies run behind a policy of one's own that finds it out", async () => {
  const member = definePolicy({
    name: "member",
    gives: ["consumer"],
    handle(ctx, next) {
      ctx.identity = { consumer: ctx.header("x-member") ?? "nobody" };
      return next();
    },
  });
  const config = defineGateway({
    consumers: { acme: { policies: [perConsumer] } },
    routes: [{ path: "/*", respond: { body: "a" }, policies: [member] }],
  });
  await using gateway = TestGateway.start(config, { clock: new FakeClock(), random: () => 0 });
  const status = async (member: string) => (await ask(gateway, request("GET", "/", [`x-member: ${member}`]))).status;
  assert.deepEqual([await status("acme"), await status("acme"), await status("acme")], [200, 200, 429]);
  assert.deepEqual([await status("globex"), await status("globex"), await status("globex")], [200, 200, 200]);
});

Deno.test("one request counts once with its consumer, though both chains ask who it is; another way in counts with it", async () => {
  const config = defineGateway({
    consumers: { acme: { keys: [hashOf(KEY)], policies: [perConsumer] } },
    policies: [optional(apiKey({ keep: true }))],
    routes: [
      { path: "/a", respond: { body: "a" }, policies: [apiKey()] },
      { path: "/b", respond: { body: "b" }, policies: [apiKey({ in: "query:key", keys: { acme: hashOf(OTHER) } })] },
    ],
  });
  await using gateway = TestGateway.start(config, { clock: new FakeClock(), random: () => 0 });
  const status = async (target: string, ...fields: string[]) =>
    (await ask(gateway, request("GET", target, fields))).status;
  const key = `x-api-key: ${KEY}`;
  assert.deepEqual([await status("/a", key), await status(`/b?key=${OTHER}`), await status("/a", key)], [
    200,
    200,
    429,
  ]);
});
