import { strict as assert } from "node:assert";
import { ProxyPreamble } from "../../../src/runtime/listener/proxy_preamble.ts";
import { Sweep } from "../../../src/runtime/pace/sweep.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { type Bytes, toBytes, toText } from "../../support/latin1.ts";
import { MemoryStream, settled } from "../h1/memory_stream.ts";
import { proxyV2 } from "../h1/proxy_header.ts";

const V1 = "PROXY TCP4 192.0.2.1 198.51.100.2 1000 80\r\n";

function start() {
  const clock = new FakeClock(), sweep = new Sweep(clock), stream = new MemoryStream(), said: string[] = [];
  const preamble = new ProxyPreamble(stream, sweep, 2_000, {
    told: (source, rest) => said.push(`${source} "${toText(rest)}"`),
    failed: (reason) => said.push(reason),
  });
  sweep.add(preamble);
  preamble.start();
  return { clock, stream, said };
}

const GOOD: readonly [title: string, header: Bytes, source: string | null][] = [
  ["version 1", V1, "192.0.2.1"],
  ["version 1 over IPv6", "PROXY TCP6 2001:db8::1 2001:db8::2 1000 80\r\n", "2001:db8::1"],
  ["version 1, unknown", "PROXY UNKNOWN\r\n", null],
  ["version 2", proxyV2("192.0.2.1"), "192.0.2.1"],
  ["version 2, LOCAL", proxyV2(null), null],
  ["version 2 with 4 KiB behind the addresses", proxyV2("192.0.2.1", 4_096), "192.0.2.1"],
];

for (const [title, header, source] of GOOD) {
  Deno.test(`ProxyPreamble: ${title}, in one piece, byte by byte, and with what follows`, async () => {
    const whole = toBytes(header);
    for (const pieces of [[whole], Array.from(whole, (byte) => new Uint8Array([byte]))]) {
      const { stream, said } = start();
      for (const piece of pieces.slice(0, -1)) {
        stream.say(piece);
        await settled();
      }
      assert.deepEqual(said, []);
      stream.say(new Uint8Array([...pieces.at(-1)!, 71, 69]));
      await settled();
      assert.deepEqual([said, stream.reading, stream.closed], [[`${source} "GE"`], false, false]);
    }
  });
}

const BAD: readonly [title: string, bytes: Bytes, reason: RegExp][] = [
  ["a request without a header", "GET / HTTP/1.1\r\n\r\n", /does not begin with/],
  ["a wrong first byte", "Q", /does not begin with/],
  ["a line that is too long", `PROXY UNKNOWN ${"x".repeat(100)}`, /malformed/],
  ["a line with a bad address", "PROXY TCP4 192.0.2.999 ", /malformed/],
  ["a wrong signature", "\r\n\r\n\0\r\nQUIX", /signature/],
  ["version 2 with more behind the addresses than anybody needs", proxyV2("192.0.2.1", 4_097), /more than 4096/],
];

for (const [title, bytes, reason] of BAD) {
  Deno.test(`ProxyPreamble: ${title} closes the connection without a word to it`, async () => {
    const { stream, said } = start();
    stream.say(bytes);
    await settled();
    assert.equal(said.length, 1);
    assert.match(said[0], reason);
    assert.deepEqual([stream.closed, stream.heard], [true, ""]);
  });
}

Deno.test("ProxyPreamble waits for the header's time-out and no longer, however much drips", async () => {
  const { clock, stream, said } = start();
  for (let i = 0; i < 19; i++) {
    stream.say(V1[i]);
    await settled();
    clock.advance(100);
  }
  assert.deepEqual(said, []);
  clock.advance(300);
  assert.deepEqual([said, stream.closed], [["no PROXY header in time"], true]);
  clock.advance(60_000);
  await settled();
  assert.equal(said.length, 1, "told once");
});

Deno.test("ProxyPreamble: a connection that ends or breaks in its header is told of once", async () => {
  for (const [leave, reason] of [["end", "connection closed"], ["reset", "connection reset"]] as const) {
    const { stream, said } = start();
    stream.say("PROXY");
    await settled();
    stream[leave]();
    await settled();
    assert.deepEqual([said, stream.closed], [[reason], true]);
  }
});

Deno.test("ProxyPreamble: a connection that its listener closes is told of once, and closed once", async () => {
  const { stream, said } = start();
  stream.say("PROXY");
  await settled();
  // A second close() of it throws, as a socket's does.
  stream.close();
  await settled();
  assert.deepEqual(said, ["connection reset"]);
});
