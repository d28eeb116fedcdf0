import assert from "node:assert/strict";
import { trace } from "@opentelemetry/api";
import { allow, apiKey, basicAuth, guard, transform } from "gatewright";
import type { Handler } from "../../../src/core/handler.ts";
import { definitionOf, type Policy } from "../../../src/core/policy.ts";
import { Reply } from "../../../src/core/reply.ts";
import { definePolicy } from "../../../src/policies/define_policy.ts";
import { routeHandler } from "../../../src/policies/targets/route_handler.ts";
import { type ExchangeOptions, makeEnv, makeExchange } from "../../support/exchange.ts";
import { KeptSpans } from "./kept_spans.ts";

const env = makeEnv();

function built(policy: Policy, next: Handler): Handler {
  const definition = definitionOf(policy)!;
  return definition.build(definition.schema.parse(policy.options), env, "routes[0].mine")(next);
}

const tracer = () => trace.getTracer("mine");

Deno.test("in a policy that users wrote, the request's span is active, and theirs stand under it", async () => {
  await using kept = new KeptSpans();
  let inNext: unknown = "never called";
  const mine = definePolicy({
    name: "mine",
    async handle(ctx, next) {
      trace.getActiveSpan()!.setAttribute("tenant", "acme");
      await Promise.resolve();
      assert.equal(trace.getActiveSpan()!.spanContext().traceId, ctx.traceId);
      tracer().startActiveSpan("look-up", (span) => {
        tracer().startSpan("deep").end();
        span.end();
      });
      const reply = await next();
      tracer().startSpan("after").end();
      return reply;
    },
  });
  await kept.send(
    makeExchange(),
    built(mine, () => {
      inNext = trace.getActiveSpan();
      return Reply.text(200, "");
    }),
  );
  const server = kept.named("GET /products/:id");
  assert.equal(server.attributes.tenant, "acme");
  assert.equal(kept.named("look-up").parentSpanContext?.spanId, server.spanContext().spanId);
  assert.equal(kept.named("deep").parentSpanContext?.spanId, kept.named("look-up").spanContext().spanId);
  assert.equal(kept.named("after").parentSpanContext?.spanId, server.spanContext().spanId);
  assert.equal(kept.named("deep").instrumentationScope.name, "mine");
  assert.equal(inNext, undefined, "what the gateway does by itself knows of no span");
});

Deno.test("requests side by side have their own spans in a route's handler", async () => {
  await using kept = new KeptSpans();
  const seen: string[] = [];
  const handler = routeHandler(
    async (ctx) => {
      await new Promise((resolve) => queueMicrotask(() => resolve(null)));
      seen.push(`${trace.getActiveSpan()?.spanContext().traceId === ctx.traceId}`);
      return new Response("ok");
    },
    env,
    "r",
  );
  await Promise.all([makeExchange(), makeExchange(), makeExchange()].map((exchange) => kept.send(exchange, handler)));
  assert.deepEqual(seen, ["true", "true", "true"]);
  assert.equal(trace.getActiveSpan(), undefined);
});

Deno.test("what users begin in a request that is not recorded is not recorded either", async () => {
  await using kept = new KeptSpans({ sample: 0 });
  let recording: boolean | undefined, traceId: string | undefined;
  await kept.send(
    makeExchange(),
    routeHandler(
      (ctx) => {
        const span = tracer().startSpan("look-up");
        recording = span.isRecording();
        traceId = span.spanContext().traceId;
        span.end();
        return new Response(ctx.traceId);
      },
      env,
      "r",
    ),
  );
  assert.equal(recording, false);
  assert.match(traceId!, /^[0-9a-f]{32}$/);
  assert.deepEqual(kept.spans, []);
});

Deno.test("in requests that are not recorded, a function finds its trace once somebody has looked", async () => {
  await using kept = new KeptSpans({ sample: 0 });
  const found: (string | undefined)[] = [], ids: (string | undefined)[] = [], behind: unknown[] = [];
  const mine = definePolicy({
    name: "mine",
    async handle(ctx, next) {
      await Promise.resolve();
      found.push(trace.getActiveSpan()?.spanContext().traceId);
      ids.push(ctx.traceId);
      return next();
    },
  });
  const send = (policy: Policy) =>
    kept.send(
      makeExchange(),
      built(policy, () => {
        behind.push(trace.getActiveSpan());
        return Reply.text(200, "");
      }),
    );
  const looks = definePolicy({ name: "looks", handle: (_ctx, next) => (trace.getActiveSpan(), next()) });
  await send(mine);
  await send(looks);
  await send(mine);
  assert.equal(found[0], undefined);
  assert.equal(found[1], ids[1]);
  assert.deepEqual(behind, [undefined, undefined, undefined]);
});

Deno.test("users' spans go the way of their request's", async () => {
  await using kept = new KeptSpans({ sample: 0, keepErrors: true });
  const handler = (status: number) =>
    routeHandler(
      () => {
        tracer().startSpan(`look-up for ${status}`).end();
        return new Response("", { status });
      },
      env,
      "r",
    );
  await kept.send(makeExchange(), handler(200));
  await kept.send(makeExchange(), handler(500));
  assert.deepEqual(kept.names(), ["look-up for 500", "GET /products/:id"]);
});

Deno.test("without traces there is no id, and nothing is active", () => {
  const exchange = makeExchange();
  let seen: unknown = "never called";
  const handler = routeHandler(
    (ctx) => {
      seen = ctx.traceId;
      return new Response("ok");
    },
    env,
    "r",
  );
  handler(exchange);
  assert.equal(seen, undefined);
});

for (const sample of [0, 1]) {
  Deno.test(`of users' work outside of requests a share of ${sample} is recorded`, async () => {
    await using kept = new KeptSpans({ sample });
    tracer().startSpan("timer").end();
    assert.equal(kept.spans.length, sample);
  });
}

/** Does what its author does with the API, and then answers. */
async function looksUp<T>(answer: T): Promise<T> {
  await Promise.resolve();
  tracer().startSpan("look-up").end();
  return answer;
}

const FUNCTIONS: readonly [what: string, policy: Policy, request: ExchangeOptions][] = [
  ["guard()", guard({ check: () => looksUp(true) }), {}],
  ["allow()", allow({ when: () => looksUp(true) }), {}],
  ["transform()", transform({ request: { body: (value) => looksUp(value) } }), {
    method: "POST",
    headers: [["content-type", "application/json"], ["content-length", "2"]],
    body: new TextEncoder().encode("{}"),
  }],
  ["apiKey()", apiKey({ find: () => looksUp({ subject: "a" }) }), { headers: [["x-api-key", "k".repeat(32)]] }],
  ["basicAuth()", basicAuth({ verify: () => looksUp(true) }), { headers: [["authorization", `Basic ${btoa("a:b")}`]] }],
];
for (const [what, policy, request] of FUNCTIONS) {
  Deno.test(`what functions of ${what} begin is part of the request's trace, and what comes behind it is not`, async () => {
    await using kept = new KeptSpans();
    const exchange = makeExchange(request), behind: unknown[] = [];
    exchange.identity = { method: "apiKey", subject: "a" };
    await kept.send(
      exchange,
      built(policy, () => {
        behind.push(trace.getActiveSpan());
        return Reply.text(200, "");
      }),
    );
    assert.equal(
      kept.named("look-up").parentSpanContext?.spanId,
      kept.named(`${exchange.method} /products/:id`).spanContext().spanId,
    );
    assert.deepEqual(behind, [undefined]);
  });
}
