import { turn } from "../../../support/turn.ts";
import { strict as assert } from "node:assert";
import type { ByteStream } from "../../../../src/core/byte_stream.ts";
import { TimerWheel } from "../../../../src/core/timer_wheel.ts";
import { MessageRelay, type RelayEnd } from "../../../../src/runtime/serve/websocket/message_relay.ts";
import { DEFAULT_RELAY_LIMITS, type RelayLimits } from "../../../../src/runtime/serve/websocket/relay_limits.ts";
import { FakeClock } from "../../../support/fake_clock.ts";

/** The runtime's socket as far as a relay uses it. */
class FakeSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string | ArrayBuffer }) => void) | null = null;
  onerror: (() => void) | null = null;
  onclose: ((event: { wasClean: boolean; code: number; reason: string }) => void) | null = null;
  binaryType = "blob";
  bufferedAmount = 0;
  readonly told: string[] = [];

  send(data: string | Uint8Array): void {
    this.told.push(typeof data === "string" ? data : `${data.length} bytes`);
  }

  close(code?: number, reason?: string): void {
    this.told.push(`close ${code} ${reason}`);
  }
}

/** An endpoint that says what the test makes it say, and takes everything. */
class FakeEndpoint implements ByteStream {
  reads = 0;
  closed = false;
  ended = false;
  /** What a write waits for. */
  taking: Promise<void> = Promise.resolve();
  #reading: { into: Uint8Array; done: PromiseWithResolvers<number | null> } | null = null;

  read(into: Uint8Array): Promise<number | null> {
    this.reads++;
    const done = Promise.withResolvers<number | null>();
    if (this.closed) done.resolve(null);
    this.#reading = { into, done };
    return done.promise;
  }

  async write(bytes: Uint8Array): Promise<number> {
    await this.taking;
    return bytes.length;
  }

  closeWrite(): Promise<void> {
    this.ended = true;
    return Promise.resolve();
  }

  close(): void {
    this.closed = true;
    this.#reading?.done.resolve(null);
  }

  async say(...bytes: number[]): Promise<void> {
    this.#reading?.into.set(bytes);
    this.#reading?.done.resolve(bytes.length);
    await settled();
  }
}

async function settled(): Promise<void> {
  await turn();
}

function start(limits: Partial<RelayLimits> = {}) {
  const clock = new FakeClock(), socket = new FakeSocket(), endpoint = new FakeEndpoint();
  const options = { limits: { ...DEFAULT_RELAY_LIMITS, ...limits }, clock, deadlines: new TimerWheel(clock) };
  // The runtime gives no way to make a socket of one's own.
  const relay = new MessageRelay(socket as unknown as WebSocket, endpoint, options);
  let end: RelayEnd | null = null;
  relay.run().then((result) => end = result);
  return { clock, socket, endpoint, relay, end: () => end };
}

Deno.test("MessageRelay reads nothing of the endpoint before the client's socket is open", async () => {
  const { socket, endpoint } = start();
  await settled();
  assert.equal(endpoint.reads, 0);
  socket.onopen?.();
  await settled();
  assert.equal(endpoint.reads, 1);
  await endpoint.say(0x81, 2, 0x68, 0x69);
  assert.deepEqual(socket.told, ["hi"]);
});

Deno.test("MessageRelay gives up a client whose socket never opens", async () => {
  const { clock, endpoint, end } = start();
  await clock.pass(9_900);
  assert.equal(endpoint.ended, false);
  await clock.pass(200);
  assert.deepEqual([endpoint.ended, endpoint.closed], [true, true]);
  assert.deepEqual(end(), { bytesIn: 0, bytesOut: 0, error: "client_closed_request" });
});

Deno.test("MessageRelay tells a client that the gateway stops when its socket opens only then", () => {
  for (const way of ["stop", "close"] as const) {
    const { socket, relay } = start();
    relay[way]();
    assert.deepEqual(socket.told, []);
    socket.onopen?.();
    assert.deepEqual(socket.told, ["close 1001 going away"], way);
  }
});

