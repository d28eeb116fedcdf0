import { strict as assert } from "node:assert";
import fc from "fast-check";
import { type KeyReader, parseKey } from "../../../src/core/key.ts";
import { ConsistentHash } from "../../../src/upstreams/balancers/consistent_hash.ts";
import type { Endpoint } from "../../../src/upstreams/endpoint.ts";
import { makeExchange } from "../../support/exchange.ts";
import { countPicks, type FakeEndpoint, makeEndpoint, userExchange } from "./fake_endpoints.ts";
import { seededRandom } from "./seeded_random.ts";

const KEYS = 4000;

function readers(...keys: string[]): KeyReader[] {
  return keys.map((key) => parseKey(key) ?? assert.fail(key));
}

function makeHash(bound: number | null = null): ConsistentHash {
  return new ConsistentHash(readers("header:x-user"), bound, seededRandom(1));
}

/** Endpoints with ids like real ones, which differ in a digit. */
function servers(weights: readonly number[]): FakeEndpoint[] {
  return weights.map((weight, i) => makeEndpoint(`api/http://10.0.0.${i}:8080`, { weight }));
}

/** Who has each key. */
function owners(eligible: readonly Endpoint[], keys = KEYS, hash = makeHash()): string[] {
  return Array.from({ length: keys }, (_, i) => hash.pick(eligible, userExchange(i)).id);
}

Deno.test("property: taking away one of N moves its keys alone, and no more than 2/N of all; its return brings them back", () => {
  const weights = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 60 });
  fc.assert(
    fc.property(weights, fc.boolean(), fc.nat(), (drawn, equal, at) => {
      const all = servers(equal ? drawn.map(() => 1) : drawn), gone = all[at % all.length], hash = makeHash();
      const fewer = all.filter((endpoint) => endpoint !== gone);
      const before = owners(all, KEYS, hash), during = owners(fewer, KEYS, hash), after = owners(all, KEYS, hash);
      let moved = 0;
      before.forEach((id, key) => {
        if (id === gone.id) moved++;
        else assert.equal(during[key], id, `key ${key} moved between two endpoints that stayed`);
      });
      if (equal) {
        assert.ok(moved <= 2 * KEYS / all.length, `${moved} of ${KEYS} keys moved, with ${all.length} endpoints`);
      }
      assert.deepEqual(after, before);
    }),
    { numRuns: 40 },
  );
});

Deno.test("property: adding one to N moves keys to it alone", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 5 }), (count, weight) => {
      const all = servers([...Array.from({ length: count }, () => 1), weight]), added = all[count].id;
      const before = owners(all.slice(0, count)), after = owners(all);
      after.forEach((id, key) => assert.ok(id === before[key] || id === added));
    }),
    { numRuns: 30 },
  );
});

Deno.test("a weight that changes moves keys from or to its endpoint alone", () => {
  const before = owners(servers([1, 2, 3, 4])), after = owners(servers([1, 2, 5, 4]));
  const to = servers([1, 2, 3, 4])[2].id;
  assert.ok(after.every((id, key) => id === before[key] || id === to));
  assert.ok(after.some((id, key) => id !== before[key]));
});

Deno.test("the order of the list, and what was there before, make no difference", () => {
  const all = servers([1, 2, 3, 1, 2]), hash = makeHash();
  const before = owners(all, KEYS, hash);
  owners(all.slice(2), 100, hash);
  assert.deepEqual(owners([...all].reverse(), KEYS, hash), before);
  assert.deepEqual(owners(servers([1, 2, 3, 1, 2])), before);
});

for (
  const [name, weights] of [
    ["100 equal weights", Array.from({ length: 100 }, () => 1)],
    ["10 weights from 1 to 10", Array.from({ length: 10 }, (_, i) => 1 + i)],
    ["weights 100, 10, 1", [100, 10, 1]],
  ] as const
) {
  Deno.test(`${name}: each has its share of the keys within 15 %`, () => {
    const all = servers(weights), picks = 200_000, total = weights.reduce((sum, weight) => sum + weight, 0);
    countPicks(makeHash(), all, picks).forEach((count, i) => {
      const share = count / (picks * weights[i] / total);
      assert.ok(share > 0.85 && share < 1.15, `${all[i].id} has ${share} of its share`);
    });
  });
}

