/**
 * What traces cost a request: from its head to its end, with one attempt that tells its upstream of the trace. The sending
 * is not in it, but for the last rows.
 *
 * @module
 */
import { systemClock } from "../src/core/clock.ts";
import { Exchange } from "../src/core/exchange.ts";
import type { Handler } from "../src/core/handler.ts";
import { HeaderList } from "../src/core/header_list.ts";
import { systemRandom } from "../src/core/random.ts";
import { Reply } from "../src/core/reply.ts";
import type { Tracing } from "../src/core/trace.ts";
import type { TracesPlan } from "../src/telemetry/telemetry_plan.ts";
import type { SpanSink } from "../src/telemetry/traces/span_sink.ts";
import { tracingTo } from "../src/telemetry/traces/start_tracing.ts";

const CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
const REPLY = Reply.text(200, "hello");

const exchanges = (headers: () => HeaderList) =>
  Array.from({ length: 512 }, (_, i) =>
    new Exchange({
      method: "GET",
      path: `/products/${i}`,
      query: "",
      authority: "api.example.com",
      host: "api.example.com",
      scheme: "http",
      client: { ip: "10.1.2.3", peer: "10.1.2.3", trusted: false },
      headers: headers(),
      body: null,
      requestId: `0f3c9a77b1e24d5-${i}`,
      startedAt: systemClock.now(),
    }));
const PLAIN = exchanges(() => HeaderList.of("host", "api.example.com", "user-agent", "curl/8.5.0", "accept", "*/*"));
const CALLED = exchanges(() =>
  HeaderList.of("host", "api.example.com", "user-agent", "curl/8.5.0", "accept", "*/*", "traceparent", CALLER)
);

/** Counts spans: what remains is the making of them. */
const counting: SpanSink & { spans: number } = {
  spans: 0,
  whole: false,
  dropped: 0,
  take(spans) {
    this.spans += spans.length;
  },
  close: () => Promise.resolve(),
};

function tracing(plan: Partial<TracesPlan>): Tracing {
  return tracingTo(
    counting,
    {
      sample: 0,
      accept: "any",
      keepErrors: false,
      propagate: ["tracecontext", "baggage"],
      policies: "acting",
      responseHeader: null,
      to: { kind: "console" },
      ...plan,
    },
    { service: "gatewright", attributes: {} },
    { clock: systemClock, random: systemRandom },
  );
}

let told = 0;
/** Sends a request upstream. */
const upstream: Handler = ({ trace }) => {
  if (trace !== null) {
    const span = trace.begin({ name: "GET", kind: "client", attributes: { "gatewright.endpoint": "products/1" } });
    told += trace.lines(span).length;
    span?.set({ "http.response.status_code": 200 });
    span?.end();
  }
  return REPLY;
};
const passesOn = (next: Handler): Handler => (exchange) => next(exchange);

/** The way of a request through five policies. */
function request(made: Tracing | null, list: readonly Exchange[], policies = 5): () => void {
  let handler = upstream, i = 0;
  for (let n = 0; n < policies; n++) {
    handler = (made?.policy(passesOn, { id: `routes[0].headers[${n}]`, kind: "headers" }) ?? passesOn)(handler);
  }
  const way = made?.route(handler, { id: "GET /products/:id", path: "/products/:id", sample: null }) ?? handler;
  return () => {
    const exchange = list[i++ & 511];
    exchange.trace = null;
    way(exchange);
    made?.completed(exchange, 200, 0, 5);
  };
}

Deno.bench("no traces", { group: "request", baseline: true }, request(null, PLAIN));
Deno.bench("none sampled", { group: "request" }, request(tracing({ sample: 0 }), PLAIN));
Deno.bench("none sampled, of a caller's trace", { group: "request" }, request(tracing({ sample: 0 }), CALLED));
Deno.bench("1 % sampled", { group: "request" }, request(tracing({ sample: 0.01 }), PLAIN));
Deno.bench("all sampled: two spans", { group: "request" }, request(tracing({ sample: 1 }), PLAIN));
Deno.bench(
  "all sampled, all policies: seven spans",
  { group: "request" },
  request(tracing({ sample: 1, policies: "all" }), PLAIN),
);
Deno.bench("only failed ones kept: none was", { group: "request" }, request(tracing({ keepErrors: true }), PLAIN));
