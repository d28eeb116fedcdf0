import { strict as assert } from "node:assert";
import { printAltNames } from "../../../src/core/alt_names.ts";
import type { ClientCertificate } from "../../../src/core/client_certificate.ts";
import { NO_CONSUMERS } from "../../../src/core/consumers.ts";
import { definitionOf } from "../../../src/core/policy.ts";
import { validateConfig } from "../../../src/config/validate.ts";
import { anyOf } from "../../../src/policies/auth/any_of.ts";
import { mtls, type MtlsOptions } from "../../../src/policies/auth/mtls.ts";
import { makeEnv } from "../../support/exchange.ts";
import { through } from "./identity_bed.ts";
import { scripted } from "./scripted_identity.ts";

const FINGERPRINT = Array.from({ length: 32 }, () => "AB").join(":");

function certificate(more: Partial<ClientCertificate> = {}): ClientCertificate {
  return {
    subject: "CN=billing, O=Example",
    issuer: "CN=Clients CA",
    altNames: null,
    serialNumber: "0A",
    fingerprint: FINGERPRINT,
    validTo: Date.UTC(2030, 0, 1),
    ...more,
  };
}

const names = (...values: [type: string, value: string][]) =>
  printAltNames(values.map(([type, value]) => ({ type, value })));
const client = (certificate?: ClientCertificate) => ({
  client: { ip: "192.0.2.7", peer: "192.0.2.7", trusted: false, certificate },
});

Deno.test("mtls() knows who is asking by the connection's certificate", async () => {
  const rows: [altNames: string | null, subject: string][] = [
    [names(["DNS", "Billing.example"], ["URI", "spiffe://example/ns/billing"]), "spiffe://example/ns/billing"],
    [names(["URI", "https://example/a"], ["DNS", "Billing.example"], ["DNS", "b.example"]), "billing.example"],
    [names(["email", "a@b.example"]), "CN=billing, O=Example"],
    [null, "CN=billing, O=Example"],
  ];
  for (const [altNames, subject] of rows) {
    const { status, exchange } = await through(mtls())({}, client(certificate({ altNames })));
    assert.deepEqual([status, exchange.identity], [200, { method: "mtls", subject }]);
    assert.equal(exchange.credentialed, true);
  }
});

Deno.test("mtls() refuses a connection without a certificate, and asks for nothing that browsers could show", async () => {
  const { status, code, challenges, exchange } = await through(mtls())();
  assert.deepEqual([status, code, challenges], [401, "credential_missing", []]);
  assert.equal(exchange.identity, undefined);
});

const NAMED = names(["DNS", "a.clients.example"], ["URI", "spiffe://example/ns/billing/sa/x"], [
  "email",
  "ops@b.example",
]);

const ROWS: readonly (readonly [options: MtlsOptions, passes: boolean])[] = [
  [{ subjects: "CN=billing, O=Example" }, true],
  [{ subjects: ["CN=other", "CN=billing, O=Example"] }, true],
  [{ subjects: "CN=billing" }, false],
  [{ issuers: "CN=Clients CA" }, true],
  [{ issuers: ["CN=Other CA"] }, false],
  [{ altNames: "a.clients.example" }, true],
  [{ altNames: "A.Clients.Example" }, true],
  [{ altNames: "clients.example" }, false],
  [{ altNames: "*.clients.example" }, true],
  [{ altNames: "*.example" }, true],
  [{ altNames: "*.a.clients.example" }, false],
  [{ altNames: "*.b.example" }, false],
  [{ altNames: "spiffe://example/ns/billing/sa/x" }, true],
  [{ altNames: "spiffe://example/ns/billing/sa/X" }, false],
  [{ altNames: "spiffe://example/ns/billing/*" }, true],
  [{ altNames: "spiffe://example/ns/bill/*" }, false],
  [{ altNames: "spiffe://example/ns/billing/sa/x/*" }, false],
  [{ altNames: "ops@b.example" }, true],
  [{ altNames: ["x.example", "ops@b.example"] }, true],
  [{ fingerprints: FINGERPRINT }, true],
  [{ fingerprints: FINGERPRINT.replaceAll(":", "").toLowerCase() }, true],
  [{ fingerprints: "00".repeat(32) }, false],
  [{ altNames: "a.clients.example", issuers: "CN=Clients CA" }, true],
  [{ altNames: "a.clients.example", issuers: "CN=Other CA" }, false],
];

