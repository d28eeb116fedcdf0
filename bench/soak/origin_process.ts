/**
 * The origin behind the gateway, a process of its own so that it can be killed. The first argument is its port.
 *
 * @module
 */
import { contentOf } from "./content.ts";

const PIECE = 64 * 1024;
/** Milliseconds between two events, and that a stop waits for what is under way. */
const EVENT_PAUSE = 25, STOP_MS = 500;

/** The body of this id and size, as it is read: by its length, or in chunks. */
function content(query: URLSearchParams): Response {
  const id = Number(query.get("id")), size = Number(query.get("size"));
  const bytes = contentOf(id, size),
    length: HeadersInit = query.has("chunked") ? {} : { "content-length": String(size) };
  let at = 0;
  return new Response(
    new ReadableStream({
      pull(controller) {
        if (at >= size) return controller.close();
        controller.enqueue(bytes.subarray(at, at += PIECE));
      },
    }, { highWaterMark: 0 }),
    { headers: length },
  );
}

/** What was sent, sent back while it comes in. */
function echo(request: Request, query: URLSearchParams): Response {
  const length = request.headers.get("content-length");
  return new Response(request.body, {
    headers: length === null || query.has("chunked") ? {} : { "content-length": length },
  });
}

/** Numbered events, without end. */
function events(query: URLSearchParams): Response {
  const encoder = new TextEncoder();
  let count = 0, timer: ReturnType<typeof setInterval> | undefined;
  return new Response(
    new ReadableStream({
      start(controller) {
        const send = () => controller.enqueue(encoder.encode(`data: ${query.get("id")} ${count++}\n\n`));
        send();
        timer = setInterval(send, EVENT_PAUSE);
      },
      cancel: () => clearInterval(timer),
    }),
    { headers: { "content-type": "text/event-stream" } },
  );
}

/** Bytes without meaning, as fast as they are taken. */
function flow(query: URLSearchParams): Response {
  let left = Number(query.get("size"));
  return new Response(
    new ReadableStream({
      pull(controller) {
        if (left <= 0) return controller.close();
        controller.enqueue(new Uint8Array(Math.min(PIECE, left)));
        left -= PIECE;
      },
    }, { highWaterMark: 0 }),
    { headers: { "content-length": query.get("size")! } },
  );
}

/** Takes a body at no more than `rate` bytes a second. */
async function sink(request: Request, query: URLSearchParams): Promise<Response> {
  const rate = Number(query.get("rate")), start = performance.now();
  let taken = 0;
  for await (const piece of request.body ?? []) {
    taken += piece.length;
    const early = taken / rate * 1000 - (performance.now() - start);
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
  }
  return new Response(String(taken));
}

function socket(request: Request): Response {
  const { socket, response } = Deno.upgradeWebSocket(request, { idleTimeout: 0 });
  socket.binaryType = "arraybuffer";
  socket.onmessage = ({ data }) => socket.send(data);
  socket.onerror = () => {};
  return response;
}

const server = Deno.serve({ hostname: "127.0.0.1", port: Number(Deno.args[0]), onListen() {} }, (request) => {
  const { pathname, searchParams } = new URL(request.url);
  switch (pathname) {
    case "/content":
      return content(searchParams);
    case "/echo":
      return echo(request, searchParams);
    case "/events":
      return events(searchParams);
    case "/socket":
      return socket(request);
    case "/flow":
      return flow(searchParams);
    case "/sink":
      return sink(request, searchParams);
    default:
      return new Response("ok");
  }
});

Deno.addSignalListener("SIGTERM", () => {
  setTimeout(() => Deno.exit(0), STOP_MS);
  void server.shutdown().then(() => Deno.exit(0));
});
// Streams that clients have left end with errors that are nobody's.
globalThis.addEventListener("unhandledrejection", (event) => event.preventDefault());
