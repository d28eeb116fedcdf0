/** A gateway whose runtime makes traces: a process of its own for a test. Arguments: engine, origin. It ends with its input. */

import { trace } from "@opentelemetry/api";
import { defineGateway, definePolicy } from "gatewright";
import { systemClock } from "../../../src/core/clock.ts";
import { silentLog } from "../../../src/core/log.ts";
import { systemRandom } from "../../../src/core/random.ts";
import { startTracing } from "../../../src/telemetry/traces/start_tracing.ts";
import { TestGateway } from "../../support/test_gateway.ts";
import { ALL } from "./kept_spans.ts";

const [engine, origin] = Deno.args as ["h1" | "serve", `http://${string}`];
const tracing = await startTracing(
  { ...ALL, responseHeader: "x-trace-id" },
  { service: "shop", attributes: {} },
  { clock: systemClock, random: systemRandom, log: silentLog, secrets: () => ({ error: "none" }) },
);
const config = defineGateway({
  upstreams: { h1: origin, h2: { endpoints: [origin], protocol: "h2" } },
  routes: [
    {
      path: "/mine/:id",
      handler: (ctx) => {
        trace.getTracer("mine").startSpan("look-up").end();
        return new Response(`${ctx.traceId}`, { status: 503 });
      },
    },
    { path: "/h1/:id", upstream: "h1" },
    {
      path: "/h2/:id",
      upstream: "h2",
      policies: [definePolicy({ name: "mine", handle: (_ctx, next) => next() })],
    },
  ],
});
const gateway = TestGateway.start(config, { tracing }, { engine });
console.log(gateway.url);
await Deno.stdin.readable.pipeTo(new WritableStream());
await gateway[Symbol.asyncDispose]();
await tracing.close();
