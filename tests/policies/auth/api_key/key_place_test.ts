import { strict as assert } from "node:assert";
import type { KeyPlace } from "../../../../src/policies/auth/api_key/key_place.ts";
import type { ExchangeOptions } from "../../../support/exchange.ts";
import { ApiKeyBed, hashOf } from "../api_key_bed.ts";

const KEY = "gw_key";

interface Row {
  readonly in: KeyPlace | readonly KeyPlace[];
  readonly sent: ExchangeOptions;
  readonly status: number;
  /** What arrives: the fields and the query. */
  readonly arrives?: readonly [fields: readonly string[], query: string];
}

const header = (...headers: [string, string][]): ExchangeOptions => ({ headers });
const query = (query: string): ExchangeOptions => ({ query });

const ROWS: Readonly<Record<string, Row>> = {
  "a header goes, the others stay": {
    in: "header:x-api-key",
    sent: header(["a", "1"], ["x-api-key", KEY], ["b", "2"]),
    status: 200,
    arrives: [["a", "1", "b", "2"], ""],
  },
  "an empty header is no key": { in: "header:x-api-key", sent: header(["x-api-key", ""]), status: 401 },
  "a scheme in any case, with several spaces": {
    in: "header:authorization",
    sent: header(["authorization", `bEARER   ${KEY}`]),
    status: 200,
    arrives: [[], ""],
  },
  "another scheme": { in: "header:authorization", sent: header(["authorization", `Basic ${KEY}`]), status: 401 },
  "no scheme": { in: "header:authorization", sent: header(["authorization", KEY]), status: 401 },
  "a scheme alone": { in: "header:authorization", sent: header(["authorization", "Bearer"]), status: 401 },
  "a scheme that begins as the right one": {
    in: "header:authorization",
    sent: header(["authorization", `Bearerer ${KEY}`]),
    status: 401,
  },
  "another scheme is no key, and the next place counts; it stays": {
    in: ["header:authorization", "query:k"],
    sent: { ...header(["authorization", "Basic YTpi"]), ...query(`?k=${KEY}`) },
    status: 200,
    arrives: [["authorization", "Basic YTpi"], ""],
  },
  "two authorizations, of which one is a key": {
    in: ["header:authorization", "query:k"],
    sent: { ...header(["authorization", "Basic YTpi"], ["authorization", `Bearer ${KEY}`]), ...query(`?k=${KEY}`) },
    status: 401,
  },
  "the first place that has a key counts, and the key goes from all": {
    in: ["header:x-api-key", "query:k", "cookie:k"],
    sent: { headers: [["x-api-key", KEY], ["cookie", "a=1; k=other"]], query: "?k=another&z=1" },
    status: 200,
    arrives: [["cookie", "a=1"], "?z=1"],
  },
  "a bad key in the first place is not made up for by a good one in the second": {
    in: ["header:x-api-key", "query:k"],
    sent: { ...header(["x-api-key", "bad"]), ...query(`?k=${KEY}`) },
    status: 401,
  },
  "a parameter goes, and the rest stays as it was sent": {
    in: "query:api_key",
    sent: query(`?a=%20+%2f&api_key=${KEY}&&b&c=%zz`),
    status: 200,
    arrives: [[], "?a=%20+%2f&&b&c=%zz"],
  },
  "the first parameter": { in: "query:k", sent: query(`?k=${KEY}&b=1`), status: 200, arrives: [[], "?b=1"] },
  "the last parameter": { in: "query:k", sent: query(`?b=1&k=${KEY}`), status: 200, arrives: [[], "?b=1"] },
  "the only parameter": { in: "query:k", sent: query(`?k=${KEY}`), status: 200, arrives: [[], ""] },
  "a parameter whose name and value have escapes": {
    in: "query:api_key",
    sent: query("?a=1&api%5fkey=%67w_key"),
    status: 200,
    arrives: [[], "?a=1"],
  },
  "a parameter with a space in its name": { in: "query:api key", sent: query(`?api+key=${KEY}`), status: 200 },
  "a parameter twice": { in: "query:k", sent: query(`?k=${KEY}&a=1&k=${KEY}`), status: 401 },
  "a parameter twice, once with escapes": { in: "query:k", sent: query(`?k=${KEY}&%6b=x`), status: 401 },
  "an empty parameter": { in: "query:k", sent: query("?k=&a"), status: 401 },
  "a parameter without a value": { in: "query:k", sent: query("?k&a=1"), status: 401 },
  "a longer name": { in: "query:k", sent: query(`?kk=${KEY}&ak=${KEY}`), status: 401 },
  "a broken escape": { in: "query:k", sent: query("?k=%&%zz=1&%=2"), status: 401 },
  "an empty query": { in: "query:k", sent: query("?"), status: 401 },
  "a cookie goes, and the others stay": {
    in: "cookie:k",
    sent: header(["cookie", `a=1; k=${KEY}; kk=2`]),
    status: 200,
    arrives: [["cookie", "a=1; kk=2"], ""],
  },
  "the first cookie, in quotes": {
    in: "cookie:k",
    sent: header(["cookie", `k="${KEY}";a=1`]),
    status: 200,
    arrives: [["cookie", "a=1"], ""],
  },
  "the only cookie": { in: "cookie:k", sent: header(["cookie", `k=${KEY}`]), status: 200, arrives: [[], ""] },
  "a cookie in the second of two fields": {
    in: "cookie:k",
    sent: header(["cookie", "a=1"], ["cookie", `k=${KEY}`]),
    status: 200,
    arrives: [["cookie", "a=1"], ""],
  },
  "a cookie twice": { in: "cookie:k", sent: header(["cookie", `k=${KEY}; k=x`]), status: 401 },
  "a cookie whose name is in another's value": { in: "cookie:k", sent: header(["cookie", "a=k"]), status: 401 },
  "a cookie that is no pair": { in: "cookie:k", sent: header(["cookie", "k; ;=; a"]), status: 401 },
};

for (const [name, { in: places, sent, status, arrives }] of Object.entries(ROWS)) {
  Deno.test(`apiKey() finds its key: ${name}`, async () => {
    const answer = await new ApiKeyBed({ in: places, keys: [hashOf(KEY)] }).ask(sent);
    assert.equal(answer.status, status);
    const { headers, query } = answer.exchange;
    if (arrives !== undefined) assert.deepEqual([headers.flat(), query], arrives);
    if (status === 401) assert.equal(query, sent.query ?? "", "a refused request stays as it is");
  });
}

Deno.test("apiKey() leaves the key where it is when told to keep it", async () => {
  const sent = { headers: [["x-api-key", KEY]] as const, query: "?x=1" };
  const { exchange } = await new ApiKeyBed({ keys: [hashOf(KEY)], keep: true }).ask(sent);
  assert.equal(exchange.headers.get("x-api-key"), KEY);
});
