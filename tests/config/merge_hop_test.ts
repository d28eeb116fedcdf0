import { strict as assert } from "node:assert";
import { mergeHop } from "../../src/config/merge_hop.ts";
import type { ValidHop } from "../../src/config/valid_config.ts";
import { validateConfig } from "../../src/config/validate.ts";
import { DEFAULT_SETTINGS, DEFAULT_TIMEOUTS } from "../../src/upstreams/default_upstream.ts";
import { DEFAULT_RETRY } from "../../src/upstreams/retry/retry_plan.ts";
import type { HopPlan } from "../../src/upstreams/upstream_plan.ts";

const SILENT: ValidHop = { timeouts: {}, retry: {}, hedge: {} };
const UPSTREAM: HopPlan = {
  timeouts: { ...DEFAULT_TIMEOUTS, head: 7, total: 9 },
  retry: { ...DEFAULT_RETRY, attempts: 5, buffer: 1 },
  hedge: { after: 3, max: 2 },
};

Deno.test("mergeHop() leaves the upstream's settings where the route says nothing", () => {
  assert.deepEqual(mergeHop(UPSTREAM, SILENT), UPSTREAM);
  assert.deepEqual(mergeHop({ ...UPSTREAM, retry: null, hedge: null }, SILENT), {
    ...UPSTREAM,
    retry: null,
    hedge: null,
  });
});

Deno.test("mergeHop() puts each field of the route in place of the upstream's", () => {
  const merged = mergeHop(UPSTREAM, {
    timeouts: { connect: 1, total: null },
    retry: { attempts: 3, budget: null },
    hedge: { after: { percentile: 95 } },
  });
  assert.deepEqual(merged, {
    timeouts: { ...UPSTREAM.timeouts, connect: 1, total: null },
    retry: { ...DEFAULT_RETRY, attempts: 3, buffer: 1, budget: null },
    hedge: { after: { percentile: 95 }, max: 2 },
  });
});

Deno.test("mergeHop() switches off what is null, and on what the upstream has not", () => {
  const off = mergeHop(UPSTREAM, { ...SILENT, retry: null, hedge: null });
  assert.deepEqual([off.retry, off.hedge], [null, null]);
  const on = mergeHop({ ...UPSTREAM, retry: null, hedge: null }, {
    ...SILENT,
    retry: { buffer: 2 },
    hedge: { after: 5 },
  });
  assert.deepEqual([on.retry, on.hedge], [{ ...DEFAULT_RETRY, buffer: 2 }, { after: 5, max: 1 }]);
});

Deno.test("a setting that is there in name only says nothing", () => {
  const { config } = validateConfig({
    upstreams: { a: { endpoints: ["http://b"], retry: { attempts: undefined, on: undefined } } },
    routes: [{
      path: "/",
      upstream: "a",
      timeouts: { head: undefined, total: undefined },
      retry: { attempts: undefined },
      hedge: { after: "1s", max: undefined },
    }],
  });
  assert.deepEqual(config?.upstreams[0].retry, DEFAULT_SETTINGS.retry);
  const { target } = config!.routes[0];
  assert.ok(target.kind === "upstream");
  assert.deepEqual([target.timeouts, target.retry, target.hedge], [{}, {}, { after: 1_000 }]);
});
