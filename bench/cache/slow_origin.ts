/**
 * The slow origin, a process of its own: it takes its time over each answer, which may then be kept, and counts them.
 *
 * Arguments: port, milliseconds.
 *
 * @module
 */
import { ASKED_PATH, SLOW_PATH } from "./slow_paths.ts";

const [port, delay] = Deno.args.map(Number);
const headers = { "Content-Type": "application/json", "Cache-Control": "public, max-age=86400" };
let asked = 0;

async function serve({ url }: Request): Promise<Response> {
  const { pathname } = new URL(url);
  if (pathname === ASKED_PATH) return new Response(String(asked));
  if (pathname !== SLOW_PATH) return new Response("there is nothing here", { status: 404 });
  asked++;
  await new Promise((resolve) => setTimeout(resolve, delay));
  return new Response('{"msg":"hello world","n":12345}', { headers });
}

Deno.serve({ hostname: "127.0.0.1", port, onListen: () => {} }, serve);
