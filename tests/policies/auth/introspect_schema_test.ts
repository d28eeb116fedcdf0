import { strict as assert } from "node:assert";
import { secret } from "../../../src/core/secret.ts";
import { introspectSchema } from "../../../src/policies/auth/introspect_schema.ts";

const NEEDED = { endpoint: "https://id.example/introspect", clientId: "gateway", clientSecret: secret.env("SECRET") };

const REFUSED: readonly (readonly [at: string, options: object, message: RegExp])[] = [
  ["endpoint", { endpoint: undefined }, /a URL such as/],
  ["endpoint", { endpoint: "id.example" }, /no http or https URL/],
  ["clientId", { clientId: "" }, /this is empty/],
  ["clientSecret", { clientSecret: "s3cret" }, /./],
  ["authentication", { authentication: "jwt" }, /expected "basic" or "post"/],
  ["in", { in: "authorization" }, /no place of a request/],
  ["in", { in: [] }, /at least one place is needed/],
  ["issuer", { issuer: 7 }, /an issuer/],
  ["audience", { audience: [] }, /at least one audience/],
  ["claims.authorization", { claims: { authorization: "sub" } }, /where clients put credentials/],
  ["claims.x-forwarded-for", { claims: { "x-forwarded-for": "sub" } }, /cannot be written/],
  ["cache", { cache: true }, /or false/],
  ["cache.ttl", { cache: { ttl: "2h" } }, /at most 1h/],
  ["cache.negative", { cache: { negative: "2m" } }, /at most 1m/],
  ["cache.size", { cache: { size: 1 } }, /from 2 to/],
  ["timeout", { timeout: "0s" }, /longer than 0/],
  ["failures.per", { failures: { limit: 1 } }, /this is missing/],
  ["realm", { realm: '"' }, /a realm has/],
  ["keep", { keep: 1 }, /expected true or false/],
  ["", { endpont: 1 }, /endpont/],
];

Deno.test("introspect() options: what check refuses, and where", () => {
  for (const [at, options, message] of REFUSED) {
    const { error } = introspectSchema.safeParse({ ...NEEDED, ...options }), what = JSON.stringify(options);
    assert.ok(error, what);
    assert.ok(
      leaves(error).some((one) => one.at === at && message.test(one.message)),
      `${what}: ${JSON.stringify(leaves(error))}`,
    );
  }
});

Deno.test("introspect() options: the defaults", () => {
  assert.deepEqual(introspectSchema.parse(NEEDED), {
    endpoint: {
      to: "https://id.example",
      upstream: null,
      scheme: "https",
      authority: "id.example",
      path: "/introspect",
      query: "",
    },
    clientId: "gateway",
    clientSecret: NEEDED.clientSecret,
    authentication: "basic",
    in: ["header:authorization"],
    issuer: [],
    audience: [],
    sent: [],
    groups: ["groups"],
    cache: { size: 10_000, ttl: 60_000, negative: 10_000 },
    timeout: 5_000,
    failures: { limit: 100, per: 60_000 },
    realm: "gateway",
    keep: false,
  });
  const { cache, failures, sent } = introspectSchema.parse({
    ...NEEDED,
    cache: false,
    failures: false,
    claims: { "X-User": "sub", "x-roles": ["realm_access", "roles"] },
  });
  assert.deepEqual([cache, failures], [{ size: 0, ttl: 0, negative: 0 }, null]);
  assert.deepEqual(sent, [{ field: "x-user", claim: ["sub"] }, { field: "x-roles", claim: ["realm_access", "roles"] }]);
});

/** Every issue, and those of shapes that were tried, with its place. */
function leaves(error: unknown, under: readonly PropertyKey[] = []): { at: string; message: string }[] {
  const { issues = [], errors = [], path = [], message = "" } = error as {
    readonly issues?: readonly unknown[];
    readonly errors?: readonly (readonly unknown[])[];
    readonly path?: readonly PropertyKey[];
    readonly message?: string;
  };
  const at = [...under, ...path];
  return [{ at: at.join("."), message }, ...[...issues, ...errors.flat()].flatMap((one) => leaves(one, at))];
}
