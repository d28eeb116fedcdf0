import { strict as assert } from "node:assert";
import { parse } from "yaml";
import { jsonSchema } from "../../src/config/json_schema.ts";
import { loadConfig } from "../../src/config/load_config.ts";
import { validateConfig } from "../../src/config/validate.ts";
import { recordPolicy } from "../../src/core/policy.ts";
import { secret } from "../../src/core/secret.ts";
import { anyOf } from "../../src/policies/auth/any_of.ts";
import { allOf } from "../../src/policies/auth/all_of.ts";
import { basicAuth, basicAuthDefinition } from "../../src/policies/auth/basic_auth.ts";
import { mtls } from "../../src/policies/auth/mtls.ts";
import { optional } from "../../src/policies/auth/optional.ts";
import { redis } from "../../src/state/redis.ts";
import { rateLimit } from "../../src/policies/traffic/rate_limit.ts";
import { TempDir } from "../support/temp_dir.ts";
import { draft7Errors } from "./draft7.ts";

/** Every issue of a route with these policies, as `path: message`. */
function issues(policies: unknown[], context = {}): string[] {
  const listen = { port: 443, tls: { cert: "c.pem", key: "k.pem", clientCertificates: { ca: "ca.pem" } } };
  const { issues } = validateConfig({ listen, routes: [{ path: "/", respond: {}, policies }] }, context);
  return issues.map(({ path, message }) => `${path}: ${message}`);
}

Deno.test("options of policies inside of others are checked by their own kind, each issue in its place", () => {
  const wrong = basicAuth({ realm: 7, file: secret.file("a") } as never);
  const message = "expected a realm";
  assert.deepEqual(issues([anyOf([basicAuth(), wrong])]), [`routes[0].policies[0].anyOf[1].realm: ${message}`]);
  assert.deepEqual(issues([optional(wrong)]), [`routes[0].policies[0].optional.realm: ${message}`]);
  assert.deepEqual(issues([allOf([anyOf([optional(wrong), mtls({ issuers: "x" })])])]), [
    `routes[0].policies[0].allOf[0].anyOf[0].optional.realm: ${message}`,
    "routes[0].policies[0].allOf[0].anyOf[1].issuers: a distinguished name has parts with =",
  ]);
});

Deno.test("what is no identity policy cannot stand inside of others", () => {
  const limit = rateLimit({ limit: 1, per: "1s" });
  for (
    const [policy, issue] of [
      [anyOf([basicAuth(), limit] as never), "anyOf[1]: anyOf takes identity policies; rateLimit is none"],
      [allOf([limit] as never), "allOf[0]: allOf takes identity policies; rateLimit is none"],
      [optional(limit as never), "optional: optional takes identity policies; rateLimit is none"],
      [anyOf([]), "anyOf: at least one identity policy is needed"],
      [anyOf(basicAuth() as never), "anyOf: expected a list of identity policies"],
      [anyOf(undefined as never), "anyOf: this is missing: expected a list of identity policies"],
      [anyOf([basicAuth] as never), "anyOf[0]: this is a function that makes a policy, not a policy"],
      [anyOf(["basicAuth"] as never), "anyOf[0]: this is not a policy"],
    ] as const
  ) assert.deepEqual(issues([policy]), [`routes[0].policies[0].${issue}`]);
});

Deno.test("warnings, secrets and stores of policies inside of others are found", () => {
  const hash = `sha256:${"0".repeat(64)}`;
  const fast = "a hash made in one round protects none but random passwords of 22 characters and more";
  assert.deepEqual(issues([anyOf([basicAuth({ users: { alice: hash } })])]), [
    `routes[0].policies[0].anyOf[0].users.alice: ${fast}`,
  ]);
  const missing = { secrets: () => ({ error: "A is not set" }) };
  const inside = optional(anyOf([basicAuth(), basicAuth({ users: { alice: secret.env("A") } })]));
  assert.deepEqual(issues([inside], missing).filter((issue) => issue.startsWith("routes")), [
    "routes[0].policies[0].optional.anyOf[1].users.alice: this secret is missing: A is not set",
  ]);
  const counting = recordPolicy<string, never, "consumer">({
    ...basicAuthDefinition,
    facts: () => ({ gives: ["consumer"] }),
    uses: () => ({ store: "far", withoutLua: ["mine"] }),
  } as never, {});
  const { issues: found } = validateConfig({
    stores: { far: redis({ url: "redis://127.0.0.1:6379" }) },
    routes: [{ path: "/", respond: {}, policies: [anyOf([counting])] }],
  });
  assert.deepEqual(found.map(({ path }) => path), ["routes[0].policies[0].anyOf[0]"]);
});

Deno.test("a wrong policy inside of another hides nothing of those beside it", () => {
  const missing = { secrets: () => ({ error: "A is not set" }) };
  const right = basicAuth({ users: { alice: secret.env("A") } }), wrong = basicAuth({ realm: 7 } as never);
  const found = (policy: unknown) =>
    issues([policy], missing).flatMap((issue) => issue.startsWith("routes[0].policies[0].") ? [issue.slice(22)] : []);
  assert.deepEqual(found(anyOf([wrong, right])), [
    "anyOf[0].realm: expected a realm",
    "anyOf[1].users.alice: this secret is missing: A is not set",
  ]);
  assert.deepEqual(found(allOf([optional(anyOf([right, wrong])), mtls()])), [
    "allOf[0].optional.anyOf[0].users.alice: this secret is missing: A is not set",
    "allOf[0].optional.anyOf[1].realm: expected a realm",
  ]);
  assert.deepEqual(found(optional(basicAuth({ realm: 7, users: { alice: secret.env("A") } } as never))), [
    "optional.realm: expected a realm",
    "optional.users.alice: this secret is missing: A is not set",
  ]);
});

