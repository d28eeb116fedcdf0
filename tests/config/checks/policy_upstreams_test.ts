import { strict as assert } from "node:assert";
import { headers, jwt } from "gatewright";
import { validateConfig } from "../../../src/config/validate.ts";

const keysAt = (upstream: string) =>
  jwt({ issuer: "https://id.example", audience: "api", jwks: { upstream, path: "/keys" } });
const config = (policies: readonly unknown[], upstreams = ["id"]) => ({
  upstreams: Object.fromEntries(upstreams.map((name, i) => [name, `http://127.0.0.1:${9001 + i}`])),
  routes: [{ path: "/a", respond: {}, policies }],
});
const NOT_CALLED = 'jwt calls upstream "idd", but upstreams has none of this name';

const ROWS: readonly (readonly [what: string, config: object, expected: readonly string[]])[] = [
  ["one that a policy calls is used", config([keysAt("id")]), []],
  ["one that nothing calls is not", config([keysAt("id")], ["id", "other"]), [
    "warning upstreams.other: nothing uses this upstream",
  ]],
  ["one that was probably meant counts as used", config([keysAt("idd")]), [
    `error routes[0].policies[0]: ${NOT_CALLED}, did you mean "id"?`,
  ]],
  ["one that is far from all there are", config([keysAt("idd")], ["elsewhere"]), [
    "warning upstreams.elsewhere: nothing uses this upstream",
    `error routes[0].policies[0]: ${NOT_CALLED}`,
  ]],
  ["a policy of which it is not known what it calls", config([headers({ wrong: true } as object)]), [
    "error routes[0].policies[0].wrong: unknown key",
  ]],
];

for (const [what, config, expected] of ROWS) {
  Deno.test(`upstreams of policies: ${what}`, () => {
    const { issues } = validateConfig(config);
    assert.deepEqual(issues.map(({ severity, path, message }) => `${severity} ${path}: ${message}`), expected);
  });
}
