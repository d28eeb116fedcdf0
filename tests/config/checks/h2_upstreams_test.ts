import { strict as assert } from "node:assert";
import { checkH2Upstreams } from "../../../src/config/checks/h2_upstreams.ts";
import { draftOf } from "../../../src/config/draft.ts";
import { pathText } from "../../../src/config/finding.ts";

/** What is found about one upstream, as `place: message`. */
function messages(upstream: unknown): string[] {
  const routes = [{ path: "/", upstream: "a" }];
  return checkH2Upstreams(draftOf({ upstreams: { a: upstream }, routes })).map(({ at, severity = "error", message }) =>
    `${severity} ${pathText(at)}: ${message}`
  );
}

const RULES: readonly [what: string, upstream: unknown, messages: readonly string[]][] = [
  ["cleartext", { endpoints: ["http://a:8080"], protocol: "h2" }, []],
  ["TLS", { endpoints: ["https://a"], protocol: "h2", tls: { cert: "c.pem", key: { env: "K" } } }, []],
  ["a port that is never connected to", { endpoints: ["http://a", { url: "http://a:6000" }], protocol: "h2" }, [
    "error upstreams.a.endpoints[1]: the runtime's client, which speaks HTTP/2, never connects to port 6000",
  ]],
  ["the same port in HTTP/1.1", { endpoints: ["http://a:6000"] }, []],
  ["another server name", { endpoints: ["https://a"], protocol: "h2", tls: { serverName: "b.example" } }, [
    "error upstreams.a.tls.serverName: over HTTP/2 the name asked for is the endpoint's own host, a",
  ]],
  [
    "certificates that nobody looks at",
    { endpoints: ["https://a"], protocol: "h2", tls: { insecureSkipVerify: true } },
    [
      "error upstreams.a.tls.insecureSkipVerify: over HTTP/2 certificates are always verified",
    ],
  ],
  ["the client's Host over TLS", { endpoints: ["https://a"], protocol: "h2", host: "client" }, [
    "error upstreams.a.host: over HTTP/2 with TLS the Host sent is the endpoint's own",
  ]],
  ["an authority", { endpoints: ["https://a"], protocol: "h2", tls: { ca: "ca.pem" } }, [
    "warning upstreams.a.tls.ca: over HTTP/2 this authority is believed beside the public ones, not in their place",
  ]],
  ["cleartext to what DNS finds", { endpoints: { dns: "http://a" }, protocol: "h2", host: "client" }, []],
  ["TLS to what DNS finds", { endpoints: { dns: "https://a" }, protocol: "h2", host: "client" }, [
    "error upstreams.a.protocol: over HTTP/2 with TLS an endpoint is asked for by its own name, and DNS finds addresses",
  ]],
  ["an upstream that could not be read", { endpoints: ["https://a:6000"], protocol: "h3" }, []],
];
for (const [what, upstream, expected] of RULES) {
  Deno.test(`checkH2Upstreams() on ${what}`, () => assert.deepEqual(messages(upstream), expected));
}
