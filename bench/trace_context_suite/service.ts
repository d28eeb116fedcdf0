/**
 * The service that the suite tests: it does as it is told and hands on what it is told of traces, unread. What the suite
 * finds out is thus what the gateway before it does.
 *
 * @module
 */

/** Fields that tell of traces. */
const FIELDS = ["traceparent", "tracestate"];

/** One call that the service is to make: POST `arguments` to `url`. */
interface Call {
  readonly url: string;
  readonly arguments: unknown;
}

/** A running service. */
export interface Service {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Starts the service; it also takes the spans of the gateway.
 *
 * @param gateway port of the gateway that hands on to the suite what is not for the service
 */
export function startService(gateway: number): Service {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    if (request.method !== "POST") return new Response(null, { status: 204 });
    if (new URL(request.url).pathname === "/v1/traces") {
      await request.arrayBuffer();
      return Response.json({});
    }
    const calls: Call[] = await request.json();
    const headers = new Headers({ "content-type": "application/json" });
    for (const name of FIELDS) {
      const value = request.headers.get(name);
      if (value !== null) headers.set(name, value);
    }
    for (const { url, arguments: body } of calls) {
      const target = new URL(url);
      // Several calls are several pieces of work, each with an id that a service would make. Ours has no ids to give: it
      // calls through the gateway again, which has.
      if (calls.length > 1) target.port = String(gateway);
      const response = await fetch(target, { method: "POST", headers, body: JSON.stringify(body) });
      await response.arrayBuffer();
    }
    return Response.json(null);
  });
  return { port: server.addr.port, close: () => server.shutdown() };
}
