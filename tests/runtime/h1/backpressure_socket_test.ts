import { strict as assert } from "node:assert";
import { Buffer } from "node:buffer";
import { defineGateway } from "gatewright";
import { FakeClock } from "../../support/fake_clock.ts";
import { answer, type OriginConnection, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { TestGateway } from "../../support/test_gateway.ts";
import { until } from "../../support/until.ts";
import { gatewayTo, get, post, whenStill } from "./setup.ts";

const MIB = 1 << 20;
/** What is sent, and how much of it may be under way: the kernel's buffers of two connections and a little of ours. */
const WHOLE = 48 * MIB, MOST = 40 * MIB;

/** Bytes that tell their place. */
function piece(index: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(MIB).fill(index);
  for (let i = 0; i < bytes.length; i += 4096) bytes[i] = i >> 12;
  return bytes;
}

/** Whether every byte is in its place. */
function isWhole(bytes: Uint8Array): boolean {
  if (bytes.length !== WHOLE) return false;
  for (let i = 0; i < WHOLE / MIB; i++) {
    if (Buffer.compare(bytes.subarray(i * MIB, (i + 1) * MIB), piece(i)) !== 0) return false;
  }
  return true;
}

for (
  const [framing, head, sized] of [
    ["a length", `content-length: ${WHOLE}`, false],
    ["chunks", "transfer-encoding: chunked", true],
  ] as const
) {
  Deno.test(`a client that stops reading an answer with ${framing} stops the origin; when it reads on, all comes`, async () => {
    let sent = 0;
    await using origin = await ScriptedOrigin.start(async (request) => {
      await request.send(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n`);
      for (let i = 0; i < WHOLE / MIB; i++) {
        if (sized) await request.send(MIB.toString(16), "\r\n", piece(i), "\r\n");
        else await request.send(piece(i));
        sent += MIB;
      }
      if (sized) await request.send("0\r\n\r\n");
    });
    await using gateway = gatewayTo(origin, { clock: new FakeClock() });
    await using client = await gateway.connect();
    client.pause();
    await client.send(get());
    await until(() => sent > 0);
    const under = await whenStill(() => sent);
    assert.ok(under > 0 && under <= MOST, `${under} bytes under way`);
    client.resume();
    assert.ok(isWhole((await client.response()).body));
    assert.equal((await gateway.event()).bytesOut, WHOLE);
  });

  Deno.test(`an origin that stops reading an upload with ${framing} stops the client; when it reads on, all comes`, async () => {
    let sent = 0;
    const paused = Promise.withResolvers<OriginConnection>();
    await using origin = await ScriptedOrigin.start(async (request) => {
      request.connection.pause();
      paused.resolve(request.connection);
      const body = await request.body();
      await request.send(answer(200, isWhole(body.bytes) ? "whole" : "not whole"));
    });
    await using gateway = gatewayTo(origin, { clock: new FakeClock() });
    await using client = await gateway.connect();
    // The head goes on with the first byte of a body that has a length.
    const upload = (async () => {
      await client.send(post([head]));
      for (let i = 0; i < WHOLE / MIB; i++) {
        if (sized) await client.send(MIB.toString(16), "\r\n", piece(i), "\r\n");
        else await client.send(piece(i));
        sent += MIB;
      }
      if (sized) await client.send("0\r\n\r\n");
    })();
    const connection = await paused.promise;
    await until(() => sent > 0);
    const under = await whenStill(() => sent);
    assert.ok(under > 0 && under <= MOST, `${under} bytes under way`);
    connection.resume();
    await upload;
    assert.equal((await client.response("POST")).text, "whole");
    assert.equal((await gateway.event()).bytesIn, WHOLE);
  });
}

Deno.test("pipelined requests are not taken in without end while the first one is answered", async () => {
  const go = Promise.withResolvers<void>();
  let sent = 0;
  await using origin = await ScriptedOrigin.start(async (request) => {
    await go.promise;
    await request.send(answer(200, "first"));
  });
  await using gateway = TestGateway.start(
    defineGateway({
      upstreams: { o: origin.url },
      routes: [{ path: "/first", upstream: "o" }, { path: "/*", respond: { body: "next" } }],
    }),
    { clock: new FakeClock() },
    { engine: "h1" },
  );
  await using client = await gateway.connect();
  await client.send(get("/first"));
  await origin.request();
  const wide = `x-wide: ${"w".repeat(16_000)}`, count = 800;
  const flood = (async () => {
    for (let i = 0; i < count; i++) {
      await client.send(get(`/${i}`, wide));
      sent += wide.length;
    }
  })();
  const under = await whenStill(() => sent);
  assert.ok(under < 8 * MIB, `${under} bytes under way`);
  go.resolve();
  assert.equal((await client.response()).text, "first");
  for (let i = 0; i < count; i++) assert.equal((await client.response()).text, "next");
  await flood;
});
