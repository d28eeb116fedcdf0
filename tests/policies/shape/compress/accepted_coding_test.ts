import { strict as assert } from "node:assert";
import fc from "fast-check";
import { codingChooser } from "../../../../src/policies/shape/compress/accepted_coding.ts";

const OURS = ["zstd", "br", "gzip"];

/** RFC 9110 §12.5.3. */
const ROWS: readonly (readonly [accept: string | null, client: string | null, server?: string | null])[] = [
  [null, null],
  ["", null],
  ["gzip", "gzip"],
  ["GZIP", "gzip"],
  ["x-gzip", "gzip"],
  ["deflate", null],
  ["gzip, deflate, br, zstd", "zstd"],
  ["gzip, deflate, br", "br"],
  ["gzip;q=1, br;q=0.5", "gzip", "br"],
  ["gzip;q=0.5,br;q=0.5", "br"],
  ["br;q=0, gzip", "gzip"],
  ["gzip;q=0", null],
  ["*", "zstd"],
  ["*;q=0.1, gzip;q=0.9", "gzip", "zstd"],
  ["*;q=0", null],
  ["zstd;q=0, *", "br"],
  ["identity", null],
  ["identity;q=0", null],
  ["identity;q=0, gzip;q=0.1", "gzip"],
  ["identity, gzip;q=0.5", null, "gzip"],
  ["identity;q=0.5, gzip;q=0.5", "gzip"],
  ["gzip ; q=0.5 , br ; q=0.9", "br"],
  ["gzip;Q=0.5", "gzip"],
  ["gzip;q=1.000", "gzip"],
  ["gzip;q=2", null],
  ["gzip;q=0.1234", null],
  ["gzip;q=-1", null],
  ["gzip;level=9", null],
  ["gzip;q=0, gzip", null],
  [",,gzip,,", "gzip"],
  [`gzip${" ".repeat(300)}`, null],
];

Deno.test("a coding is chosen by the client's weights, or by our order among those that it takes", async (t) => {
  const byClient = codingChooser(OURS, "client"), byServer = codingChooser(OURS, "server");
  for (const [accept, client, server = client] of ROWS) {
    await t.step(String(accept), () => {
      const seen = [byClient(accept), byServer(accept), byClient(accept)].map((i) => i < 0 ? null : OURS[i]);
      assert.deepEqual(seen, [client, server, client]);
    });
  }
});

Deno.test("what a client excludes is never chosen, whatever else it sends", () => {
  const choose = codingChooser(OURS, "client");
  const coding = fc.constantFrom("gzip", "br", "zstd", "identity", "deflate", "*");
  const weight = fc.constantFrom("", ";q=0", ";q=0.3", ";q=1");
  fc.assert(fc.property(fc.uniqueArray(fc.tuple(coding, weight), { selector: ([name]) => name }), (parts) => {
    const chosen = choose(parts.map(([name, weight]) => name + weight).join(", ")),
      weights = new Map<string, string>(parts);
    const name = chosen < 0 ? null : OURS[chosen];
    if (name !== null) assert.ok((weights.get(name) ?? weights.get("*")) !== undefined);
    if (name !== null) assert.notEqual(weights.get(name) ?? weights.get("*"), ";q=0");
  }));
});

Deno.test("many different values of strangers are not all remembered", () => {
  const choose = codingChooser(OURS, "client");
  for (let i = 0; i < 1000; i++) assert.equal(choose(`gzip, x${i}`), 2);
});
