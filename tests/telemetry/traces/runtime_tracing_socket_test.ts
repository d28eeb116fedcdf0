import assert from "node:assert/strict";
import { toText } from "../../support/latin1.ts";
import { RawClient } from "../../support/raw_client.ts";

interface OtlpSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly status: { readonly code?: number };
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
}

const TRACE = "0af7651916cd43dd8448eb211c80319c", CALLER = "b7ad6b7169203331", SERVER = 2, CLIENT = 3;

function attribute({ attributes }: OtlpSpan, key: string): unknown {
  const found = attributes.find((attribute) => attribute.key === key);
  return found && String(Object.values(found.value)[0]);
}

/** What came of requests through a gateway in a process whose runtime makes traces. */
interface Told {
  readonly spans: readonly OtlpSpan[];
  /** By path: the `traceparent` that the origin was sent. */
  readonly upstream: ReadonlyMap<string, string | null>;
  /** What the origin was sent of it. */
  readonly baggage: readonly (string | null)[];
  readonly answers: readonly { readonly traceId: string | null; readonly text: string }[];
}

async function run(engine: "h1" | "serve", paths: readonly string[]): Promise<Told> {
  const spans: OtlpSpan[] = [], upstream = new Map<string, string | null>(), baggage: (string | null)[] = [];
  const listen = { hostname: "127.0.0.1", port: 0, onListen() {} };
  await using collector = Deno.serve(listen, async (request) => {
    if (new URL(request.url).pathname !== "/v1/traces") return Response.json({});
    const { resourceSpans } = await request.json();
    for (const { scopeSpans } of resourceSpans) for (const scope of scopeSpans) spans.push(...scope.spans);
    return Response.json({});
  });
  await using origin = Deno.serve(listen, ({ url, headers }) => {
    upstream.set(new URL(url).pathname, headers.get("traceparent"));
    baggage.push(headers.get("baggage"));
    return new Response("ok");
  });
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--no-check", "--quiet", new URL("runtime_gateway.ts", import.meta.url).pathname],
      ...[engine, `http://127.0.0.1:${origin.addr.port}`],
    ],
    env: {
      OTEL_DENO: "true",
      OTEL_DENO_CONSOLE: "ignore",
      OTEL_METRICS_EXPORTER: "none",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.addr.port}`,
    },
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const output = child.stdout.getReader(), { value } = await output.read();
  const { port } = new URL(toText(value!).trim()), answers: { traceId: string | null; text: string }[] = [];
  for (const path of paths) {
    const host = path === "/refused" ? "a b" : "shop.test";
    await using client = await RawClient.connect(Number(port));
    const parent = `traceparent: 00-${TRACE}-${CALLER}-01\r\ntracestate: a=1\r\nbaggage: tenant=acme\r\n`;
    const { head, text } = await client.exchange(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\n${parent}\r\n`);
    answers.push({ traceId: head.header("x-trace-id"), text });
  }
  await child.stdin.close();
  while (!(await output.read()).done);
  await child.status;
  return { spans, upstream, baggage, answers };
}

for (const engine of ["h1", "serve"] as const) {
  Deno.test(`${engine}: the runtime's traces have one span for a request, and upstreams one traceparent`, async () => {
    const { spans, upstream, baggage, answers } = await run(engine, [
      "/mine/1",
      "/h1/2",
      "/h2/3",
      "/nowhere",
      "/refused",
    ]);
    assert.ok(spans.every(({ traceId }) => traceId === TRACE), "all are of the caller's trace");
    // With traces of its own the runtime makes a URL of each request before anybody is asked, and throws where it cannot.
    const refused = engine === "serve" ? null : TRACE;
    assert.deepEqual(answers.map(({ traceId }) => traceId), [TRACE, TRACE, TRACE, TRACE, refused]);
    assert.equal(answers[0].text, TRACE);
    const servers = spans.filter(({ kind }) => kind === SERVER);
    assert.deepEqual(
      servers.map((span) => [span.name, span.parentSpanId, attribute(span, "http.route")]),
      [
        ["GET /mine/:id", CALLER, "/mine/:id"],
        ["GET /h1/:id", CALLER, "/h1/:id"],
        ["GET /h2/:id", CALLER, "/h2/:id"],
        ["GET", CALLER, undefined],
        ["GET", CALLER, undefined],
      ],
    );
    for (const { attributes } of servers) {
      const keys = attributes.map(({ key }) => key);
      assert.deepEqual(keys, [...new Set(keys)], "nothing is said twice");
    }
    assert.equal(servers[0].status.code, 2);
    assert.equal(attribute(servers[0], "http.response.status_code"), "503");
    assert.equal(spans.find(({ name }) => name === "look-up")?.parentSpanId, servers[0].spanId);
    // One request has one client's span, which its upstream hears of: the gateway's, or what `fetch` has under it.
    const clients = spans.filter(({ kind }) => kind === CLIENT).map(({ spanId }) => `00-${TRACE}-${spanId}-01`);
    assert.deepEqual(clients.toSorted(), [...upstream.values()].toSorted());
    assert.deepEqual(baggage, ["tenant=acme", "tenant=acme"]);
    const [h1, h2] = ["GET h1", "GET h2"].map((name) => spans.find((span) => span.name === name)!);
    assert.equal(upstream.get("/h1/2"), `00-${TRACE}-${h1.spanId}-01`);
    assert.equal(h1.parentSpanId, servers[1].spanId);
    assert.equal(h2.parentSpanId, servers[2].spanId);
    const fetched = spans.find(({ spanId }) => upstream.get("/h2/3")!.includes(spanId))!;
    assert.equal(fetched.parentSpanId, h2.spanId);
  });
}
