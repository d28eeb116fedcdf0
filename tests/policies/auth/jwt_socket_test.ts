import { strict as assert } from "node:assert";
import { defineGateway } from "../../../src/config/define_gateway.ts";
import { jwt, type JwtOptions } from "../../../src/policies/auth/jwt.ts";
import { optional } from "../../../src/policies/auth/optional.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { OidcProvider, type ProviderMood } from "../../support/oidc_provider.ts";
import { answer, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { TestGateway } from "../../support/test_gateway.ts";
import { passUntil, until } from "../../support/until.ts";

type Options = Partial<JwtOptions>;

/** A gateway whose only route needs a token of this provider. */
function gatewayOf(
  provider: OidcProvider,
  origin: ScriptedOrigin,
  clock: FakeClock,
  options: Options = {},
  engine: "h1" | "serve" = "h1",
) {
  const { issuer, jwks } = provider;
  const policy = jwt({ issuer, audience: "api", ...options.discovery === undefined ? { jwks } : {}, ...options });
  const routes = [{ path: "/*", upstream: origin.url as "http://x", policies: [policy] }] as const;
  return TestGateway.start(defineGateway({ routes }), { clock, random: () => 0.5 }, { engine });
}

/** The status, and why it is what it is. */
async function ask(gateway: TestGateway, token: string, headers: Record<string, string> = {}): Promise<string> {
  const before = gateway.completed.length;
  const response = await fetch(`${gateway.url}/a`, { headers: { authorization: `Bearer ${token}`, ...headers } });
  await response.body?.cancel();
  const { reason } = await gateway.event(before);
  return reason === "" ? String(response.status) : `${response.status} ${reason}`;
}

const UNKNOWN = "401 there is no key of the token's kid and alg";
const NO_KEYS = "503 there are no keys to check the token with";

for (const engine of ["h1", "serve"] as const) {
  Deno.test(`${engine}: jwt() finds a provider's keys, and tells the upstream who asks`, async () => {
    const clock = new FakeClock();
    await using origin = await ScriptedOrigin.start(answer(200, "hello"));
    await using provider = await OidcProvider.start();
    const options: Options = { discovery: true, claims: { "x-user-id": "sub" }, keep: false };
    await using gateway = gatewayOf(provider, origin, clock, options, engine);
    assert.equal(await ask(gateway, await provider.token(clock.wall()), { "x-user-id": "root" }), "200");
    const { head } = await origin.request(0);
    assert.deepEqual([head.header("x-user-id"), head.header("authorization")], ["ann", null]);
    assert.deepEqual(provider.asked, ["/.well-known/openid-configuration", "/keys"]);
    assert.equal((await gateway.event(0)).identity, "ann");
    const token = await provider.token(clock.wall(), { aud: "other" });
    assert.equal(await ask(gateway, token), "401 the token is for another audience");
    assert.equal(JSON.stringify([gateway.log, gateway.completed]).includes(token), false);
  });
}

Deno.test("jwt() follows a provider that rotates its keys", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start(answer(200));
  await using provider = await OidcProvider.start();
  await using gateway = gatewayOf(provider, origin, clock);
  const old = await provider.token(clock.wall());
  assert.equal(await ask(gateway, old), "200");
  await provider.rotate("EdDSA");
  const young = await provider.token(clock.wall());
  assert.equal(await ask(gateway, young), UNKNOWN, "the keys were fetched just now");
  clock.advance(30_000);
  assert.equal(await ask(gateway, young), "200");
  assert.equal(await ask(gateway, old), "200");
  provider.withdraw();
  clock.advance(599_900);
  await passUntil(clock, until(() => provider.asked.length === 3, "the next fetch"), 50);
  await until(() => gateway.log.some(({ message }) => message === "keys of an issuer were withdrawn"));
  assert.equal(await ask(gateway, old), UNKNOWN);
  assert.equal(await ask(gateway, young), "200");
});

