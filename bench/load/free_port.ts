/**
 * Finds a port to listen on.
 *
 * @module
 */

/** A port that nobody listened on at 127.0.0.1 a moment ago. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}
