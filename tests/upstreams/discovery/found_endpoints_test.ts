import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { foundEndpoints } from "../../../src/upstreams/discovery/found_endpoints.ts";
import type { Found } from "../../../src/upstreams/discovery/resolve.ts";

function at(hostname: string, more: Partial<Found> = {}): Found {
  return { hostname, port: 80, priority: 0, weight: 1, question: "SRV _http._tcp.test", ...more };
}

function seen(found: readonly Found[]): string[] {
  return foundEndpoints("api", { scheme: "http" }, found).map(({ url, tier, weight }) => `${url} ${tier} ${weight}`);
}

Deno.test("foundEndpoints() makes endpoint plans", () => {
  assert.deepEqual(foundEndpoints("api", { scheme: "http" }, [at("fd00::1", { port: 8080 })]), [{
    id: "api/http://[fd00::1]:8080",
    url: "http://[fd00::1]:8080",
    scheme: "http",
    address: { kind: "tcp", hostname: "fd00::1", port: 8080 },
    weight: 1,
    tier: 0,
    maxInFlight: null,
    demo: null,
  }]);
});

Deno.test("foundEndpoints() leaves the scheme's own port out of the URL", () => {
  const table = [["http", 80, ""], ["https", 443, ""], ["http", 443, ":443"], ["https", 80, ":80"]] as const;
  for (const [scheme, port, text] of table) {
    const [endpoint] = foundEndpoints("api", { scheme }, [at("10.0.0.1", { port })]);
    assert.equal(endpoint.url, `${scheme}://10.0.0.1${text}`);
    assert.equal(endpoint.id, `api/${scheme}://10.0.0.1${text}`);
  }
});

Deno.test("foundEndpoints() ranks priorities and fits weights", () => {
  const table: readonly [what: string, found: readonly Found[], endpoints: readonly string[]][] = [
    [
      "priorities become tiers without gaps",
      [at("10.0.0.1", { priority: 20 }), at("10.0.0.2", { priority: 5 }), at("10.0.0.3", { priority: 20 })],
      ["http://10.0.0.1 1 1", "http://10.0.0.2 0 1", "http://10.0.0.3 1 1"],
    ],
    [
      "weight 0 is the least there is",
      [at("10.0.0.1", { weight: 0 }), at("10.0.0.2", { weight: 7 })],
      ["http://10.0.0.1 0 1", "http://10.0.0.2 0 7"],
    ],
    [
      "weights up to 1000 stay",
      [at("10.0.0.1", { weight: 1000 }), at("10.0.0.2", { weight: 999 })],
      ["http://10.0.0.1 0 1000", "http://10.0.0.2 0 999"],
    ],
    [
      "larger ones shrink their own tier only",
      [
        at("10.0.0.1", { weight: 40_000 }),
        at("10.0.0.2", { weight: 20_000 }),
        at("10.0.0.3", { weight: 1 }),
        at("10.0.0.4", { weight: 500, priority: 1 }),
      ],
      ["http://10.0.0.1 0 1000", "http://10.0.0.2 0 500", "http://10.0.0.3 0 1", "http://10.0.0.4 1 500"],
    ],
    [
      "a place in two priorities is in the lower, with its weight there",
      [at("10.0.0.1", { priority: 2, weight: 9 }), at("10.0.0.1", { priority: 1, weight: 3 })],
      ["http://10.0.0.1 0 3"],
    ],
    [
      "a place twice has the larger weight",
      [at("10.0.0.1", { weight: 3 }), at("10.0.0.1", { weight: 9 }), at("10.0.0.1", { weight: 5 })],
      ["http://10.0.0.1 0 9"],
    ],
    [
      "another port is another place",
      [at("10.0.0.1"), at("10.0.0.1", { port: 81 })],
      ["http://10.0.0.1 0 1", "http://10.0.0.1:81 0 1"],
    ],
  ];
  for (const [what, found, endpoints] of table) assert.deepEqual(seen(found), endpoints, what);
});

Deno.test("foundEndpoints() does not depend on the order of the answer", () => {
  const place = fc.record({
    hostname: fc.constantFrom("10.0.0.1", "10.0.0.2", "10.0.0.3", "fd00::1"),
    port: fc.constantFrom(80, 81),
    priority: fc.nat(3),
    weight: fc.nat(65_535),
    question: fc.constant("SRV _http._tcp.test"),
  });
  const shuffled = fc.array(place, { maxLength: 12 }).chain((found) =>
    fc.tuple(fc.constant(found), fc.shuffledSubarray(found, { minLength: found.length }))
  );
  fc.assert(fc.property(shuffled, ([found, other]) => assert.deepEqual(seen(found), seen(other))));
});
