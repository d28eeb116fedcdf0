import { strict as assert } from "node:assert";
import { BodyError, type BodyFault } from "../../src/core/body.ts";
import { logTo } from "../../src/core/log.ts";
import { failureOf } from "../../src/runtime/handler_failure.ts";
import { makeExchange, readText } from "../support/exchange.ts";

async function fail(cause: unknown) {
  const exchange = makeExchange({ requestId: "id-1", route: "r" }), logged: unknown[] = [];
  const reply = failureOf(
    exchange,
    cause,
    logTo((level, message, fields) => logged.push({ level, message, ...fields })),
  );
  return { status: reply.status, text: await readText(reply.body), error: exchange.error, logged };
}

const BODIES: readonly [fault: BodyFault, status: number, code: string, logged: boolean][] = [
  ["too-large", 413, "body_too_large", false],
  ["client", 400, "request_body_failed", false],
  ["client-timeout", 408, "request_body_timeout", false],
  ["endpoint", 500, "internal_error", true],
  ["endpoint-timeout", 500, "internal_error", true],
];

for (const [fault, status, code, isLogged] of BODIES) {
  Deno.test(`failureOf() of a body's fault "${fault}" is ${status} ${code}`, async () => {
    const failure = await fail(new BodyError(fault, "secret"));
    assert.deepEqual([failure.status, JSON.parse(failure.text).code, failure.error], [status, code, code]);
    assert.equal(failure.logged.length, isLogged ? 1 : 0);
    assert.doesNotMatch(failure.text, /secret/);
  });
}

Deno.test("failureOf(): the cause goes to the log with its stack and the request's names, and nowhere else", async () => {
  const cause = new Error("secret"), { status, text, logged } = await fail(cause);
  assert.deepEqual([status, JSON.parse(text).code, JSON.parse(text).requestId], [500, "internal_error", "id-1"]);
  assert.doesNotMatch(text, /secret/);
  assert.deepEqual(logged, [{
    level: "error",
    message: "a handler threw",
    requestId: "id-1",
    route: "r",
    error: cause.stack,
  }]);
});

Deno.test("failureOf() takes whatever was thrown", async () => {
  const bare = new Error("no stack");
  bare.stack = undefined;
  for (
    const [cause, shown] of [["text", "text"], [undefined, "undefined"], [null, "null"], [42, "42"], [bare, "no stack"]]
  ) {
    const { status, logged } = await fail(cause);
    assert.equal(status, 500);
    assert.partialDeepStrictEqual(logged, [{ error: shown }]);
  }
});
