import { strict as assert } from "node:assert";
import { consumersOf } from "../../src/compile/consumers.ts";
import type { ConsumerPlan } from "../../src/compile/plan.ts";
import { compilePlan } from "../../src/compile/compile.ts";
import { validateConfig } from "../../src/config/validate.ts";
import type { ClientCertificate } from "../../src/core/client_certificate.ts";

const DIGITS = "ab".repeat(32), FINGERPRINT = "AB:".repeat(31) + "AB";
const BCRYPT = `$2b$10$${"a".repeat(53)}`;

/** The consumers of a config, as the plan has them. */
function plansOf(consumers: object): readonly ConsumerPlan[] {
  const { config, issues } = validateConfig({ consumers, routes: [{ path: "/", respond: {} }] });
  assert.ok(config !== null, JSON.stringify(issues));
  return compilePlan(config).plan.consumers;
}

function certificate(parts: Partial<ClientCertificate>): ClientCertificate {
  return {
    subject: "CN=x",
    issuer: "CN=ca",
    altNames: null,
    serialNumber: "1",
    fingerprint: "00",
    validTo: 0,
    ...parts,
  };
}

Deno.test("consumersOf() finds a consumer by each of its credentials, and by its name", () => {
  const consumers = consumersOf(plansOf({
    acme: {
      groups: ["gold"],
      keys: [`SHA256:${DIGITS.toUpperCase()}`],
      subjects: ["any", { issuer: "https://id.test", subject: "one" }],
      users: { "m\u0065\u0301": BCRYPT },
      certificates: [{ subject: "CN=acme, O=Example" }, { fingerprint: FINGERPRINT.toLowerCase() }, {
        altName: "Acme.Test",
      }],
    },
    globex: {
      subjects: [{ issuer: "https://other.test", subject: "any" }],
      certificates: [{ altName: "spiffe://g/a" }],
    },
  }));
  const names: readonly (readonly [string, { name: string } | undefined, string | undefined])[] = [
    ["a key", consumers.ofKey(DIGITS), "acme"],
    ["another key", consumers.ofKey("00".repeat(32)), undefined],
    ["a subject of any issuer", consumers.ofSubject("any", "https://third.test"), "acme"],
    ["a subject without an issuer", consumers.ofSubject("any", undefined), "acme"],
    ["the same of an issuer that is named", consumers.ofSubject("any", "https://other.test"), "globex"],
    ["a subject of its issuer", consumers.ofSubject("one", "https://id.test"), "acme"],
    ["a subject of another issuer", consumers.ofSubject("one", "https://other.test"), undefined],
    ["a subject of one issuer, without one", consumers.ofSubject("one", undefined), undefined],
    ["a user in composed form", consumers.ofUser("m\u00e9")?.consumer, "acme"],
    ["another user", consumers.ofUser("me")?.consumer, undefined],
    ["a name", consumers.named("globex"), "globex"],
    ["no name", consumers.named("__proto__"), undefined],
    ["a certificate's subject", consumers.ofCertificate(certificate({ subject: "CN=acme, O=Example" })), "acme"],
    ["a part of the subject", consumers.ofCertificate(certificate({ subject: "CN=acme" })), undefined],
    ["a fingerprint", consumers.ofCertificate(certificate({ fingerprint: FINGERPRINT })), "acme"],
    ["an alternative name", consumers.ofCertificate(certificate({ altNames: "DNS:other, DNS:ACME.test" })), "acme"],
    ["one of another kind", consumers.ofCertificate(certificate({ altNames: "URI:acme.test" })), undefined],
    [
      "one inside another's quotes",
      consumers.ofCertificate(certificate({ altNames: 'URI:"http://x, DNS:acme.test"' })),
      undefined,
    ],
    ["a URI", consumers.ofCertificate(certificate({ altNames: "URI:spiffe://g/a" })), "globex"],
    ["no certificate of anybody's", consumers.ofCertificate(certificate({})), undefined],
  ];
  for (const [what, found, name] of names) assert.equal(found?.name, name, what);
  assert.deepEqual(consumers.ofKey(DIGITS)?.groups, ["gold"]);
  assert.deepEqual(consumers.passwords?.map(({ hash }) => hash), [BCRYPT]);
});

Deno.test("a consumer's policies have ids of their own, which no route can have", () => {
  const policies = validateConfig({ routes: [{ path: "/", name: "consumer/acme", respond: {} }] }).issues;
  assert.deepEqual(policies.map(({ path, message }) => [path, message]), [
    ["routes[0].name", `"consumer/" begins the ids of consumers' policies`],
  ]);
});
