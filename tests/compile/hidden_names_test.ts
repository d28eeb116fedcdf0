import { strict as assert } from "node:assert";
import { anyOf, apiKey, defineGateway, type Gateway, headers, introspect, jwt, secret } from "gatewright";
import { compilePlan } from "../../src/compile/compile.ts";
import { validateConfig } from "../../src/config/validate.ts";
import { formatIssue } from "../../src/core/issue.ts";
import { USUAL_REDACTIONS } from "../../src/telemetry/access_log/usual_redactions.ts";

/** What the access log leaves out beside the usual. */
function hidden(config: Gateway): readonly string[] | undefined {
  const validated = validateConfig(config);
  assert.ok(validated.config !== null, validated.issues.map(formatIssue).join("\n"));
  const { accessLog } = compilePlan(validated.config).plan.telemetry;
  return accessLog?.redact.filter((name) => !USUAL_REDACTIONS.includes(name));
}

const keys = [{ hash: `sha256:${"0".repeat(64)}` as const }];

Deno.test("the access log leaves out where the config's policies take credentials from and write secrets to", () => {
  const config = {
    upstreams: { shop: "http://127.0.0.1:1" },
    policies: [headers({ request: { set: { "X-Origin-Key": secret.env("KEY"), "x-plain": "a" } } })],
    consumers: {
      acme: {
        policies: [headers({
          request: { append: { "x-a": secret.env("KEY") } },
          response: { set: { "x-b": secret.env("KEY") }, append: { "x-c": secret.env("KEY") } },
        })],
      },
    },
    routes: [
      {
        path: "/",
        upstream: "shop",
        policies: [anyOf([
          apiKey({ in: ["header:X-Shop-Key", "query:shopKey", "cookie:shop"], keys }),
          jwt({ in: "header:x-shop-token", secret: secret.env("KEY"), audience: "any", issuer: "shop" }),
        ])],
      },
      {
        path: "/b",
        upstream: "shop",
        policies: [introspect({
          in: "header:x-other",
          endpoint: { upstream: "shop", path: "/introspect" },
          clientId: "gatewright",
          clientSecret: secret.env("KEY"),
        })],
      },
    ],
  } as const;
  const FOUND = ["x-origin-key", "x-a", "x-b", "x-c", "x-shop-key", "shopkey", "x-shop-token", "x-other"];
  assert.deepEqual(hidden(defineGateway(config)), FOUND);
  const redact = ["X-A", "session"];
  assert.deepEqual(hidden(defineGateway({ ...config, telemetry: { accessLog: { redact } } })), [
    ...["x-a", "session", "x-origin-key", "x-b"],
    ...FOUND.slice(3),
  ]);
  assert.equal(hidden(defineGateway({ ...config, telemetry: { accessLog: false } })), undefined);
});
