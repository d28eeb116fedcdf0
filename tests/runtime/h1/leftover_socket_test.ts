import { strict as assert } from "node:assert";
import { FakeClock } from "../../support/fake_clock.ts";
import { answer, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { chunk, gatewayTo, get } from "./setup.ts";

const FORGED = answer(200, "forged");
const long = "a".repeat(100_000);

/** A body that fills what the gateway reads into to its last byte, together with the head before it. */
function filling(bytes: number, head: string): string {
  return "b".repeat(bytes - `HTTP/1.1 200 OK\r\n${head}\r\n\r\n`.length);
}

const FRAMINGS: readonly [framing: string, head: string, body: string][] = [
  ["a length", "content-length: 100000", long],
  ["chunks", "transfer-encoding: chunked", chunk(long) + "0\r\n\r\n"],
  ["a length and small enough to come whole", "content-length: 5", "hello"],
  ["chunks and small enough to come whole", "transfer-encoding: chunked", chunk("hello") + "0\r\n\r\n"],
  ["a length that ends with the read", "content-length: 16342", filling(16_384, "content-length: 16342")],
  ["a length that ends with a read of its own", "content-length: 16384", "c".repeat(16_384)],
];

for (const [framing, head, body] of FRAMINGS) {
  Deno.test(`bytes behind an answer with ${framing} never answer somebody else, not even one who waits for the connection`, async () => {
    await using origin = await ScriptedOrigin.start(async (request) => {
      if (request.target === "/other") return await request.send(answer(200, "theirs"));
      // In one write, so that the last byte of the answer and what is behind it come together.
      await request.send(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n${body}${FORGED}`);
    });
    // One connection to the origin: the second request goes out on it as soon as the first has its answer.
    await using gateway = gatewayTo(origin, { clock: new FakeClock(), pool: { max: 1 } });
    await using client = await gateway.connect();
    await using other = await gateway.connect();
    for (let i = 0; i < 5; i++) {
      await client.send(get("/"));
      await origin.request(2 * i);
      await other.send(get("/other"));
      assert.doesNotMatch((await client.response()).text, /forged/);
      assert.equal((await other.response()).text, "theirs");
    }
  });
}
