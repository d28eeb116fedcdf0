import { strict as assert } from "node:assert";
import type { FindKey } from "../../../../src/policies/auth/api_key/key_function.ts";
import type { ApiKeyOptions } from "../../../../src/policies/auth/api_key.ts";
import { turn } from "../../../support/turn.ts";
import { ApiKeyBed, hashOf } from "../api_key_bed.ts";

const KEY = "gw_secret+/=";

/** A policy with a function, and the keys that this was asked for. */
function asking(find: FindKey, options: ApiKeyOptions = {}) {
  const asked: string[] = [];
  const bed = new ApiKeyBed({
    ...options,
    find(key) {
      asked.push(key);
      return find(key);
    },
  });
  return { bed, asked };
}

Deno.test("apiKey() asks a function for the keys that it does not know, at once or with a promise", async () => {
  const owner = { consumer: "acme", subject: "s", user: "u", groups: ["g"], scopes: ["x"], claims: { tier: "pro" } };
  for (const find of [() => owner, () => Promise.resolve(owner)]) {
    const { bed, asked } = asking(find, { keys: [hashOf("known")] });
    assert.equal((await bed.key("known")).status, 200);
    assert.deepEqual(asked, []);
    assert.deepEqual((await bed.key(KEY)).exchange.identity, { method: "apiKey", ...owner });
    assert.deepEqual(asked, [KEY]);
  }
});

Deno.test("apiKey() refuses what the function says is nobody's, and asks again for it", async () => {
  for (const nobody of [null, undefined]) {
    const { bed, asked } = asking(() => nobody);
    assert.deepEqual([(await bed.key(KEY)).status, (await bed.key(KEY)).status, asked.length], [401, 401, 2]);
  }
});

Deno.test("apiKey() believes the function for as long as it is told to", async () => {
  let owner: { consumer: string } | null = { consumer: "acme" };
  const { bed, asked } = asking(() => Promise.resolve(owner), { remember: "30s" });
  assert.equal((await bed.key(KEY)).status, 200);
  owner = null;
  bed.env.clock.advance(29_999);
  assert.deepEqual([(await bed.key(KEY)).status, asked.length], [200, 1]);
  bed.env.clock.advance(1);
  assert.deepEqual([(await bed.key(KEY)).status, asked.length], [401, 2]);
  const each = asking(() => ({ consumer: "acme" }), { remember: "0s" });
  for (let i = 0; i < 3; i++) assert.equal((await each.bed.key(KEY)).status, 200);
  assert.equal(each.asked.length, 3);
});

Deno.test("apiKey() answers 503 while the function fails, logs it at most once a second and never the key", async () => {
  const failing: FindKey[] = [
    (key) => {
      throw new Error(`no table for ${key}`);
    },
    (key) => Promise.reject(new Error(`no table for ${key}`)),
    () => true as never,
    () => Promise.resolve("acme" as never),
    () => ({ consumer: 5 }) as never,
    () => ({ groups: "gold" }) as never,
    () => ({ claims: null }) as never,
    () => ({ claims: ["tier"] }) as never,
    () => ({ consumer: "" }),
    // What databases and services return where they find nothing: it must not pass for an owner without a name.
    () => [] as never,
    () => ({}),
    () => Promise.resolve({ rows: [] } as never),
    () => Promise.resolve({ consumer: undefined }),
    () => Promise.reject(Object.assign(new Error(), { message: { code: 5 } })),
    () => Promise.reject(Object.create(null)),
    (key) => Promise.reject(new Error(`no answer from https://keys.test/?key=${encodeURIComponent(key)}`)),
  ];
  for (const find of failing) {
    const { bed } = asking(find);
    const { status, exchange, reply } = await bed.key(KEY);
    assert.deepEqual([status, exchange.error, exchange.auth], [503, "auth_unavailable", "unavailable"]);
    assert.equal(reply.headers.get("www-authenticate"), null);
    await bed.key(KEY);
    assert.equal(bed.env.logged.length, 1);
    assert.equal(bed.env.logged[0].level, "error");
    for (const text of [KEY, encodeURIComponent(KEY)]) assert.ok(!JSON.stringify(bed.env.logged).includes(text));
    bed.env.clock.advance(1_000);
    await bed.key(KEY);
    assert.equal(bed.env.logged.length, 2);
    assert.equal(bed.arrived, 0);
  }
});

Deno.test("apiKey() waits for the function so long and no longer, and asks once for a key at a time", async () => {
  const { promise, resolve } = Promise.withResolvers<{ consumer: string }>();
  const { bed, asked } = asking(() => promise, { timeout: "2s" });
  const answers = Promise.all([bed.key(KEY), bed.key(KEY)]);
  await turn();
  assert.deepEqual(asked, [KEY]);
  await bed.env.clock.pass(2_100);
  assert.deepEqual((await answers).map(({ status }) => status), [503, 503]);
  resolve({ consumer: "acme" });
  assert.equal((await bed.key(KEY)).status, 200);
  assert.equal(asked.length, 2);
  await bed.env.clock.pass(5_000);
  assert.equal(bed.env.clock.pending, 0);
});

Deno.test("apiKey() asks for a key that was good before, however many bad ones its client has shown since", async () => {
  let owner: { consumer: string } | null = { consumer: "acme" };
  const { bed, asked } = asking((key) => key === KEY ? owner : null, { failures: { limit: 1, per: "1h" } });
  assert.equal((await bed.key(KEY)).status, 200);
  assert.deepEqual([(await bed.key("bad")).status, (await bed.key("bad")).status], [401, 429]);
  bed.env.clock.advance(60_000);
  assert.deepEqual([(await bed.key(KEY)).status, (await bed.key("bad")).status], [200, 429]);
  bed.env.clock.advance(60_000);
  owner = null;
  assert.deepEqual(
    [(await bed.key(KEY)).status, (await bed.key(KEY)).status],
    [401, 429],
    "withdrawn, it is as any other",
  );
  assert.deepEqual(asked, [KEY, "bad", KEY, KEY]);
});