Deno.test("MessageRelay ends when the connection breaks off before the socket is open: only an error is told then", async () => {
  const { socket, endpoint, end } = start();
  socket.onerror?.();
  await settled();
  assert.deepEqual([endpoint.ended, endpoint.closed], [true, true]);
  assert.deepEqual(end(), { bytesIn: 0, bytesOut: 0, error: "client_closed_request" });
});

Deno.test("MessageRelay closes the endpoint of a client that is gone when all that it sent is out, and counts nothing for it", async () => {
  const { socket, endpoint, end } = start(), taking = Promise.withResolvers<void>();
  socket.onopen?.();
  await settled();
  await endpoint.say(0x81, 1, 0x61);
  endpoint.taking = taking.promise;
  socket.onmessage?.({ data: "last words" });
  socket.onclose?.({ wasClean: false, code: 1006, reason: "" });
  await endpoint.say(0x81, 1, 0x62);
  assert.deepEqual([endpoint.ended, endpoint.closed, end()], [false, false, null]);
  taking.resolve();
  await settled();
  assert.deepEqual([endpoint.ended, endpoint.closed], [true, true]);
  assert.deepEqual(end(), { bytesIn: 10, bytesOut: 1, error: "client_closed_request" });
});

Deno.test("MessageRelay counts nothing for a client that has closed, and hears the endpoint's Close frame", async () => {
  const { socket, endpoint, end } = start();
  socket.onopen?.();
  await settled();
  socket.onclose?.({ wasClean: true, code: 1000, reason: "" });
  await endpoint.say(0x81, 1, 0x61);
  assert.deepEqual([endpoint.closed, socket.told], [false, []]);
  await endpoint.say(0x88, 2, 1000 >> 8, 1000 & 255);
  assert.deepEqual([endpoint.closed, end()], [true, { bytesIn: 0, bytesOut: 0, error: "" }]);
});

Deno.test("MessageRelay looks at a client that does not read ever more rarely, and goes on when it has", async () => {
  const { clock, socket, endpoint } = start();
  socket.onopen?.();
  await settled();
  socket.bufferedAmount = DEFAULT_RELAY_LIMITS.buffered + 1;
  await endpoint.say(0x81, 1, 0x61);
  await clock.pass(1_000);
  assert.equal(endpoint.reads, 1);
  socket.bufferedAmount = DEFAULT_RELAY_LIMITS.buffered;
  await clock.pass(64);
  assert.equal(endpoint.reads, 2);
});

Deno.test("MessageRelay takes a client that reads slowly for one that is there, and one that reads nothing for idle", async () => {
  const { clock, socket, endpoint } = start({ idle: 1_000, buffered: 1_000 });
  socket.onopen?.();
  await settled();
  socket.bufferedAmount = 2_000;
  await endpoint.say(0x81, 1, 0x61);
  for (let i = 0; i < 4; i++) {
    await clock.pass(500);
    socket.bufferedAmount--;
  }
  assert.deepEqual(socket.told, ["a"]);
  await clock.pass(1_200);
  assert.deepEqual(socket.told, ["a", "close 1001 idle"]);
});

Deno.test("MessageRelay keeps nothing on the clock when it is over", async () => {
  const { clock, socket, endpoint, relay, end } = start();
  socket.onopen?.();
  await settled();
  socket.bufferedAmount = DEFAULT_RELAY_LIMITS.buffered + 1;
  await endpoint.say(0x81, 1, 0x61);
  relay.close();
  await settled();
  assert.deepEqual(end(), { bytesIn: 0, bytesOut: 1, error: "" });
  // The wheel itself turns on for a while.
  assert.equal(clock.pending, 1);
  clock.advance(2_000);
  assert.equal(clock.pending, 0);
});
