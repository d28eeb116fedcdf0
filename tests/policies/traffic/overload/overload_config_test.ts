import { strict as assert } from "node:assert";
import { parse } from "yaml";
import { compilePlan } from "../../../../src/compile/compile.ts";
import { jsonSchema } from "../../../../src/config/json_schema.ts";
import { loadConfig } from "../../../../src/config/load_config.ts";
import { validateConfig } from "../../../../src/config/validate.ts";
import { adaptiveConcurrency } from "../../../../src/policies/traffic/adaptive_concurrency.ts";
import { concurrencyLimit } from "../../../../src/policies/traffic/concurrency_limit.ts";
import { loadShed } from "../../../../src/policies/traffic/load_shed.ts";
import { draft7Errors } from "../../../config/draft7.ts";
import { TempDir } from "../../../support/temp_dir.ts";

const YAML = `routes:
  - path: /a
    respond: {}
    policies:
      - loadShed: { maxInFlight: 500, priority: { by: route, is: { /a: low } } }
      - concurrencyLimit: { max: 10, queue: 5, queueTimeout: 200ms, key: ["header:x-key", ip] }
      - adaptiveConcurrency
      - loadShed
`;

Deno.test("the policies against overload are in YAML what they are in TypeScript", async () => {
  await using dir = await TempDir.make({ "a.yaml": YAML });
  const loaded = await loadConfig(dir.join("a.yaml"));
  assert.ok(!("issues" in loaded));
  const policies = [
    loadShed({ maxInFlight: 500, priority: { by: "route", is: { "/a": "low" } } }),
    concurrencyLimit({ max: 10, queue: 5, queueTimeout: "200ms", key: ["header:x-key", "ip"] }),
    adaptiveConcurrency(),
    loadShed(),
  ];
  const written = validateConfig({ routes: [{ path: "/a", respond: {}, policies }] });
  const [fromYaml, fromTs] = [validateConfig(loaded.value, loaded), written].map(({ config }) => {
    return compilePlan(config!).plan.routes[0].policies;
  });
  assert.deepEqual(fromYaml, fromTs);
  assert.deepEqual(fromYaml.map(({ id, summary }) => [id, summary]), [
    ["/a/loadShed", "loadShed: event loop 100ms late or 500 under way, priority by route"],
    ["/a/concurrencyLimit", "concurrencyLimit: 10 under way per header:x-key or ip, 5 waiting for 200ms"],
    ["/a/adaptiveConcurrency", "adaptiveConcurrency: 3 to 1000 under way, by latency"],
    ["/a/loadShed#2", "loadShed: event loop 100ms late, normal priority"],
  ]);
});

Deno.test("the policies against overload in the JSON Schema: what editors take and refuse", () => {
  const errors = (policy: string) =>
    draft7Errors(jsonSchema(), parse(`routes: [{ path: /a, respond: {}, policies: [${policy}] }]`));
  assert.deepEqual(draft7Errors(jsonSchema(), parse(YAML)), []);
  for (
    const policy of [
      "concurrencyLimit: {}",
      "concurrencyLimit: { max: 0 }",
      "adaptiveConcurrency: { probe: 30s }",
      "adaptiveConcurrency: { limit: 5 }",
      "loadShed: { priority: urgent }",
      "loadShed: { maxEventLoopDelay: true }",
    ]
  ) assert.notDeepEqual(errors(policy), [], policy);
});