Deno.test("mtls() lets those certificates pass that have everything which is asked for", async () => {
  for (const [options, passes] of ROWS) {
    const { status, code, exchange } = await through(mtls(options))({}, client(certificate({ altNames: NAMED })));
    assert.equal(status, passes ? 200 : 403, JSON.stringify(options));
    if (passes) continue;
    assert.deepEqual([code, exchange.identity, exchange.auth], ["forbidden", undefined, "forbidden"]);
    assert.match(exchange.reason, /^the client's certificate: /);
  }
});

Deno.test("a name is one name, whatever is in it", async () => {
  const odd = certificate({ altNames: names(["URI", "spiffe://example/a, DNS:admin.example"]) });
  assert.equal((await through(mtls({ altNames: "admin.example" }))({}, client(odd))).status, 403);
});

Deno.test("a name is of one kind, whatever it looks like: authorities judge kinds by different rules", async () => {
  const spiffe = "spiffe://example/ns/billing";
  for (
    const [kind, value, pattern] of [
      ["URI", "admin.example", "admin.example"],
      ["email", "admin.example", "admin.example"],
      ["URI", "x.clients.example", "*.clients.example"],
      ["DNS", spiffe, spiffe],
      ["email", spiffe, "spiffe://example/ns/*"],
      ["DNS", "ops@b.example", "ops@b.example"],
      ["URI", "ops@b.example", "ops@b.example"],
    ] as const
  ) {
    const shown = client(certificate({ altNames: names([kind, value]) }));
    assert.equal((await through(mtls({ altNames: pattern }))({}, shown)).status, 403, `${kind}:${value}`);
  }
  const odd = client(certificate({ altNames: names(["DNS", spiffe], ["DNS", "CN=admin"], ["DNS", "b.example"]) }));
  assert.equal((await through(mtls())({}, odd)).exchange.identity?.subject, "b.example", "a host has no such name");
});

Deno.test("mtls() takes no certificate that has expired since it was shown", async () => {
  const env = makeEnv(), ask = through(mtls(), env), shown = client(certificate({ validTo: env.clock.wall() + 1_000 }));
  assert.equal((await ask({}, shown)).status, 200);
  env.clock.advance(1_000);
  const { status, code } = await ask({}, shown);
  assert.deepEqual([status, code], [401, "credential_invalid"]);
  assert.equal(
    (await ask({}, client(certificate({ validTo: NaN })))).status,
    401,
    "nobody knows until when it is good",
  );
});

Deno.test("mtls() finds the consumer of a certificate", async () => {
  const consumer = { name: "acme", groups: ["partner"] };
  const env = {
    ...makeEnv(),
    consumers: {
      ...NO_CONSUMERS,
      ofCertificate: ({ serialNumber }: ClientCertificate) => serialNumber === "0A" ? consumer : undefined,
    },
  };
  const ask = through(mtls(), env);
  const { exchange } = await ask({}, client(certificate()));
  assert.deepEqual(exchange.identity, {
    method: "mtls",
    subject: "CN=billing, O=Example",
    consumer: "acme",
    groups: ["partner"],
  });
  assert.equal((await ask({}, client(certificate({ serialNumber: "0B" })))).exchange.identity?.consumer, undefined);
});

Deno.test("mtls() tells the upstream what it is asked to, in place of what clients say", async () => {
  const headers = {
    "X-Client": "identity",
    "x-subject": "subject",
    "x-issuer": "issuer",
    "x-name": "altName",
    "x-print": "fingerprint",
    "x-serial": "serialNumber",
  } as const;
  const forged = Object.fromEntries(Object.keys(headers).map((name) => [name, "forged"]));
  const ask = through(mtls({ headers }));
  const { exchange } = await ask(forged, client(certificate({ altNames: NAMED, subject: "CN=ü" })));
  assert.deepEqual(
    Object.fromEntries(exchange.headers.flat().flatMap((text, i, all) => i % 2 === 0 ? [[text, all[i + 1]]] : [])),
    {
      "x-client": "spiffe://example/ns/billing/sa/x",
      "x-subject": "CN=\xc3\xbc",
      "x-issuer": "CN=Clients CA",
      "x-name": "a.clients.example",
      "x-print": FINGERPRINT,
      "x-serial": "0A",
    },
  );
  const less = await ask(forged, client(certificate({ subject: "CN=a\nb" })));
  assert.deepEqual(less.exchange.headers.flat(), [
    "x-issuer",
    "CN=Clients CA",
    "x-print",
    FINGERPRINT,
    "x-serial",
    "0A",
  ]);
  const other = await through(anyOf([mtls({ headers }), scripted("a")]))({ ...forged, "x-a": "good" });
  assert.deepEqual(other.exchange.headers.flat(), ["x-a-is", "a-subject"]);
});

const WRONG: readonly (readonly [options: unknown, at: string, message: string])[] = [
  [{ subjects: "billing" }, ".subjects", "a distinguished name has parts with ="],
  [{ subjects: [] }, ".subjects", "at least one subject is needed"],
  [{ altNames: "DNS:a.example" }, ".altNames", "names are written without what kind they are"],
  [{ altNames: "a.*.example" }, ".altNames", "* stands for names below one of DNS, or below a path"],
  [{ altNames: "*.a@b.example" }, ".altNames", "* stands for names below one of DNS, or below a path"],
  [{ altNames: "ns/billing/*" }, ".altNames", "* stands for names below one of DNS, or below a path"],
  [{ altNames: "*.a/*" }, ".altNames", "* stands for names below one of DNS, or below a path"],
  [{ altNames: "*" }, ".altNames", "* stands for names below one of DNS, or below a path"],
  [{ fingerprints: "AB:CD" }, ".fingerprints", "a fingerprint is the SHA-256 of a certificate: 64 hexadecimal digits"],
  [{ headers: { "x a": "subject" } }, '.headers["x a"]', "x a cannot be set: it is no name of a field"],
  [{ headers: { Host: "subject" } }, ".headers.Host", "Host cannot be set: it is a setting of the upstream: host"],
  [
    { headers: { "x-a": "sub" } },
    ".headers.x-a",
    'expected "identity", "subject", "issuer", "altName", "fingerprint" or "serialNumber"',
  ],
];

Deno.test("mtls() that cannot be what it says is an error in its place", () => {
  const listen = { port: 443, tls: { cert: "c", key: "k", clientCertificates: { ca: "ca" } } };
  for (const [options, at, message] of WRONG) {
    const policies = [mtls(options as MtlsOptions)];
    const { issues } = validateConfig({ listen, routes: [{ path: "/", respond: {}, policies }] });
    assert.deepEqual(issues.map(({ path, message }) => [path, message]), [[`routes[0].policies[0]${at}`, message]]);
  }
});

Deno.test("mtls() tells `routes` whom it lets pass", () => {
  const describe = (options: MtlsOptions) => {
    const listen = { port: 443, tls: { cert: "c", key: "k", clientCertificates: { ca: "ca" } } };
    const { config } = validateConfig({ listen, routes: [{ path: "/", respond: {}, policies: [mtls(options)] }] });
    const [policy] = config!.routes[0].policies;
    return definitionOf(policy)!.describe!(policy.options);
  };
  assert.equal(describe({}), "mtls");
  assert.equal(
    describe({ subjects: "CN=a", altNames: ["b", "c"], issuers: "CN=d", fingerprints: FINGERPRINT }),
    "mtls: CN=a, b | c, signed by CN=d, 1 by fingerprint",
  );
});
