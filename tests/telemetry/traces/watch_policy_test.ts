import assert from "node:assert/strict";
import { SpanStatusCode } from "@opentelemetry/api";
import type { Exchange } from "../../../src/core/exchange.ts";
import type { Handler, Middleware } from "../../../src/core/handler.ts";
import { Reply } from "../../../src/core/reply.ts";
import { makeExchange } from "../../support/exchange.ts";
import { turn } from "../../support/turn.ts";
import { KeptSpans, took } from "./kept_spans.ts";

const ok: Handler = () => Reply.text(200, "ok");
const passesOn: Middleware = (next) => (exchange) => next(exchange);

/** A chain of policies by kind, outermost first. */
function chain(kept: KeptSpans, policies: Readonly<Record<string, Middleware>>, target: Handler = ok): Handler {
  return Object.entries(policies).reduceRight(
    (next, [kind, middleware]) => kept.tracing.policy(middleware, { id: `routes[0].${kind}`, kind })(next),
    target,
  );
}

/** Waits that long, on the clock of the test. */
const waits = (kept: KeptSpans, ms: number): Middleware => (next) => async (exchange) => {
  await Promise.resolve();
  kept.clock.advance(ms);
  return next(exchange);
};

Deno.test("a policy that waited has a span, as long as it held the request; one that let it go on at once has none", async () => {
  await using kept = new KeptSpans();
  const target: Handler = async () => {
    await Promise.resolve();
    kept.clock.advance(100);
    return Reply.text(200, "ok");
  };
  await kept.send(makeExchange(), chain(kept, { headers: passesOn, queue: waits(kept, 7), timing: passesOn }, target));
  assert.deepEqual(kept.names(), ["queue", "GET /products/:id"]);
  const span = kept.named("queue");
  assert.equal(took(span), 7);
  assert.equal(span.parentSpanContext?.spanId, kept.named("GET /products/:id").spanContext().spanId);
  assert.deepEqual(span.attributes, {
    "gatewright.policy.id": "routes[0].queue",
    "gatewright.policy.kind": "queue",
    "gatewright.policy.outcome": "passed",
  });
});

for (const awaited of [false, true]) {
  Deno.test(`a policy that answers ${awaited ? "after a while" : "at once"} has a span that says how`, async () => {
    await using kept = new KeptSpans();
    const refuses: Middleware = () => (exchange) => {
      exchange.error = "rate_limited";
      exchange.reason = "over 5 a second";
      const reply = Reply.text(429, "no");
      return awaited ? Promise.resolve(reply) : reply;
    };
    await kept.send(makeExchange(), chain(kept, { headers: passesOn, rateLimit: refuses }));
    assert.deepEqual(kept.names(), ["rateLimit", "GET /products/:id"]);
    const { attributes, status } = kept.named("rateLimit");
    assert.equal(attributes["gatewright.policy.outcome"], "answered");
    assert.equal(attributes["http.response.status_code"], 429);
    assert.equal(attributes["error.type"], "rate_limited");
    assert.equal(attributes["gatewright.reason"], "over 5 a second");
    assert.equal(status.code, SpanStatusCode.UNSET);
  });

  Deno.test(`a policy that throws ${awaited ? "after a while" : "at once"} has a span with what it threw`, async () => {
    await using kept = new KeptSpans();
    const fault = new TypeError("no such thing");
    const throws: Middleware = () => () => {
      if (awaited) return Promise.reject(fault);
      throw fault;
    };
    const exchange = makeExchange();
    await assert.rejects(async () => await kept.send(exchange, chain(kept, { broken: throws })), fault);
    kept.tracing.completed(exchange, 500, 0, 0);
    const span = kept.named("broken");
    assert.equal(span.status.code, SpanStatusCode.ERROR);
    assert.equal(span.attributes["error.type"], "TypeError");
    assert.equal(span.events[0].name, "exception");
    assert.equal(span.events[0].attributes?.["exception.message"], "no such thing");
  });
}

