import { strict as assert } from "node:assert";
import { endpointAuthority, hostAuthority } from "../../src/upstreams/endpoint_authority.ts";

for (
  const [scheme, hostname, port, expected] of [
    ["http", "api.internal", 80, "api.internal"],
    ["http", "api.internal", 443, "api.internal:443"],
    ["https", "api.internal", 443, "api.internal"],
    ["https", "api.internal", 80, "api.internal:80"],
    ["http", "10.0.0.1", 8080, "10.0.0.1:8080"],
    ["http", "::1", 80, "[::1]"],
    ["https", "2001:db8::1", 8443, "[2001:db8::1]:8443"],
  ] as const
) {
  Deno.test(`the authority of ${scheme}, ${hostname} and port ${port} is ${expected}`, () => {
    assert.equal(hostAuthority({ scheme, hostname, port }), expected);
    assert.equal(endpointAuthority({ scheme, address: { kind: "tcp", hostname, port } }), expected);
  });
}

Deno.test("a Unix socket has no host but this one", () => {
  assert.equal(endpointAuthority({ scheme: "http", address: { kind: "unix", path: "/run/api.sock" } }), "localhost");
});
