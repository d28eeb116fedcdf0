import { strict as assert } from "node:assert";
import { applyMask } from "../../../src/http/websocket/mask.ts";
import { closeFrame, encodeFrame } from "../../../src/http/websocket/frame.ts";
import { ClientWriter } from "../../../src/runtime/h1/client_writer.ts";
import { Relay, type RelayEnd } from "../../../src/runtime/h1/relay.ts";
import { Sweep } from "../../../src/runtime/pace/sweep.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { toBytes, toText } from "../../support/latin1.ts";
import { MemoryStream, settled } from "./memory_stream.ts";

const HEAD = "HTTP/1.1 101 Switching Protocols\r\n\r\n";
const TEXT = 1, PING = 9;

/** A relay between two ends that a test holds. `client` and `endpoint` are the relay's sides of them. */
function start({ websocket = false, idle = 60_000, held = false } = {}) {
  const clock = new FakeClock(), sweep = new Sweep(clock), client = new MemoryStream(), endpoint = new MemoryStream();
  const writer = new ClientWriter(client, sweep, 5_000), into = new Uint8Array(16 * 1024);
  let here = new Uint8Array(0), over = false, reading = false;
  const arm = () => {
    if (reading || over) return;
    reading = true;
    client.read(into).then((count) => {
      reading = false;
      if (count === null) over = true;
      else here = into.slice(0, count);
      relay.wake();
    }, () => {
      over = true;
      relay.wake();
    });
  };
  const relay: Relay = new Relay(
    {
      writer,
      read(buffer) {
        const count = Math.min(here.length, buffer.length);
        buffer.set(here.subarray(0, count));
        here = here.slice(count);
        if (count > 0) return count;
        if (over) return null;
        arm();
        return -1;
      },
      closeWrite: () => client.closeWrite(),
    },
    endpoint,
    { sweep, idle, websocket },
  );
  sweep.add({ look: () => relay.look() });
  if (held) client.hold();
  let end: RelayEnd | null = null;
  relay.run(toBytes(HEAD)).then((result) => end = result);
  /** What came of it, `null` while it goes on. */
  return { clock, client, endpoint, relay, end: () => end };
}

/** A masked text frame. */
function said(text: string): Uint8Array<ArrayBuffer> {
  return encodeFrame({ fin: true, opcode: TEXT, payload: toBytes(text), mask: new Uint8Array([1, 2, 3, 4]) });
}

/** A text frame as servers send it. */
function answered(text: string): Uint8Array<ArrayBuffer> {
  return encodeFrame({ fin: true, opcode: TEXT, payload: toBytes(text) });
}

const GOODBYE = toText(closeFrame(1001, "going away"));

/** The last frame of ours to the endpoint, unmasked. */
function unmasked(frame: string): string {
  const bytes = toBytes(frame);
  assert.equal(bytes[1] & 0x80, 0x80, "frames to a server are masked");
  applyMask(bytes, 6, bytes.length, bytes.slice(2, 6), 0);
  return toText(new Uint8Array([bytes[0], bytes[1] & 0x7f, ...bytes.slice(6)]));
}

Deno.test("Relay moves bytes both ways behind the head, and ends when both sides have", async () => {
  const { client, endpoint, end } = start();
  endpoint.say("HELLO");
  client.say("one", "two");
  await settled();
  assert.deepEqual([client.heard, endpoint.heard], [HEAD + "HELLO", "onetwo"]);
  client.end();
  await settled();
  assert.deepEqual([endpoint.finished, client.finished, end()], [true, false, null], "half closed");
  endpoint.say("last");
  endpoint.end();
  await settled();
  assert.deepEqual([client.heard, client.finished, endpoint.closed], [HEAD + "HELLOlast", true, true]);
  assert.deepEqual(end(), { bytesIn: 6, bytesOut: 9, error: "" });
});

Deno.test("Relay: a side that takes nothing holds the other back", async () => {
  const { client, endpoint } = start();
  await settled();
  client.hold();
  endpoint.hold();
  endpoint.say("a", "b");
  client.say("c", "d");
  await settled();
  assert.deepEqual([endpoint.reading, client.reading], [false, false]);
  client.take();
  endpoint.take();
  await settled();
  assert.deepEqual([client.heard, endpoint.heard], [HEAD + "ab", "cd"]);
});

Deno.test("Relay: the head that nobody takes ends it", async () => {
  const { client, endpoint, end } = start({ held: true });
  client.reset();
  await settled();
  assert.deepEqual([endpoint.closed, end()?.bytesOut], [true, 0]);
});

for (const [side, error] of [["client", "client_closed_request"], ["endpoint", "upstream_reset"]] as const) {
  Deno.test(`Relay: a reset of the ${side} while bytes are written to it is ${error}`, async () => {
    const started = start(), { client, endpoint, end } = started;
    await settled();
    started[side].hold();
    endpoint.say("a");
    client.say("b");
    await settled();
    started[side].reset();
    await settled();
    assert.equal(end()?.error, error);
    assert.equal(endpoint.closed, true);
  });
}

Deno.test("Relay without a byte for its idle time is closed, and each byte in either direction renews it", async () => {
  const { client, endpoint, clock, end } = start({ idle: 10_000 });
  await settled();
  for (let i = 0; i < 4; i++) {
    clock.advance(9_000);
    (i % 2 === 0 ? client : endpoint).say("x");
    await settled();
    assert.equal(end(), null);
  }
  clock.advance(10_100);
  await settled();
  assert.deepEqual([end()?.error, endpoint.closed], ["tunnel_idle_timeout", true]);
});

