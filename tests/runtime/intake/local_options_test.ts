import { strict as assert } from "node:assert";
import { localOptions } from "../../../src/runtime/intake/local_options.ts";
import { makeExchange } from "../../support/exchange.ts";

/** The answer's status, or `null`, and what Max-Forwards is afterwards. */
function options(method: string, path: string, hops?: string): [status: number | null, hops: string | null] {
  const exchange = makeExchange({ method, path, headers: hops === undefined ? [] : [["max-forwards", hops]] });
  const reply = localOptions(exchange)?.() ?? null;
  if (reply !== null) assert.match(reply.header("allow") ?? "", /\bGET\b.*\bOPTIONS\b/);
  return [reply?.status ?? null, exchange.headers.get("max-forwards")];
}

const CASES: readonly [
  title: string,
  method: string,
  path: string,
  hops: string | undefined,
  status: number | null,
  left: string | null,
][] = [
  ["OPTIONS * is answered here", "OPTIONS", "*", undefined, 204, null],
  ["OPTIONS * is answered here, whatever Max-Forwards says", "OPTIONS", "*", "5", 204, "5"],
  ["OPTIONS of a path goes on", "OPTIONS", "/", undefined, null, null],
  ["Max-Forwards: 0 ends here", "OPTIONS", "/", "0", 204, "0"],
  ["00 is 0", "OPTIONS", "/", "00", 204, "00"],
  ["another loses one hop", "OPTIONS", "/", "10", null, "9"],
  ["leading zeros are no octal number", "OPTIONS", "/", "010", null, "9"],
  ["the largest", "OPTIONS", "/", "999999999", null, "999999998"],
  ["too many digits go on as they came", "OPTIONS", "/", "1234567890", null, "1234567890"],
  ["no number goes on as it came", "OPTIONS", "/", "many", null, "many"],
  ["a negative number goes on as it came", "OPTIONS", "/", "-1", null, "-1"],
  ["an empty value goes on as it came", "OPTIONS", "/", "", null, ""],
  ["GET keeps its hops", "GET", "/", "0", null, "0"],
  ["options in lower case is another method", "options", "/", "0", null, "0"],
];

for (const [title, method, path, hops, status, left] of CASES) {
  Deno.test(`localOptions(): ${title}`, () => assert.deepEqual(options(method, path, hops), [status, left]));
}

Deno.test("localOptions(): two fields of Max-Forwards are no number", () => {
  const exchange = makeExchange({ method: "OPTIONS", headers: [["max-forwards", "1"], ["max-forwards", "0"]] });
  assert.equal(localOptions(exchange), null);
  assert.deepEqual(exchange.headers.getAll("max-forwards"), ["1", "0"]);
});
