import { strict as assert } from "node:assert";
import fc from "fast-check";
import { CacheStatus, type Forwarded } from "../../../src/policies/cache/cache_status.ts";

/** RFC 8941: a list of one item, a token or a string, with parameters that are keys with integers, strings, tokens or true. */
const ITEM = /(?:[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*|"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*")/.source;
const MEMBER = new RegExp(`^${ITEM}(?:; [a-z*][a-z0-9_\\-.*]*(?:=(?:-?\\d{1,15}|${ITEM}))?)*$`);
const REASONS: readonly Forwarded[] = ["bypass", "method", "uri-miss", "vary-miss", "request", "stale", "partial"];

Deno.test("Cache-Status keeps to the grammar whatever it says", () => {
  const text = fc.array(fc.integer({ min: 0, max: 0x2ff }), { maxLength: 8 }).map((codes) =>
    String.fromCharCode(...codes)
  );
  fc.assert(
    fc.property(
      text,
      text,
      fc.integer({ min: -100_000, max: 100_000_000 }),
      fc.constantFrom(...REASONS),
      fc.boolean(),
      fc.option(fc.integer({ min: 200, max: 599 }), { nil: undefined }),
      (name, detail, ttl, fwd, flag, fwdStatus) => {
        const status = new CacheStatus(name);
        assert.match(status.hit(ttl, detail), MEMBER);
        assert.match(status.forwarded({ fwd, fwdStatus, stored: flag, collapsed: !flag, detail }), MEMBER);
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("Cache-Status says it as RFC 9211 has it", () => {
  const status = new CacheStatus("edge");
  assert.equal(status.hit(30), "edge; hit; ttl=30");
  assert.equal(status.hit(-30, 'a "b"'), 'edge; hit; ttl=-30; detail="a \\"b\\""');
  assert.equal(
    status.forwarded({ fwd: "stale", fwdStatus: 304, stored: true, collapsed: true, detail: "why" }),
    "edge; fwd=stale; fwd-status=304; stored; collapsed; detail=why",
  );
  assert.equal(new CacheStatus("two words").hit(0), '"two words"; hit; ttl=0');
});
