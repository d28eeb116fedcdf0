import { strict as assert } from "node:assert";
import { secret, type SecretValue } from "../../../src/core/secret.ts";
import { collectorOf, exported } from "../../../src/telemetry/otlp/collector.ts";
import type { OtlpPlan } from "../../../src/telemetry/telemetry_plan.ts";

const PLAN: OtlpPlan = {
  url: "http://127.0.0.1:4318/v1/metrics",
  protocol: "http/json",
  headers: { "x-team": "edge", authorization: secret.env("TOKEN") },
  compression: "none",
  timeout: 500,
};

Deno.test("a collector's secrets are read for each request, and one that cannot be had is left out", async () => {
  let token: SecretValue = { value: "one" };
  const { init, close } = await collectorOf(PLAN, () => token);
  const headers = () => (init.headers as () => Promise<Record<string, string>>)();
  assert.deepEqual(await headers(), { "x-team": "edge", authorization: "one" });
  token = { value: "two" };
  assert.deepEqual(await headers(), { "x-team": "edge", authorization: "two" });
  token = { error: "TOKEN is not set" };
  assert.deepEqual(await headers(), { "x-team": "edge" });
  close();
});

const RESULTS: readonly (readonly [{ code: number; error?: unknown }, string | null])[] = [
  [{ code: 0 }, null],
  [{ code: 1 }, "the collector did not take it"],
  [
    { code: 1, error: Object.assign(new Error("Unauthorized: Bearer s3cret"), { code: 401 }) },
    "the collector answered 401",
  ],
  [
    { code: 1, error: Object.assign(new Error("connect ECONNREFUSED 10.0.0.1"), { code: "ECONNREFUSED" }) },
    "the collector cannot be reached: ECONNREFUSED",
  ],
  [{ code: 1, error: new Error("Request timed out") }, "Request timed out"],
];
for (const [result, reason] of RESULTS) {
  Deno.test(`exported() gives ${reason} for ${result.error ?? `code ${result.code}`}`, async () => {
    assert.equal(await exported((done) => done(result)), reason);
  });
}

Deno.test("exported() gives what an exporter has thrown", async () => {
  const reason = await exported(() => {
    throw new Error("nothing to send");
  });
  assert.equal(reason, "nothing to send");
});