Deno.test("what is begun while a policy has the request stands under the policy, and later work does not", async () => {
  await using kept = new KeptSpans();
  const asks: Middleware = (next) => (exchange) => {
    exchange.trace!.begin({ name: "POST", kind: "client" })!.end();
    return next(exchange);
  };
  await kept.send(
    makeExchange(),
    chain(kept, { forwardAuth: asks }, (exchange) => {
      exchange.trace!.begin({ name: "GET", kind: "client" })!.end();
      return Reply.text(200, "");
    }),
  );
  const policy = kept.named("forwardAuth").spanContext().spanId, server = kept.named("GET /products/:id");
  assert.equal(kept.named("POST").parentSpanContext?.spanId, policy);
  assert.equal(kept.named("GET").parentSpanContext?.spanId, server.spanContext().spanId);
  assert.equal(kept.named("forwardAuth").parentSpanContext?.spanId, server.spanContext().spanId);
});

Deno.test("all policies have spans where that is asked for, and none where none is", async () => {
  const policies = { headers: passesOn, timing: passesOn };
  await using all = new KeptSpans({ policies: "all" });
  await all.send(makeExchange(), chain(all, policies));
  assert.deepEqual(all.names(), ["headers", "timing", "GET /products/:id"]);
  await using none = new KeptSpans({ policies: "none" });
  await none.send(makeExchange(), chain(none, { queue: waits(none, 5) }));
  assert.deepEqual(none.names(), ["GET /products/:id"]);
});

Deno.test("a cache tells of itself", async () => {
  await using kept = new KeptSpans({ policies: "all" });
  await kept.send(makeExchange(), chain(kept, { cache: waits(kept, 5) }));
  assert.deepEqual(kept.names(), ["GET /products/:id"]);
});

Deno.test("a policy that calls the rest of the chain twice has one span", async () => {
  await using kept = new KeptSpans();
  const twice: Middleware = (next) => async (exchange) => {
    await Promise.resolve();
    await next(exchange);
    return next(exchange);
  };
  await kept.send(makeExchange(), chain(kept, { twice, queue: waits(kept, 1) }));
  assert.deepEqual(kept.names(), ["twice", "queue", "queue", "GET /products/:id"]);
});

Deno.test("who waits for a policy's reply has the policy's very promise", async () => {
  await using kept = new KeptSpans();
  const promise = Promise.resolve(Reply.text(200, ""));
  const handler = chain(kept, { slow: () => () => promise });
  const exchange: Exchange = makeExchange();
  let seen: unknown;
  await kept.send(exchange, (x) => {
    seen = handler(x);
    return promise;
  });
  assert.equal(seen, promise);
});

Deno.test("policies of a trace that is not recorded are left alone", async () => {
  await using kept = new KeptSpans({ sample: 0, policies: "all" });
  await kept.send(makeExchange(), chain(kept, { queue: waits(kept, 5) }));
  assert.deepEqual(kept.spans, []);
});

for (const awaited of [false, true]) {
  Deno.test(`what was thrown ${awaited ? "after a while" : "at once"} may have no text, and is told of all the same`, async () => {
    await using kept = new KeptSpans();
    const fault: unknown = Object.create(null), exchange = makeExchange();
    const throws: Middleware = () => () => {
      if (awaited) return Promise.reject(fault);
      throw fault;
    };
    const thrown = await Promise.resolve().then(() => kept.send(exchange, chain(kept, { broken: throws })))
      .then(() => null, (cause) => cause);
    assert.equal(thrown, fault);
    await turn();
    const { attributes, events } = kept.named("broken");
    assert.equal(attributes["error.type"], "Error");
    assert.equal(events[0].attributes?.["exception.message"], "it threw something that is no text");
  });
}

Deno.test("no error makes a span larger than others are", async () => {
  await using kept = new KeptSpans();
  const fault = new TypeError("a".repeat(60_000));
  const throws: Middleware = () => () => {
    throw fault;
  };
  await assert.rejects(async () => await kept.send(makeExchange(), chain(kept, { broken: throws })));
  const { attributes = {} } = kept.named("broken").events[0];
  assert.equal(attributes["exception.type"], "TypeError");
  for (const text of ["exception.message", "exception.stacktrace"]) {
    assert.equal(String(attributes[text]).length, 4096);
  }
});
