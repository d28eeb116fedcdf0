import { strict as assert } from "node:assert";
import fc from "fast-check";
import { type Consumers, NO_CONSUMERS } from "../../../src/core/consumers.ts";
import { anyOf } from "../../../src/policies/auth/any_of.ts";
import { through } from "./identity_bed.ts";
import { ApiKeyBed, hashOf } from "./api_key_bed.ts";
import { Buffer } from "node:buffer";
import { AuthRefusal } from "../../../src/policies/auth/auth_refusal.ts";
import { apiKey, apiKeyDefinition, type ApiKeyOptions } from "../../../src/policies/auth/api_key.ts";
import { apiKeySchema } from "../../../src/policies/auth/api_key_schema.ts";
import { makeEnv, makeExchange, readText } from "../../support/exchange.ts";

const KEY = "gw_WbD0ZkYyA2nUTWbJcuMNXq6aBmiZJk6sCQSG7XFFQ0s", OTHER = "gw_other";
const ACME = { name: "acme", groups: ["gold"] };
const consumers: Consumers = {
  ...NO_CONSUMERS,
  ofKey: (hash) => `sha256:${hash}` === hashOf(KEY) ? ACME : undefined,
  named: (name) => name === "acme" ? ACME : undefined,
};

Deno.test("apiKey() lets a known key pass and says whose it is", async () => {
  const bed = new ApiKeyBed({ keys: [{ hash: hashOf(KEY), consumer: "acme", groups: ["a"] }] });
  const { status, exchange } = await bed.key(KEY);
  assert.equal(status, 200);
  assert.deepEqual(exchange.identity, { method: "apiKey", consumer: "acme", groups: ["a"] });
  assert.deepEqual([exchange.credentialed, exchange.auth], [true, "passed"]);
});

Deno.test("apiKey() answers 401 with a challenge: one thing to clients, the reason to the log", async () => {
  const bed = new ApiKeyBed({ keys: [hashOf(KEY)], realm: "orders" });
  const missing = await bed.ask(), bad = await bed.key(OTHER);
  for (const { status, reply, exchange } of [missing, bad]) {
    assert.equal(status, 401);
    assert.deepEqual(reply.headers.getAll("www-authenticate"), ['ApiKey realm="orders"']);
    assert.equal(exchange.credentialed, false);
  }
  assert.equal(JSON.parse(await readText(missing.reply.body)).code, "credential_missing");
  const text = await readText(bad.reply.body);
  assert.equal(JSON.parse(text).code, "credential_invalid");
  assert.deepEqual([missing.exchange.reason, bad.exchange.reason], ["there is no key", "the key is not known"]);
  assert.ok(!text.includes(OTHER) && !text.includes("not known"));
  assert.equal(bed.arrived, 0);
});

Deno.test("apiKey() names the scheme in authorization, and what a bearer token has wrong", async () => {
  const challenges = async (scheme?: string) => {
    const bed = new ApiKeyBed({
      in: "header:authorization",
      keys: [hashOf(KEY)],
      ...scheme === undefined ? {} : { scheme },
    });
    const bad = await bed.ask({ headers: [["authorization", `${scheme ?? "Bearer"} ${OTHER}`]] });
    return [(await bed.ask()).reply, bad.reply].map((reply) => reply.headers.get("www-authenticate"));
  };
  assert.deepEqual(await challenges(), ['Bearer realm="gateway"', 'Bearer realm="gateway", error="invalid_token"']);
  assert.deepEqual(await challenges("Token"), ['Token realm="gateway"', 'Token realm="gateway"']);
});

Deno.test("apiKey() takes the keys of consumers where there are no others, and beside others when told to", async () => {
  const own = { keys: [hashOf(OTHER)] };
  assert.deepEqual((await new ApiKeyBed({}, { consumers }).key(KEY)).exchange.identity, {
    method: "apiKey",
    consumer: "acme",
    groups: ["gold"],
  });
  const statuses = async (bed: ApiKeyBed) => [(await bed.key(KEY)).status, (await bed.key(OTHER)).status];
  assert.deepEqual(await statuses(new ApiKeyBed(own, { consumers })), [401, 200]);
  assert.deepEqual(await statuses(new ApiKeyBed({ ...own, consumers: true }, { consumers })), [200, 200]);
});

Deno.test("apiKey() gives the groups of the config's consumer to a key that names it and has none of its own", async () => {
  const identity = async (keys: ApiKeyOptions["keys"]) =>
    (await new ApiKeyBed({ keys }, { consumers }).key(OTHER)).exchange.identity?.groups;
  assert.deepEqual(await identity({ acme: hashOf(OTHER) }), ["gold"]);
  assert.deepEqual(await identity([{ hash: hashOf(OTHER), consumer: "acme", groups: [] }]), []);
  assert.equal(await identity({ globex: hashOf(OTHER) }), undefined);
});

