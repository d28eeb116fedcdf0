import { strict as assert } from "node:assert";
import { candidates, parseHosts, parseResolvConf } from "../../../src/upstreams/discovery/system_dns.ts";

Deno.test("parseResolvConf() reads what resolv.conf(5) says", () => {
  const servers = (...hostnames: string[]) => hostnames.map((hostname) => ({ hostname, port: 53 }));
  const nothing = { nameservers: servers("127.0.0.1"), search: [], ndots: 1 };
  const table: readonly [text: string, conf: unknown][] = [
    ["", nothing],
    ["nameserver 10.0.0.53\n", { ...nothing, nameservers: servers("10.0.0.53") }],
    [
      "nameserver 10.0.0.53 # main\r\n\tnameserver\tfd00::53\n;nameserver 1.1.1.1\n#nameserver 1.1.1.2",
      { ...nothing, nameservers: servers("10.0.0.53", "fd00::53") },
    ],
    ["nameserver\nnameserver nonsense\nnameserver 300.0.0.1", nothing],
    ["search a.test # b.test", { ...nothing, search: ["a.test"] }],
    ["search a.test b.test", { ...nothing, search: ["a.test", "b.test"] }],
    ["search a.test\ndomain b.test c.test", { ...nothing, search: ["b.test"] }],
    ["domain b.test\nsearch a.test c.test", { ...nothing, search: ["a.test", "c.test"] }],
    ["options rotate ndots:5 timeout:1", { ...nothing, ndots: 5 }],
    ["options ndots:0", { ...nothing, ndots: 0 }],
    ["options ndots:99", { ...nothing, ndots: 15 }],
    ["options ndots:x ndots: ndots", nothing],
    ["sortlist 10.0.0.0\nnonsense", nothing],
  ];
  for (const [text, conf] of table) assert.deepEqual(parseResolvConf(text), conf, JSON.stringify(text));
});

Deno.test("parseHosts() reads what hosts(5) says", () => {
  const text = [
    "127.0.0.1\tlocalhost api.test  # this machine",
    "::1 localhost ip6-localhost",
    "0:0:0:0:0:0:0:1 localhost",
    "# 10.0.0.1 commented.test",
    "10.0.0.2 API.test",
    "nonsense other.test",
    "10.0.0.3",
    "",
  ].join("\r\n");
  assert.deepEqual(
    parseHosts(text),
    new Map([
      ["localhost", ["127.0.0.1", "::1"]],
      ["api.test", ["127.0.0.1", "10.0.0.2"]],
      ["ip6-localhost", ["::1"]],
    ]),
  );
});

Deno.test("candidates() tries the search domains as the number of dots says", () => {
  const search = ["a.test", "b.test"];
  const table: readonly [name: string, ndots: number, names: readonly string[]][] = [
    ["api", 1, ["api.a.test", "api.b.test", "api"]],
    ["api.x", 1, ["api.x", "api.x.a.test", "api.x.b.test"]],
    ["api.x", 2, ["api.x.a.test", "api.x.b.test", "api.x"]],
    ["api.x.y", 2, ["api.x.y", "api.x.y.a.test", "api.x.y.b.test"]],
    ["api", 0, ["api", "api.a.test", "api.b.test"]],
    ["api.", 5, ["api."]],
  ];
  for (const [name, ndots, names] of table) {
    assert.deepEqual(candidates(name, { nameservers: [], search, ndots }), names, `${name}, ndots:${ndots}`);
  }
  assert.deepEqual(candidates("api", { nameservers: [], search: [], ndots: 1 }), ["api"]);
});