Deno.test("jwt() gets along without a provider that dies, and learns its new keys when it is back", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start(answer(200));
  await using provider = await OidcProvider.start();
  await using gateway = gatewayOf(provider, origin, clock, { cache: false });
  const old = await provider.token(clock.wall());
  assert.equal(await ask(gateway, old), "200");
  await provider.die();
  await provider.rotate();
  const young = await provider.token(clock.wall());
  clock.advance(30_000);
  const asked = ask(gateway, young);
  await passUntil(clock, asked, 50);
  assert.equal(await asked, NO_KEYS);
  assert.equal(await ask(gateway, old), "200");
  await provider.rise();
  await passUntil(clock, until(() => provider.asked.length === 2, "the next fetch"), 500);
  assert.equal(await ask(gateway, young), "200");
});

Deno.test("jwt() starts without its provider, and answers 503 until it is there", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start(answer(200));
  await using provider = await OidcProvider.start();
  await provider.die();
  await using gateway = gatewayOf(provider, origin, clock);
  const token = await provider.token(clock.wall()), early = ask(gateway, token);
  await passUntil(clock, early, 50);
  assert.equal(await early, NO_KEYS);
  await provider.rise();
  await passUntil(clock, until(() => provider.asked.length > 0, "a fetch"), 200);
  const late = ask(gateway, token);
  await passUntil(clock, late, 50);
  assert.equal(await late, "200");
});

const MOODS: readonly ProviderMood[] = ["failing", "garbage", "endless", "silent", "redirecting"];

for (const mood of MOODS) {
  Deno.test(`jwt() keeps its keys while the provider is ${mood}`, async () => {
    const clock = new FakeClock();
    await using origin = await ScriptedOrigin.start(answer(200));
    await using provider = await OidcProvider.start();
    await using gateway = gatewayOf(provider, origin, clock, { cache: false, provider: { timeout: "1s" } });
    const old = await provider.token(clock.wall());
    assert.equal(await ask(gateway, old), "200");
    provider.mood = mood;
    await provider.rotate();
    clock.advance(30_000);
    const asked = ask(gateway, await provider.token(clock.wall()));
    await passUntil(clock, asked, 50);
    assert.equal(await asked, NO_KEYS);
    assert.equal(await ask(gateway, old), "200");
    assert.deepEqual(provider.asked.filter((path) => path !== "/keys"), []);
    provider.mood = "well";
  });
}

for (const mood of ["zipping", "chunking"] as const) {
  Deno.test(`jwt() reads the keys of a provider that is ${mood}`, async () => {
    const clock = new FakeClock();
    await using origin = await ScriptedOrigin.start(answer(200));
    await using provider = await OidcProvider.start();
    provider.mood = mood;
    await using gateway = gatewayOf(provider, origin, clock, { discovery: true });
    assert.equal(await ask(gateway, await provider.token(clock.wall())), "200");
  });
}

Deno.test("jwt() leaves nothing behind when the gateway stops while a provider is silent", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start(answer(200));
  await using provider = await OidcProvider.start();
  provider.mood = "silent";
  const gateway = gatewayOf(provider, origin, clock);
  await until(() => provider.asked.length === 1, "the first fetch");
  const stopped = gateway.gateway.stop();
  await passUntil(clock, stopped, 10);
  await clock.pass(60_000);
  assert.equal(provider.asked.length, 1);
  assert.equal(clock.pending, 0);
  assert.deepEqual(gateway.log, []);
});

Deno.test("jwt() checks whoever asks in whatever way: HEAD, OPTIONS, an upgrade", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start(async (request) => {
    const switching = "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";
    await request.send(request.header("upgrade") === null ? answer(204) : switching);
  });
  await using provider = await OidcProvider.start();
  await using gateway = gatewayOf(provider, origin, clock, { in: ["header:authorization", "query:t"] });
  const token = await provider.token(clock.wall());
  const upgrade = "Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  for (const [method, fields, status] of [["HEAD", "", 204], ["OPTIONS", "", 204], ["GET", upgrade, 101]] as const) {
    const asked = async (target: string, authorization = "") => {
      await using client = await gateway.connect();
      await client.send(`${method} ${target} HTTP/1.1\r\nHost: a\r\n${authorization}${fields}\r\n`);
      return await client.takeUntil("\r\n\r\n");
    };
    for (
      const refused of [await asked("/a"), await asked("/a?t=a.b.c"), await asked("/a", "Authorization: Bearer x\r\n")]
    ) {
      assert.match(refused, /^HTTP\/1.1 401 [^]*\r\nwww-authenticate: Bearer realm="gateway"/, method);
    }
    assert.equal(origin.requests.length, 0, method);
    assert.match(await asked(`/a?t=${token}`), new RegExp(`^HTTP/1.1 ${status} `), method);
    assert.match(await asked("/a", `Authorization: Bearer ${token}\r\n`), new RegExp(`^HTTP/1.1 ${status} `), method);
    origin.requests.splice(0);
  }
});