Deno.test("apiKey() tells keys of nobody's apart by a name that is neither key nor hash", async () => {
  const bed = new ApiKeyBed({ keys: [hashOf(KEY), hashOf(OTHER)] });
  const subjects = [await bed.key(KEY), await bed.key(OTHER)].map(({ exchange }) => exchange.identity?.subject ?? "");
  assert.notEqual(subjects[0], subjects[1]);
  for (const subject of subjects) {
    assert.match(subject, /^key-[0-9a-f]{16}$/);
    for (const key of [KEY, OTHER]) assert.ok(!hashOf(key).includes(subject.slice(4)));
  }
});

Deno.test("apiKey() takes a key until it expires, be it remembered or not", async () => {
  const expires = "2026-01-01T00:10:00Z";
  const bed = new ApiKeyBed({ keys: [{ hash: hashOf(KEY), expires }], failures: false });
  assert.equal((await bed.key(KEY)).status, 200);
  bed.env.clock.advance(10 * 60_000 - 1);
  assert.equal((await bed.key(KEY)).status, 200);
  bed.env.clock.advance(1);
  const late = await bed.key(KEY);
  assert.deepEqual([late.status, late.exchange.reason], [401, "the key has expired"]);
});

Deno.test("apiKey() sees within a minute that the date was put on", async () => {
  const bed = new ApiKeyBed({ keys: [{ hash: hashOf(KEY), expires: "2027-01-01" }] });
  assert.equal((await bed.key(KEY)).status, 200);
  bed.env.clock.setWall(Date.UTC(2027, 0, 1));
  bed.env.clock.advance(60_000);
  assert.equal((await bed.key(KEY)).status, 401);
});

Deno.test("apiKey() looks at no more keys of a client that has shown too many bad ones, save those that were good", async () => {
  const bed = new ApiKeyBed({ keys: [hashOf(KEY), hashOf("gw_third")], failures: { limit: 3, per: "30s" } });
  assert.equal((await bed.key(KEY)).status, 200);
  for (let i = 0; i < 3; i++) assert.equal((await bed.key(OTHER)).status, 401);
  const limited = await bed.key("gw_third");
  assert.deepEqual([limited.status, limited.reply.headers.get("retry-after")], [429, "10"]);
  assert.equal((await bed.key(KEY)).status, 200);
  assert.equal((await bed.ask()).status, 401, "no key at all is no bad key");
  const elsewhere = { client: { ip: "198.51.100.1", peer: "198.51.100.1", trusted: false } };
  assert.equal((await bed.key("gw_third", elsewhere)).status, 200);
  bed.env.clock.advance(10_000);
  assert.equal((await bed.key("gw_third")).status, 200);
});

Deno.test("apiKey() refuses a key twice in its place, and texts that can be no key", async () => {
  const bed = new ApiKeyBed({ keys: [hashOf(KEY)], failures: false });
  const twice = await bed.ask({ headers: [["x-api-key", KEY], ["X-Api-Key", OTHER]] });
  assert.deepEqual([twice.status, twice.exchange.reason], [401, "there is more than one key in one place"]);
  for (
    const bad of [
      "a b",
      "k\u00e4y",
      "\u0000",
      "x".repeat(1025),
      "x".repeat(100_000),
      `${KEY} `,
      `${KEY},`,
      KEY.toLowerCase(),
    ]
  ) {
    assert.equal((await bed.key(bad)).status, 401);
  }
});

Deno.test("apiKey() never takes one of 100000 random keys", () => {
  const env = { ...makeEnv(), consumers };
  const options = apiKeySchema.parse({ keys: [hashOf(OTHER)], consumers: true, failures: false });
  const authenticator = apiKeyDefinition.authenticator(options, env, "r/apiKey");
  const refused = (key: string) =>
    authenticator.check(makeExchange({ headers: [["x-api-key", key]] })) instanceof AuthRefusal;
  // What is nearly a right key is likelier to be taken than anything else.
  const near = fc.tuple(fc.nat(KEY.length), fc.nat(3), fc.string({ maxLength: 3 }))
    .map(([at, cut, text]) => KEY.slice(0, at) + text + KEY.slice(at + cut)).filter((key) => key !== KEY);
  fc.assert(fc.property(fc.oneof(near, fc.string()), refused), { numRuns: 10_000 });
  const bytes = new Uint8Array(32);
  for (let i = 0; i < 90_000; i++) {
    crypto.getRandomValues(bytes);
    if (!refused("gw_" + Buffer.from(bytes).toString("base64url"))) assert.fail("a random key has passed");
  }
  assert.equal(refused(KEY), false);
});

Deno.test("apiKey() in anyOf leaves the key on the request that the chosen member keeps", async () => {
  const keeps = apiKey({ keys: [hashOf(KEY)], keep: true }), takes = apiKey({ keys: [hashOf(OTHER)] });
  for (const members of [[keeps, takes], [takes, keeps]] as const) {
    const ask = through(anyOf(members));
    const sent = async (key: string) => (await ask({ "x-api-key": key })).exchange.headers.get("x-api-key");
    assert.deepEqual([await sent(KEY), await sent(OTHER)], [KEY, null]);
  }
});
