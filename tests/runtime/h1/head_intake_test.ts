import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { H1Exchange } from "../../../src/runtime/h1/h1_exchange.ts";
import { HeadIntake } from "../../../src/runtime/h1/head_intake.ts";
import { RequestReader } from "../../../src/runtime/h1/request_reader.ts";
import { AuthorityCache } from "../../../src/http/authority_cache.ts";
import type { Client } from "../../../src/core/exchange.ts";
import { ReadBuffer } from "../../../src/transport/read_buffer.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { requestFacts } from "./memory_listener.ts";
import { get } from "./setup.ts";

const CLIENT: Client = { ip: "192.0.2.7", peer: "192.0.2.7", trusted: false };

/** A reader that counts how often it is asked. */
class CountingReader extends RequestReader {
  reads = 0;
  override read(buffer: ReadBuffer, peer: Client) {
    this.reads++;
    return super.read(buffer, peer);
  }
}

function start({ headerBytes = 4096, headerCount = 100, target = 1024 } = {}) {
  const facts = requestFacts(new FakeClock()), limits = { headerBytes, headerCount, target, body: 1000 };
  const targets = { paths: facts.paths, authorities: new AuthorityCache(), maxTarget: target };
  const reader = new CountingReader(facts, limits, targets, "http");
  const buffer = new ReadBuffer(64, headerBytes), heads = new HeadIntake(reader, headerBytes);
  /** As the connection does: more bytes, then a look at them. */
  const feed = (text: string): string | null => {
    for (const byte of new TextEncoder().encode(text)) {
      assert.ok(buffer.grow(), "the buffer is full and nobody refused");
      buffer.bytes[buffer.end++] = byte;
    }
    if (!heads.begins(buffer)) return "not begun";
    const result = heads.take(buffer, CLIENT);
    return result === null ? null : result instanceof H1Exchange ? result.path : `${result.status}`;
  };
  return { reader, buffer, heads, feed };
}

Deno.test("HeadIntake takes a head out and leaves what follows", () => {
  const { buffer, feed } = start();
  assert.equal(feed(get("/a") + "rest"), "/a");
  assert.equal(buffer.length, 4);
});

Deno.test("HeadIntake does not scan a head that comes byte by byte for each byte", () => {
  const { reader, feed } = start(), head = get("/a", `x-long: ${"y".repeat(500)}`);
  for (const byte of head.slice(0, -1)) assert.ok([null, "not begun"].includes(feed(byte)));
  assert.equal(feed(head.at(-1)!), "/a");
  assert.ok(reader.reads < 12, `${reader.reads} reads`);
});

Deno.test("HeadIntake lets two empty lines pass before a request line, for each request anew", () => {
  const { feed } = start();
  for (let i = 0; i < 3; i++) assert.equal(feed("\r\n\r\n" + get("/a")), "/a");
  assert.equal(feed("\r\n\r\n\r\n" + get("/a")), "400");
});

Deno.test("HeadIntake: two empty lines are two in however many pieces they come", () => {
  const { feed } = start();
  for (const piece of ["\r", "\n", "\r", "\n"]) assert.equal(feed(piece), "not begun");
  assert.equal(feed("\r"), "not begun");
  feed("\n");
  assert.equal(feed(get()), "400");
});

Deno.test("HeadIntake: one CR is no beginning yet, a CR before anything but LF is refused", () => {
  const { feed } = start();
  assert.equal(feed("\r"), "not begun");
  assert.equal(feed("G"), "400");
});

Deno.test("HeadIntake: a bare LF before a request line is refused", () => {
  assert.equal(start().feed("\n" + get()), "400");
});

Deno.test("HeadIntake refuses a target without an end as one: at once, or at the head's limit where it drips", () => {
  assert.equal(start({ target: 100 }).feed("GET /" + "y".repeat(200)), "414");
  const { feed } = start({ target: 100, headerBytes: 512 });
  let result = feed("GET /"), length = 5;
  for (; result === null && length < 600; length++) result = feed("y");
  assert.deepEqual([result, length], ["414", 512]);
});

for (
  const [title, text] of [
    ["fields without end", "GET / HTTP/1.1\r\nhost: a\r\n" + "x: y\r\n".repeat(200)],
    ["one field without end", "GET / HTTP/1.1\r\nx: " + "y".repeat(1000)],
  ]
) {
  Deno.test(`HeadIntake refuses ${title} at the head's limit, byte by byte as at once`, () => {
    assert.equal(start({ headerBytes: 512, headerCount: 1000 }).feed(text.slice(0, 512)), "431");
    const { feed, buffer } = start({ headerBytes: 512, headerCount: 1000 });
    let at = 0, result: string | null = null;
    while (result !== "431" && at < text.length) result = feed(text[at++]);
    assert.equal(at, 512);
    assert.ok(buffer.bytes.length <= 512, `${buffer.bytes.length} bytes of memory`);
  });
}

Deno.test("HeadIntake: a head of exactly the limit is taken, one byte more is not", () => {
  const bare = get("/a", "x: ").length;
  for (const [length, result] of [[512, "/a"], [513, "431"]] as const) {
    const { feed, buffer } = start({ headerBytes: 512 });
    buffer.widen(1024);
    assert.equal(feed(get("/a", "x: " + "y".repeat(length - bare))), result);
  }
});

Deno.test("property: however a pipeline is cut, HeadIntake finds the same requests", () => {
  const heads = [get("/1"), get("/2", "x: " + "y".repeat(300)), "\r\n" + get("/3", "a: b", "c: d"), get("/4")];
  const all = heads.join("");
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 40 }), (sizes) => {
    const { feed, buffer, heads } = start(), found: string[] = [];
    for (let at = 0, i = 0; at < all.length; i++) {
      const size = sizes[i % sizes.length];
      let result = feed(all.slice(at, at += size));
      while (result !== null && result !== "not begun") {
        found.push(result);
        result = buffer.length > 0 && heads.begins(buffer) ? feed("") : null;
      }
    }
    assert.deepEqual([found, buffer.length], [["/1", "/2", "/3", "/4"], 0]);
  }));
});
