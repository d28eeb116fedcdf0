import assert from "node:assert/strict";
import { defineGateway, definePolicy } from "gatewright";
import { TestGateway } from "../../support/test_gateway.ts";
import { until } from "../../support/until.ts";
import { KeptSpans } from "./kept_spans.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c", CALLER = "b7ad6b7169203331";
const FIELDS = `traceparent: 00-${TRACE}-${CALLER}-01\r\n`;

const config = defineGateway({
  routes: [
    {
      path: "/throws",
      handler: () => {
        throw Object.create(null);
      },
    },
    {
      path: "/rejects",
      respond: { status: 200 },
      policies: [definePolicy({ name: "mine", handle: () => Promise.reject(Object.create(null)) })],
    },
    { path: "/status", respond: { status: 200 }, policies: [definePolicy({ name: "odd", handle: odd })] },
  ],
});

/** A reply that no engine can send. */
async function odd(_ctx: unknown, next: () => unknown) {
  const reply = await next() as { status: number };
  reply.status = 42;
  return reply as never;
}

const ANSWERS: readonly [what: string, request: string, status: number][] = [
  ["a handler that throws what has no text", "GET /throws HTTP/1.1\r\nhost: a", 500],
  ["a policy that rejects with what has no text", "GET /rejects HTTP/1.1\r\nhost: a", 500],
  ["a reply that cannot be sent", "GET /status HTTP/1.1\r\nhost: a", 500],
  ["a path of no route", "GET /nowhere HTTP/1.1\r\nhost: a", 404],
  ["a host that is none", "GET /throws HTTP/1.1\r\nhost: a b", 400],
  ["a method that is not known", "BREW /throws HTTP/1.1\r\nhost: a", 501],
  ["a question about the server", "OPTIONS * HTTP/1.1\r\nhost: a", 204],
];
for (const engine of ["h1", "serve"] as const) {
  for (const [what, request, status] of ANSWERS) {
    Deno.test(`${engine}: the answer to ${what} names its trace`, async () => {
      await using kept = new KeptSpans({ responseHeader: "x-trace-id" });
      await using gateway = TestGateway.start(config, { tracing: kept.tracing }, { engine });
      await using client = await gateway.connect();
      const { head, text } = await client.exchange(`${request}\r\n${FIELDS}\r\n`);
      assert.equal(head.status, status);
      assert.equal(head.header("x-trace-id"), TRACE);
      if (status >= 400) assert.equal(JSON.parse(text).traceId, TRACE);
      const { traceId } = await gateway.event();
      await until(() => kept.spans.length > 0);
      const server = kept.spans.at(-1)!;
      assert.deepEqual([traceId, server.spanContext().traceId], [TRACE, TRACE]);
      assert.equal(server.attributes["http.response.status_code"], status);
    });
  }
}
