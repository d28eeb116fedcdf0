import { strict as assert } from "node:assert";
import { MethodSet, type MethodVerdict } from "../../src/http/method.ts";

const TABLE: readonly (readonly [string, MethodVerdict])[] = [
  ["GET", "ok"],
  ["HEAD", "ok"],
  ["QUERY", "ok"],
  ["PROPFIND", "ok"],
  ["VERSION-CONTROL", "ok"],
  ["get", "unknown"],
  ["PURGE", "unknown"],
  ["PRI", "unknown"],
  ["__proto__", "unknown"],
  ["CONNECT", "refused"],
  ["TRACE", "refused"],
  ["trace", "unknown"],
  ["", "malformed"],
  ["GE T", "malformed"],
  ["GET\r", "malformed"],
  ["GET/", "malformed"],
  ["(GET)", "malformed"],
  ["GÉT", "malformed"],
];

Deno.test("MethodSet judges methods by the registry and the grammar", () => {
  const methods = new MethodSet();
  for (const [method, verdict] of TABLE) assert.equal(methods.judge(method), verdict, JSON.stringify(method));
});

Deno.test("MethodSet takes further methods, but never CONNECT or TRACE", () => {
  const methods = new MethodSet(["PURGE", "CONNECT", "TRACE"]);
  assert.equal(methods.judge("PURGE"), "ok");
  assert.equal(methods.judge("CONNECT"), "refused");
  assert.equal(methods.judge("TRACE"), "refused");
  assert.equal(methods.judge("GET"), "ok");
});