Deno.test("jwt() lets nobody but itself tell the upstream of claims, by whatever spelling", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start(answer(200));
  await using provider = await OidcProvider.start();
  const { issuer, jwks } = provider;
  const policy = optional(jwt({ issuer, audience: "api", jwks, claims: { "x-user-id": "sub", "x-tier": "tier" } }));
  const routes = [{ path: "/*", upstream: origin.url as "http://x", policies: [policy] }] as const;
  // Whatever a proxy that is trusted has not removed itself.
  await using gateway = TestGateway.start(defineGateway({ trustedProxies: ["127.0.0.1"], routes }), { clock });
  const token = await provider.token(clock.wall());
  const told = async (fields: string) => {
    const index = origin.requests.length;
    await using client = await gateway.connect();
    await client.send(`GET /a HTTP/1.1\r\nHost: a\r\n${fields}\r\n\r\n`);
    const head = await client.takeUntil("\r\n\r\n");
    if (!head.startsWith("HTTP/1.1 200 ")) return head.slice(9, 12);
    const { headers } = (await origin.request(index)).head;
    return headers.filter(([name]) => /^x.(?:user|tier)/i.test(name)).flat();
  };
  const forged =
    "X-User-Id: root\r\nx-user-id: root\r\nX_USER_ID: root\r\nx_user-id: root\r\nx-user_id: root\r\nx_tier: gold";
  assert.deepEqual(await told(forged), []);
  assert.deepEqual(await told(`${forged}\r\nAuthorization: Basic YTpi`), []);
  assert.deepEqual(await told(`${forged}\r\nAuthorization: Bearer ${token}`), ["x-user-id", "ann"]);
  assert.deepEqual(await told(`Connection: x-user-id\r\nAuthorization: Bearer ${token}`), ["x-user-id", "ann"]);
  for (const bad of ["Bearer x", "Bearer\tx.y.z", "Bearer a.b.c", "bearer", "Basic YTpi, Bearer x"]) {
    assert.equal(await told(`Authorization: ${bad}`), "401", bad);
  }
});

Deno.test("jwt() refuses what only a raw client sends", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start(answer(200));
  await using provider = await OidcProvider.start();
  await using gateway = gatewayOf(provider, origin, clock, { in: ["header:authorization", "cookie:t"] });
  const token = await provider.token(clock.wall());
  const cases: [fields: string, status: number][] = [
    [`Authorization: Bearer ${token}`, 200],
    [`AUTHORIZATION:bearer   ${token}  `, 200],
    [`Authorization: Bearer ${token}\r\nAuthorization: Bearer ${token}`, 401],
    [`Authorization: Bearer ${token}\r\nauthorization: Basic YTpi`, 401],
    [`Authorization: Bearer ${token}\r\nCookie: t=${token}`, 401],
    [`Cookie: t=${token}\r\nCookie: t=${token}`, 401],
    ["Authorization: Bearer \xff\xfe", 401],
    [`Authorization: Bearer ${token.replaceAll(".", ",")}`, 401],
    ["Authorization:", 401],
  ];
  for (const [fields, status] of cases) {
    await using client = await gateway.connect();
    await client.send(`GET /a HTTP/1.1\r\nHost: a\r\n${fields}\r\n\r\n`);
    assert.match(await client.takeUntil("\r\n\r\n"), new RegExp(`^HTTP/1.1 ${status} `), fields);
  }
});
