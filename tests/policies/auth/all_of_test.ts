import { strict as assert } from "node:assert";
import { allOf, allOfDefinition } from "../../../src/policies/auth/all_of.ts";
import { anyOf } from "../../../src/policies/auth/any_of.ts";
import { mtls } from "../../../src/policies/auth/mtls.ts";
import { optional } from "../../../src/policies/auth/optional.ts";
import { through } from "./identity_bed.ts";
import { byHeader, scripted } from "./scripted_identity.ts";

Deno.test("allOf() lets pass whom every policy knows", async () => {
  const ask = through(allOf([scripted("a"), scripted("b")]));
  const { status, exchange } = await ask({ "x-a": "good", "x-b": "good", "x-a-is": "forged" });
  assert.equal(status, 200);
  assert.deepEqual(exchange.headers.flat(), ["x-b-is", "b-subject", "x-a-is", "a-subject"]);
});

Deno.test("allOf() refuses with what the first has that is not satisfied, and sets no identity", async () => {
  const ask = through(allOf([scripted("a"), scripted("b")]));
  for (
    const [headers, code, challenge] of [
      [{}, "credential_missing", "a"],
      [{ "x-a": "good" }, "credential_missing", "b"],
      [{ "x-a": "bad", "x-b": "bad" }, "credential_invalid", "a"],
      [{ "x-a": "good", "x-b": "bad" }, "credential_invalid", "b"],
    ] as const
  ) {
    const { exchange, ...asked } = await ask(headers);
    assert.deepEqual([asked.status, asked.code, asked.challenges], [401, code, [challenge]]);
    assert.deepEqual([exchange.identity, exchange.credentialed], [undefined, false]);
  }
});

Deno.test("allOf() makes one identity: the earliest of each field, the groups and scopes of all", async () => {
  const a = scripted("a", byHeader("a", { subject: "one", groups: ["x", "y"], claims: { sub: "1", tier: "pro" } }));
  const b = scripted(
    "b",
    byHeader("b", {
      subject: "two",
      user: "bob",
      consumer: "acme",
      groups: ["y", "z"],
      scopes: ["s"],
      claims: { sub: "2", org: "o" },
    }),
  );
  const { exchange } = await through(allOf([a, b]))({ "x-a": "good", "x-b": "good" });
  assert.deepEqual(exchange.identity, {
    method: "a",
    consumer: "acme",
    subject: "one",
    user: "bob",
    groups: ["x", "y", "z"],
    scopes: ["s"],
    claims: { sub: "1", org: "o", tier: "pro" },
  });
});

Deno.test("allOf() takes no credentials of two consumers together", async () => {
  const of = (name: string, consumer?: string) => scripted(name, byHeader(name, { consumer }));
  const headers = { "x-a": "good", "x-b": "good" };
  const two = await through(allOf([of("a", "acme"), of("b", "other")]))(headers);
  assert.deepEqual([two.status, two.code], [401, "credential_invalid"]);
  assert.equal(two.exchange.reason, "the credentials belong to different consumers");
  assert.equal((await through(allOf([of("a", "acme"), of("b", "acme")]))(headers)).status, 200);
  assert.equal((await through(allOf([of("a", "acme"), of("b")]))(headers)).status, 200);
});

Deno.test("allOf() passes over an optional policy that is shown nothing", async () => {
  const ask = through(allOf([scripted("a"), optional(scripted("b"))]));
  const { exchange } = await ask({ "x-a": "good" });
  assert.equal(exchange.identity?.subject, "a-subject");
  assert.deepEqual(exchange.headers.flat(), ["x-a-is", "a-subject"]);
  assert.equal((await ask({ "x-a": "good", "x-b": "bad" })).status, 401);
  assert.equal((await ask()).status, 401);
  const none = through(allOf([optional(scripted("a")), optional(scripted("b"))]));
  assert.deepEqual([(await none()).status, (await none()).exchange.auth], [200, "anonymous"]);
});

Deno.test("allOf() waits for those who have to ask, and accepts with the identity of each", async () => {
  const slow = scripted("a", (shown, exchange) => Promise.resolve(byHeader("a")(shown, exchange)));
  const ask = through(allOf([slow, anyOf([scripted("b"), scripted("c")])]));
  const { exchange } = await ask({ "x-a": "good", "x-c": "good" });
  assert.deepEqual(exchange.headers.flat(), ["x-c-is", "c-subject", "x-a-is", "a-subject"]);
  assert.equal((await ask({ "x-a": "bad", "x-c": "good" })).status, 401);
});

Deno.test("allOf() tells the upstream what the earlier policy says, of a field that two write", async () => {
  const certificate = {
    subject: "CN=a",
    issuer: "CN=ca",
    altNames: null,
    serialNumber: "1",
    fingerprint: "AB",
    validTo: Infinity,
  };
  const policy = allOf([
    mtls({ headers: { "x-who": "subject", "x-a": "serialNumber" } }),
    optional(scripted("a")),
    mtls({ headers: { "X-Who": "issuer", "x-b": "issuer" } }),
  ]);
  const client = { ip: "192.0.2.7", peer: "192.0.2.7", trusted: false, certificate };
  const { headers } = (await through(policy)({ "x-who": "forged" }, { client })).exchange;
  assert.deepEqual(["x-who", "x-a", "x-b"].map((name) => headers.getAll(name)), [["CN=a"], ["1"], ["CN=ca"]]);
});

Deno.test("allOf() gives what any of its policies gives", () => {
  const members = [scripted("a", undefined, ["sub"]), scripted("b", undefined, ["tier"])];
  const { gives } = allOfDefinition.facts!({ allOf: members });
  assert.deepEqual(gives, ["identity", "consumer", "jwt:sub", "jwt:tier"]);
});

Deno.test("allOf() makes the same identity of the same ones, and another of others", async () => {
  const one = { method: "a", subject: "one" }, two = [{ groups: ["x"] }, { groups: ["y"] }];
  const ask = through(allOf([scripted("a", () => one), scripted("b", (shown) => two[Number(shown)])]));
  const groups: unknown[] = [], identities = new Set<unknown>();
  for (const shown of ["0", "0", "1", "0"]) {
    const { identity } = (await ask({ "x-b": shown })).exchange;
    groups.push(identity?.groups);
    identities.add(identity);
  }
  assert.deepEqual(groups, [["x"], ["x"], ["y"], ["x"]]);
  assert.equal(identities.size, 2);
});
