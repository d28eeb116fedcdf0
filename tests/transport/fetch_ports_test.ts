import { strict as assert } from "node:assert";
import { BLOCKED_PORTS } from "../../src/transport/fetch_ports.ts";

Deno.test("BLOCKED_PORTS are those that the runtime refuses, and no others among the low ones", async () => {
  // A client that is closed keeps every other port from being tried.
  const client = Deno.createHttpClient({});
  client.close();
  const refused: number[] = [];
  for (let port = 1; port <= 65535; port += port < 11_000 ? 1 : 101) {
    const error: unknown = await fetch(`https://nowhere.invalid:${port}/`, { client }).catch((error) => error);
    assert.ok(error instanceof Error);
    if (/blocked/.test(error.message)) refused.push(port);
    else assert.match(error.message, /Bad resource/);
  }
  assert.deepEqual(refused, [...BLOCKED_PORTS]);
});
