import { strict as assert } from "node:assert";
import fc from "fast-check";
import { rangeReply } from "../../../../src/policies/cache/ranges/range_reply.ts";
import { DATE, storedAnswer } from "../selection/stored_answer.ts";

const FIELDS = ["content-type", "text/plain", "content-length", "10", "etag", '"a"'];
const whole = storedAnswer(FIELDS);

Deno.test("one range is sent as it is kept, without a copy", () => {
  const reply = rangeReply(whole, [{ first: 2, last: 4 }], () => 0.5);
  assert.equal(reply.status, 206);
  assert.deepEqual(reply.headers.flat(), [
    ...["date", DATE, "content-type", "text/plain", "etag", '"a"', "content-range", "bytes 2-4/10"],
  ]);
  assert.ok(reply.body instanceof Uint8Array);
  assert.equal(reply.body.buffer, whole.body.buffer);
  assert.equal(new TextDecoder().decode(reply.body), "234");
});

Deno.test("a part says nothing of itself that is true of all bytes only", () => {
  const stored = storedAnswer([
    ...FIELDS,
    "content-digest",
    "sha-256=:YQ==:",
    "content-md5",
    "YQ==",
    "repr-digest",
    "x",
  ]);
  const names = (ranges: Parameters<typeof rangeReply>[1]) =>
    rangeReply(stored, ranges, () => 0.5).headers.flat().filter((_, i) => i % 2 === 0);
  assert.deepEqual(names([{ first: 2, last: 4 }]), ["date", "content-type", "etag", "repr-digest", "content-range"]);
  assert.deepEqual(names([{ first: 0, last: 0 }, { first: 9, last: 9 }]), [
    ...["date", "etag", "repr-digest", "content-type"],
  ]);
});

Deno.test("ranges of a kept part are counted from the beginning of the whole", () => {
  const part = storedAnswer(["content-range", "bytes 20-29/50"], { status: 206, part: { first: 20, length: 50 } });
  const reply = rangeReply(part, [{ first: 21, last: 22 }], () => 0.5);
  assert.equal(reply.header("content-range"), "bytes 21-22/50");
  assert.equal(new TextDecoder().decode(reply.body as Uint8Array), "12");
  assert.equal(rangeReply(part, "unsatisfiable", () => 0.5).header("content-range"), "bytes */50");
});

Deno.test("what cannot be given is refused with the length of the whole, and nothing about the content", () => {
  const stored = storedAnswer([...FIELDS, "vary", "foo", "access-control-allow-origin", "*", "cache-status", "g; hit"]);
  const reply = rangeReply(stored, "unsatisfiable", () => 0.5);
  assert.equal(reply.status, 416);
  assert.equal(reply.body, null);
  assert.deepEqual(reply.headers.flat(), [
    ...["vary", "foo", "access-control-allow-origin", "*", "cache-status", "g; hit", "content-range", "bytes */10"],
  ]);
});

Deno.test("several ranges are parts with a type and a place of their own, in the order of the request", () => {
  const reply = rangeReply(whole, [{ first: 8, last: 9 }, { first: 0, last: 0 }], () => 0);
  const boundary = "0".repeat(24);
  assert.equal(reply.status, 206);
  assert.deepEqual(reply.headers.flat(), [
    ...["date", DATE, "etag", '"a"', "content-type", `multipart/byteranges; boundary=${boundary}`],
  ]);
  assert.deepEqual(new TextDecoder().decode(reply.body as Uint8Array).split("\r\n"), [
    "",
    `--${boundary}`,
    "Content-Type: text/plain",
    "Content-Range: bytes 8-9/10",
    "",
    "89",
    `--${boundary}`,
    "Content-Type: text/plain",
    "Content-Range: bytes 0-0/10",
    "",
    "0",
    `--${boundary}--`,
    "",
  ]);
});

Deno.test("parts of what has no type have none", () => {
  const reply = rangeReply(storedAnswer([]), [{ first: 8, last: 9 }, { first: 0, last: 0 }], () => 0);
  assert.ok(!new TextDecoder().decode(reply.body as Uint8Array).includes("Content-Type"));
});

Deno.test("the boundary is letters and digits of one length, all drawn", () => {
  const ranges = [{ first: 8, last: 9 }, { first: 0, last: 0 }];
  const boundaryOf = (draws: readonly number[]) => {
    let drawn = 0;
    const reply = rangeReply(whole, ranges, () => draws[drawn++]);
    assert.equal(drawn, 4);
    return reply.header("content-type")!.split("boundary=")[1];
  };
  const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(fc.property(fc.tuple(draw, draw, draw, draw), (draws) => {
    assert.match(boundaryOf(draws), /^[0-9a-z]{24}$/);
  }));
  assert.equal(new Set([0, 1, 2, 3].map((at) => boundaryOf([0, 0, 0, 0].with(at, 0.5)))).size, 4);
});
