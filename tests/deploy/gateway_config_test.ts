import { strict as assert } from "node:assert";
import config from "../../deploy/gateway.config.ts";
import { compilePlan } from "../../src/compile/compile.ts";
import { validateConfig } from "../../src/config/validate.ts";
import { source } from "../gate/tree.ts";

Deno.test("compose: the gateway's config has no issue, and sends traces to Jaeger", () => {
  const { config: valid, issues } = validateConfig(config);
  assert.deepEqual(issues, []);
  const { plan, issues: more } = compilePlan(valid!);
  assert.deepEqual(more, []);
  const { to } = plan.telemetry.traces!;
  assert.equal(to.kind === "otlp" && to.otlp.url, "http://jaeger:4318/v1/traces");
});

Deno.test("compose: it is told to stop no sooner than it has drained", () => {
  const { shutdown } = compilePlan(validateConfig(config).config!).plan;
  const [, grace] = /stop_grace_period: (\d+)s/.exec(source("deploy/compose.yaml").text)!;
  assert.ok(Number(grace) * 1000 > shutdown.delay + shutdown.grace);
});