Deno.test("options that cannot be printed are wrong as others are, inside of policies too", () => {
  const around: Record<string, unknown> = {};
  around.itself = around;
  for (const realm of [7n, around, Symbol("a"), () => "a"]) {
    const found = issues([anyOf([basicAuth({ realm } as never)])]);
    assert.deepEqual(found, ["routes[0].policies[0].anyOf[0].realm: expected a realm"]);
  }
});

Deno.test("policies inside of one another are looked into a few times each, however deep they stand", () => {
  let asked = 0;
  const counting = recordPolicy<string, never, "consumer">({
    ...basicAuthDefinition,
    facts: () => (asked++, { gives: ["consumer"] }),
  } as never, {});
  let policy = counting;
  for (let i = 0; i < 16; i++) policy = (i % 2 === 0 ? anyOf : allOf)([policy]) as typeof policy;
  assert.deepEqual(issues([policy]), []);
  assert.ok(asked < 100, `${asked} times`);
});

Deno.test("what the policies inside give counts for what comes behind", () => {
  const limit = (key: "basic:user" | "identity") => rateLimit({ limit: 1, per: "1s", key });
  const missing = (what: string) =>
    `routes[0].policies[1]: rateLimit reads ${what}, but no policy before it provides that`;
  assert.deepEqual(issues([anyOf([basicAuth(), basicAuth()]), limit("basic:user")]), []);
  const none = issues([anyOf([basicAuth(), mtls()]), limit("basic:user")]);
  assert.ok(none.includes(missing("basic:user")), none.join("\n"));
  assert.deepEqual(issues([optional(basicAuth()), limit("identity")]), [missing("identity")]);
});

const YAML = `routes:
  - path: /
    respond: {}
    policies:
      - anyOf:
          - basicAuth
          - optional:
              basicAuth:
                realm: 7
          - allOf: [{ basicAuht: {} }, { basicAuth: { keep: x } }]
      - optional: { rateLimit: { limit: 1, per: 1s } }
      - allOf: { basicAuth: {} }
      - anyOf
`;

Deno.test("in YAML names stand inside of others, and issues have their places", async () => {
  await using dir = await TempDir.make({ "gateway.yaml": YAML });
  const loaded = await loadConfig(dir.join("gateway.yaml"));
  assert.ok("value" in loaded);
  const { issues } = validateConfig(loaded.value, { ...loaded });
  const lines = issues.map(({ path, message, line, column }) => `${line}:${column} ${path}: ${message}`);
  assert.deepEqual(lines.map((line) => line.replace("routes[0].policies", "…")), [
    "9:24 …[0].anyOf[1].optional.realm: expected a realm",
    '10:21 …[0].anyOf[2].allOf[0]: there is no policy "basicAuht", did you mean "basicAuth"?',
    "10:61 …[0].anyOf[2].allOf[1].keep: expected true or false",
    "11:19 …[1].optional: optional takes identity policies; rateLimit is none",
    "12:16 …[2].allOf: expected a list of identity policies",
    "13:9 …[3].anyOf: expected a list of identity policies",
  ]);
});

Deno.test("in YAML policies inside of others are what they are in TypeScript", async () => {
  const routes = (policies: string) => `routes: [{ path: /, respond: {}, policies: ${policies} }]`;
  await using dir = await TempDir.make({
    "gateway.yaml": routes("[{ optional: { anyOf: [{ basicAuth: { realm: a } }, basicAuth] } }]"),
  });
  const loaded = await loadConfig(dir.join("gateway.yaml"));
  assert.ok("value" in loaded);
  const { config } = validateConfig(loaded.value, loaded);
  const same = validateConfig({
    routes: [{ path: "/", respond: {}, policies: [optional(anyOf([basicAuth({ realm: "a" }), basicAuth()]))] }],
  });
  assert.notEqual(config, null);
  assert.deepEqual(JSON.stringify(config!.routes[0].policies), JSON.stringify(same.config!.routes[0].policies));
});

Deno.test("the JSON Schema takes policies inside of others, and no other shape", () => {
  const errors = (policy: string) =>
    draft7Errors(jsonSchema(), parse(`routes: [{ path: /, respond: {}, policies: [${policy}] }]`));
  for (
    const right of ["{ anyOf: [basicAuth, { mtls: {} }] }", "{ optional: { allOf: [{ basicAuth: { realm: a } }] } }"]
  ) {
    assert.deepEqual(errors(right), [], right);
  }
  for (const wrong of ["{ anyOf: { basicAuth: {} } }", "{ optional: [] }", "{ allOf: [{ basicAuth: { relm: a } }] }"]) {
    assert.notDeepEqual(errors(wrong), [], wrong);
  }
});