Deno.test("a retry without the endpoint that was tried goes where its keys would go without it, always the same", () => {
  const all = servers([1, 1, 1, 1, 1]), hash = makeHash();
  for (let key = 0; key < 500; key++) {
    const exchange = userExchange(key), tried = hash.pick(all, exchange);
    const others = all.filter((endpoint) => endpoint !== tried), second = hash.pick(others, exchange);
    assert.equal(hash.pick(others, exchange), second);
    assert.equal(makeHash().pick(all.filter((endpoint) => endpoint !== tried), exchange), second);
    assert.equal(hash.pick(all, exchange), tried);
  }
});

Deno.test("the keys of a missing endpoint go to all of the others", () => {
  const all = servers([1, 1, 1, 1]), before = owners(all), during = owners(all.slice(1));
  const heirs = new Set(during.filter((_, key) => before[key] === all[0].id));
  assert.equal(heirs.size, 3);
});

Deno.test("the first key that is present counts", () => {
  const hash = new ConsistentHash(readers("cookie:sid", "header:x-user"), null, seededRandom(1)),
    all = servers(Array(50).fill(1));
  const pick = (headers: [string, string][]) => hash.pick(all, makeExchange({ headers }));
  for (let i = 0; i < 20; i++) {
    const bySid = pick([["cookie", `sid=${i}`]]), byUser = pick([["x-user", `${i}`]]);
    assert.equal(bySid, byUser);
    assert.equal(pick([["cookie", `sid=${i}`], ["x-user", "somebody"]]), bySid);
  }
});

Deno.test("without a key, chance picks by weight", () => {
  const all = servers([1, 3]);
  for (const [chance, at] of [[0, 0], [0.2, 0], [0.3, 1], [0.99, 1]]) {
    const hash = new ConsistentHash(readers("cookie:sid"), null, () => chance);
    assert.equal(hash.pick([...all], makeExchange()), all[at]);
  }
});

Deno.test("bounded load: an endpoint above its bound passes on, and the key comes back when it has room", () => {
  const all = servers([1, 1, 1, 1]), hash = makeHash(1.25), exchange = userExchange(1);
  const home = hash.pick(all, exchange) as FakeEndpoint;
  for (const endpoint of all) endpoint.inFlight = 3;
  // With 13 requests under way, this one included, a fair share is 3.25, and the bound 4.06: five are allowed.
  home.inFlight = 4;
  all[all.indexOf(home) === 0 ? 1 : 0].inFlight = 2;
  assert.equal(hash.pick(all, exchange), home);
  home.inFlight = 5;
  const other = hash.pick(all, exchange);
  assert.notEqual(other, home);
  assert.equal(hash.pick(all, exchange), other, "the same next endpoint");
  assert.equal(hash.pick([...all], exchange), other, "also in an array that comes once");
  assert.equal(hash.pick(all.filter((one) => one !== home), exchange), other, "the one that has the key without it");
  home.inFlight = 4;
  assert.equal(hash.pick(all, exchange), home);
});

Deno.test("property: bounded load lets nobody above the bound, whatever the keys, and there is always one with room", () => {
  const weights = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(
      weights,
      fc.double({ min: 1, max: 3, noNaN: true }),
      fc.array(fc.nat(5), { maxLength: 200 }),
      (drawn, bound, users) => {
        const all = servers(drawn), hash = makeHash(bound), total = drawn.reduce((sum, weight) => sum + weight, 0);
        users.forEach((user, before) => {
          const picked = hash.pick(all, userExchange(user)) as FakeEndpoint;
          picked.inFlight++;
          const most = Math.ceil(bound * (before + 1) * picked.weight / total);
          assert.ok(picked.inFlight <= most, `${picked.inFlight} of ${before + 1}, ${most} allowed`);
        });
      },
    ),
  );
});

Deno.test("bounded load: of a hundred endpoints under one hot key, none has more than its bound by much", () => {
  const all = servers(Array.from({ length: 100 }, () => 1)), hash = makeHash(1.25);
  for (let i = 0; i < 2000; i++) (hash.pick(all, userExchange(0)) as FakeEndpoint).inFlight++;
  const most = Math.max(...all.map(({ inFlight }) => inFlight));
  assert.ok(most <= 25, `${most} where 25 are allowed`);
});

Deno.test("bounded load: nobody is passed over for a sum of some picks ago", () => {
  const all = servers(Array.from({ length: 100 }, () => 1)), hash = makeHash(1.25), exchange = userExchange(0);
  const home = hash.pick(all, exchange);
  assert.notEqual(home, all[0]);
  for (const inFlight of [1, 10, 100]) {
    for (const endpoint of all) endpoint.inFlight = inFlight;
    assert.equal(hash.pick(all, exchange), home);
  }
});
