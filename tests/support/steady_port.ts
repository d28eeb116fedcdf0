/** A port to die on and come back to. @module */

/** Below the ports that Linux and macOS give to those who ask for any, outgoing connections among them. */
const FROM = 20_000, TO = 32_000;

/** A port of 127.0.0.1 on which nobody listens, and which no outgoing connection takes while nobody does. */
export function steadyPort(): number {
  for (;;) {
    const port = FROM + Math.floor(Math.random() * (TO - FROM));
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}