Deno.test("Relay: when one side has ended, the other may be quiet for ten seconds only, and that is no failure", async () => {
  const { client, endpoint, clock, end } = start({ idle: 600_000 });
  await settled();
  client.end();
  await settled();
  clock.advance(9_000);
  endpoint.say("x");
  await settled();
  clock.advance(9_000);
  assert.equal(end(), null);
  clock.advance(1_200);
  await settled();
  assert.deepEqual([end()?.error, endpoint.closed], ["", true]);
});

Deno.test("Relay.stop() says 1001 to both sides of a WebSocket that is between two frames, and ends with the client's answer", async () => {
  const { client, endpoint, relay, end } = start({ websocket: true });
  client.say(said("one"));
  endpoint.say(answered("ONE"));
  await settled();
  const before = endpoint.heard.length;
  relay.stop();
  await settled();
  assert.equal(client.heard, HEAD + toText(answered("ONE")) + GOODBYE);
  assert.equal(unmasked(endpoint.heard.slice(before)), GOODBYE);
  assert.equal(end(), null, "the client may still answer");
  client.say(closeFrame(1001, "", new Uint8Array(4)));
  await settled();
  assert.equal(end()?.error, "");
  assert.equal(endpoint.heard.slice(before).length, 6 + 2 + "going away".length, "nothing behind our Close frame");
});

Deno.test("Relay.stop() within a frame waits for its end, passes it whole, and nothing behind it", async () => {
  const { client, endpoint, relay } = start({ websocket: true });
  const frame = answered("x".repeat(300)), next = answered("never");
  endpoint.say(frame.slice(0, 2));
  await settled();
  relay.stop();
  endpoint.say(frame.slice(2, 100));
  await settled();
  assert.equal(client.heard, HEAD + toText(frame.slice(0, 100)), "no byte of ours within a frame");
  endpoint.say(new Uint8Array([...frame.slice(100), ...next]));
  await settled();
  assert.equal(client.heard, HEAD + toText(frame) + GOODBYE);
  endpoint.say(next);
  await settled();
  assert.equal(client.heard, HEAD + toText(frame) + GOODBYE);
});

Deno.test("Relay.stop() while a frame is written in pieces says 1001 behind its last byte, on either side", async () => {
  const { client, endpoint, relay } = start({ websocket: true }),
    up = said("x".repeat(300)),
    down = answered("y".repeat(300));
  await settled();
  for (const side of [client, endpoint]) side.hold();
  client.say(up);
  endpoint.say(down);
  await settled();
  for (const side of [client, endpoint]) side.take(100);
  await settled();
  relay.stop();
  await settled();
  assert.deepEqual([client.heard, endpoint.heard], [HEAD + toText(down.slice(0, 100)), toText(up.slice(0, 100))]);
  for (const side of [client, endpoint]) side.take();
  await settled();
  assert.equal(client.heard, HEAD + toText(down) + GOODBYE);
  assert.equal(endpoint.heard.slice(0, up.length), toText(up));
  assert.equal(unmasked(endpoint.heard.slice(up.length)), GOODBYE);
});

Deno.test("Relay.stop() between two fragments of a message: a Close frame may stand there", async () => {
  const { client, endpoint, relay } = start({ websocket: true });
  const first = encodeFrame({ fin: false, opcode: TEXT, payload: toBytes("a") });
  endpoint.say(first);
  await settled();
  relay.stop();
  await settled();
  assert.equal(client.heard, HEAD + toText(first) + GOODBYE);
});

Deno.test("Relay.stop() sends no Close frame behind a Close frame of the peer's own", async () => {
  const { client, endpoint, relay } = start({ websocket: true }), own = closeFrame(1000, "bye");
  endpoint.say(own);
  await settled();
  relay.stop();
  await settled();
  assert.equal(client.heard, HEAD + toText(own));
});

Deno.test("Relay.stop() sends none where nobody knows where a frame ends", async () => {
  const { client, endpoint, relay } = start({ websocket: true }), broken = new Uint8Array([0xff, 0x00]);
  endpoint.say(broken);
  await settled();
  relay.stop();
  await settled();
  assert.equal(client.heard, HEAD + toText(broken), "a violation is the peers' own matter");
});

Deno.test("Relay.stop() behind frames with the bits of extensions set, as permessage-deflate sends them", async () => {
  const { client, endpoint, relay } = start({ websocket: true }), compressed = answered("zzz");
  compressed[0] |= 0x40;
  endpoint.say(compressed);
  await settled();
  relay.stop();
  await settled();
  assert.equal(client.heard, HEAD + toText(compressed) + GOODBYE);
});

Deno.test("Relay.stop(): control frames between data count as frames", async () => {
  const { client, endpoint, relay } = start({ websocket: true });
  const ping = encodeFrame({ fin: true, opcode: PING, payload: toBytes("?") });
  endpoint.say(ping.slice(0, 1));
  await settled();
  relay.stop();
  endpoint.say(ping.slice(1));
  await settled();
  assert.equal(client.heard, HEAD + toText(ping) + GOODBYE);
});

Deno.test("Relay.stop() of another protocol does nothing: nobody knows its messages", async () => {
  const { client, endpoint, relay, end } = start();
  relay.stop();
  endpoint.say("more");
  await settled();
  assert.deepEqual([client.heard, endpoint.heard, end()], [HEAD + "more", "", null]);
});

Deno.test("Relay changes no byte of frames, whatever their sizes and however they are cut", async () => {
  const { client, endpoint } = start({ websocket: true });
  const frames = [0, 1, 125, 126, 65_535, 65_536].map((size) => said("y".repeat(size)));
  const all = new Uint8Array(frames.flatMap((frame) => Array.from(frame)));
  for (let at = 0, size = 1; at < all.length; size = size % 5_000 * 3 + 1) client.say(all.slice(at, at += size));
  for (let i = 0; i < 40; i++) await settled();
  assert.equal(endpoint.heard, toText(all));
});
