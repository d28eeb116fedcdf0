import { strict as assert } from "node:assert";
import { anyOf } from "../../../src/policies/auth/any_of.ts";
import { optional, optionalDefinition } from "../../../src/policies/auth/optional.ts";
import { through } from "./identity_bed.ts";
import { refusal, scripted } from "./scripted_identity.ts";

Deno.test("optional() lets those pass who show nothing, without what they write themselves", async () => {
  const { status, exchange } = await through(optional(scripted("a")))({ "x-a-is": "forged" });
  assert.equal(status, 200);
  assert.deepEqual([exchange.identity, exchange.credentialed, exchange.auth], [undefined, false, "anonymous"]);
  assert.deepEqual(exchange.headers.flat(), []);
});

Deno.test("optional() knows whom its policy knows, and refuses every credential that is not good", async () => {
  const ask = through(optional(scripted("a")));
  assert.equal((await ask({ "x-a": "good" })).exchange.identity?.subject, "a-subject");
  assert.deepEqual([(await ask({ "x-a": "bad" })).status, (await ask({ "x-a": "bad" })).challenges], [401, ["a"]]);
  for (const [kind, status] of [["limited", 429], ["unavailable", 503], ["forbidden", 403]] as const) {
    assert.equal((await through(optional(scripted("a", () => refusal(kind, "a"))))()).status, status);
  }
});

Deno.test("optional() of several is optional in all", async () => {
  const ask = through(optional(anyOf([scripted("a"), scripted("b")])));
  assert.equal((await ask()).status, 200);
  assert.equal((await ask({ "x-b": "bad" })).status, 401);
  assert.equal((await ask({ "x-b": "good" })).exchange.identity?.method, "b");
});

Deno.test("optional() promises everything but that somebody is known", () => {
  const { gives } = optionalDefinition.facts!({ optional: scripted("a", undefined, ["sub"]) });
  assert.deepEqual(gives, ["consumer", "jwt:sub"]);
  assert.deepEqual(optionalDefinition.traits!({ optional: scripted("a") }), { identity: "optional" });
});
