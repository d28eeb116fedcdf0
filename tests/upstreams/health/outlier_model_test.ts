import { strict as assert } from "node:assert";
import fc from "fast-check";
import { CONNECT_ERROR, NOBODYS, RESET, TIMEOUT } from "../../../src/upstreams/outcome_set.ts";
import { OutlierHarness } from "./outlier_harness.ts";

const IDS = "abcdef";
const TICK = 50;

/** What is known of an endpoint in the obvious way. */
interface Model {
  gatewayErrors: number;
  serverErrors: number;
  until: number;
  level: number;
  quietSince: number;
}

type Step =
  | { readonly kind: "hear"; readonly at: number; readonly code: number; readonly times: number }
  | { readonly kind: "pass"; readonly ticks: number }
  | { readonly kind: "health"; readonly at: number; readonly up: boolean }
  | { readonly kind: "members"; readonly ids: string };

const at = fc.nat({ max: IDS.length - 1 });
const code = fc.constantFrom(200, 404, 500, 502, 503, 504, 505, CONNECT_ERROR, RESET, TIMEOUT, NOBODYS);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({ kind: fc.constant("hear" as const), at, code, times: fc.integer({ min: 1, max: 6 }) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("pass" as const), ticks: fc.integer({ min: 1, max: 100 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("health" as const), at, up: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("members" as const),
      ids: fc.subarray([...IDS]).map((ids) => ids.join("")),
    }),
  },
);

Deno.test("outlier detection agrees with a model: rows, time that grows and shrinks, the share, the last one", () => {
  const plan = fc.record({
    consecutiveGatewayErrors: fc.option(fc.integer({ min: 1, max: 4 })),
    consecutive5xx: fc.option(fc.integer({ min: 1, max: 6 })),
    ejectFor: fc.constantFrom(500, 1_000),
    maxEjectFor: fc.constantFrom(1_000, 2_700, 10_000),
    maxEjected: fc.constantFrom(0, 0.2, 0.34, 0.5, 1),
  });
  fc.assert(fc.property(plan, fc.array(step, { maxLength: 120 }), (plan, steps) => {
    using harness = new OutlierHarness(IDS, plan);
    let models = new Map<string, Model>([...IDS].map((id) => [id, fresh()]));
    const out = () => [...models].filter(([, { until }]) => until > 0).map(([id]) => id);
    for (const step of steps) {
      const now = harness.clock.now();
      if (step.kind === "pass") {
        for (let i = 1; i <= step.ticks; i++) {
          harness.clock.advance(TICK);
          for (const model of models.values()) {
            if (model.until !== now + i * TICK) continue;
            Object.assign(model, fresh(), { level: model.level, quietSince: model.until });
          }
          assert.equal(harness.out, out().join(""));
        }
      } else if (step.kind === "members") {
        const ups = new Map([...harness.endpoints.values()].map(({ id, up }) => [id, up]));
        harness.members(step.ids);
        for (const endpoint of harness.endpoints.values()) endpoint.up = ups.get(endpoint.id) ?? true;
        models = new Map([...step.ids].map((id) => [id, models.get(id) ?? fresh()]));
      } else if (step.kind === "health") {
        const endpoint = harness.endpoints.get(IDS[step.at]);
        if (endpoint !== undefined) endpoint.up = step.up;
      } else {
        const id = IDS[step.at], model = models.get(id);
        for (let i = 0; model !== undefined && i < step.times; i++) {
          harness.hear(id, step.code);
          if (model.until > 0 || step.code === NOBODYS) continue;
          const gateway = step.code < 100 || [502, 503, 504].includes(step.code), server = gateway || step.code >= 500;
          model.gatewayErrors = gateway ? model.gatewayErrors + 1 : 0;
          model.serverErrors = server ? model.serverErrors + 1 : 0;
          const wanted = server && (model.gatewayErrors >= (plan.consecutiveGatewayErrors ?? Infinity) ||
            model.serverErrors >= (plan.consecutive5xx ?? Infinity));
          const left = [...harness.endpoints.values()].filter((other) =>
            other.id !== id && other.up && !out().includes(other.id)
          );
          const share = (out().length + 1) / models.size;
          if (!wanted || left.length === 0 || (out().length > 0 && share > plan.maxEjected)) continue;
          const forgotten = Math.floor((now - model.quietSince) / plan.ejectFor);
          model.level = Math.min(Math.max(0, model.level - forgotten) + 1, Math.ceil(plan.maxEjectFor / plan.ejectFor));
          model.until = now + Math.min(model.level * plan.ejectFor, plan.maxEjectFor);
        }
      }
      assert.equal(harness.out, out().join(""));
      assert.equal(harness.deadlines.size, out().length);
    }
  }));
});

function fresh(): Model {
  return { gatewayErrors: 0, serverErrors: 0, until: 0, level: 0, quietSince: 0 };
}
