import { strict as assert } from "node:assert";
import { h2Limits, type H2Upstream } from "../../src/upstreams/h2_limits.ts";
import type { UpstreamTlsPlan } from "../../src/upstreams/upstream_plan.ts";

const TLS: UpstreamTlsPlan = { serverName: null, ca: null, cert: null, key: null, insecureSkipVerify: false };

/** An upstream in HTTP/2 with these endpoints. */
function upstream(urls: readonly string[], rest: Partial<H2Upstream> = {}): H2Upstream {
  const endpoints = urls.map((text) => {
    const url = new URL(text), scheme = url.protocol === "https:" ? "https" as const : "http" as const;
    const port = url.port === "" ? (scheme === "https" ? 443 : 80) : Number(url.port);
    return {
      url: text,
      scheme,
      address: { kind: "tcp" as const, hostname: url.hostname, port },
      weight: 1,
      tier: 0,
      maxInFlight: null,
      demo: null,
    };
  });
  return { endpoints, dns: null, health: null, protocol: "h2", host: "endpoint", tls: null, ...rest };
}

const FINE: readonly [what: string, upstream: H2Upstream][] = [
  ["cleartext with any Host", upstream(["http://a:8080", "http://b"], { host: "client" })],
  ["cleartext with a Host of its own", upstream(["http://a:8080"], { host: { value: "x" } })],
  ["TLS", upstream(["https://a", "https://b:8443"], { tls: TLS })],
  [
    "TLS with the name that the endpoint has",
    upstream(["https://a.example"], { tls: { ...TLS, serverName: "A.example" } }),
  ],
  ["TLS with the Host that the endpoint has", upstream(["https://a:8443"], { host: { value: "a:8443" } })],
  [
    "anything in HTTP/1.1",
    upstream(["https://a:22"], {
      protocol: "h1",
      host: "client",
      tls: { ...TLS, serverName: "b", insecureSkipVerify: true },
    }),
  ],
];
for (const [what, settings] of FINE) {
  Deno.test(`h2Limits() has nothing against ${what}`, () => assert.deepEqual(h2Limits(settings), []));
}

Deno.test("h2Limits() names every setting that HTTP/2 through fetch cannot honour, and what to write instead", () => {
  const tls = { ...TLS, serverName: "Inner.example", insecureSkipVerify: true };
  assert.deepEqual(h2Limits(upstream(["https://a:8443", "https://b:6000"], { tls, host: "client" })), [
    {
      at: ["endpoints", 1],
      message: "the runtime's client, which speaks HTTP/2, never connects to port 6000",
      seen: "https://b:6000",
      remedy: 'another port, or protocol: "h1"',
    },
    {
      at: ["tls", "serverName"],
      message: "over HTTP/2 the name asked for is the endpoint's own host, a",
      seen: '"Inner.example"',
      remedy: 'the endpoint "https://inner.example:8443", or protocol: "h1"',
    },
    {
      at: ["tls", "insecureSkipVerify"],
      message: "over HTTP/2 certificates are always verified",
      seen: "true",
      remedy: "ca: the certificate of the authority that signed the upstream's",
    },
    {
      at: ["host"],
      message: "over HTTP/2 with TLS the Host sent is the endpoint's own",
      seen: '"client"',
      remedy: '"endpoint", or protocol: "h1"',
    },
  ]);
});

Deno.test("h2Limits() sees a Host that only one of two endpoints has", () => {
  const found = h2Limits(upstream(["https://a", "https://b"], { host: { value: "a" } }));
  assert.deepEqual(found.map(({ at, seen }) => [at, seen]), [[["host"], '"a"']]);
});
