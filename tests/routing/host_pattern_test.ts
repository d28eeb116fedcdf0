import { strict as assert } from "node:assert";
import { compareHosts, hostError } from "../../src/routing/host_pattern.ts";
import { HostTable } from "../../src/routing/host_table.ts";

for (
  const host of [
    "localhost",
    "api.example.com",
    "*.example.com",
    "*.com",
    "API.example.com",
    "a_b.c-d.e",
    "127.0.0.1",
    "[::1]",
    "xn--caf-dma.fr",
  ]
) {
  Deno.test(`hostError() takes ${host}`, () => assert.equal(hostError(host), null));
}

const ERRORS: [host: string, message: RegExp, remedy: string][] = [
  ["", /no host/, "no host, which takes every host"],
  ["*", /no host/, "no host, which takes every host"],
  ["https://a.com:8443/x", /URL/, `"a.com"`],
  ["a.com:8080", /without port/, `"a.com"`],
  ["[::1]:80", /without port/, `"[::1]"`],
  ["a.com.", /ends with a dot/, `"a.com"`],
  ["a.*.com", /first label/, `"*.com"`],
  ["*a.com", /first label/, `"*.com"`],
  ["*.*.com", /first label/, `"*.com"`],
  ["café.fr", /not in ASCII/, `"xn--caf-dma.fr"`],
  ["*.café.fr", /not in ASCII/, `"*.xn--caf-dma.fr"`],
  ["a..com", /no host name/, `a name such as "api.example.com" or "*.example.com"`],
  ["a com", /no host name/, `a name such as "api.example.com" or "*.example.com"`],
  ["a/b", /no host name/, `a name such as "api.example.com" or "*.example.com"`],
];

for (const [host, message, remedy] of ERRORS) {
  Deno.test(`hostError(${JSON.stringify(host)}) says what to write: ${remedy}`, () => {
    const error = hostError(host);
    assert(error !== null, "no error");
    assert.match(error.message, message);
    assert.equal(error.remedy, remedy);
  });
}

Deno.test("compareHosts() puts exact names first, then wildcards from the longest, then any host", () => {
  const order = ["a.com", "b.a.com", "*.c.a.com", "*.a.com", "*.b.com", "*.com", ""];
  assert.deepEqual(order.toReversed().sort(compareHosts), order);
});

Deno.test("HostTable.at() gives a host's groups from the most specific on", () => {
  const table = new HostTable<string>();
  for (const host of ["", "*.com", "*.a.com", "b.a.com", "*.b.a.com", "c.com"]) table.ensure(host, () => host);
  const groups = (host: string) =>
    Array.from({ length: table.size }, (_, level) => table.at(level, host)).filter((group) => group !== undefined);
  assert.deepEqual(groups("b.a.com"), ["b.a.com", "*.a.com", "*.com", ""]);
  assert.deepEqual(groups("x.b.a.com"), ["*.b.a.com", "*.a.com", "*.com", ""]);
  assert.deepEqual(groups("a.com"), ["*.com", ""]);
  assert.deepEqual(groups("com"), [""]);
  assert.equal(table.ensure("c.com", () => "another"), "c.com");
});
