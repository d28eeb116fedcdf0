import { strict as assert } from "node:assert";
import { persists } from "../../src/http/persists.ts";

const TABLE: readonly [connection: string, http11: boolean, http10: boolean][] = [
  ["", true, false],
  ["keep-alive", true, true],
  ["Keep-Alive", true, true],
  ["close", false, false],
  ["x-a, CLOSE\t,x-b", false, false],
  ["keep-alive, close", false, false],
  ["enclosed", true, false],
  ["upgrade", true, false],
  // No blank of HTTP's stands around these words, so they are others (RFC 9110 §5.6.3).
  ["close\xa0", true, false],
  ["\u00a0keep-alive", true, false],
];

Deno.test("persists() follows RFC 9112 §9.3 for both versions", () => {
  for (const [connection, http11, http10] of TABLE) {
    assert.equal(persists(connection, true), http11, JSON.stringify(connection));
    assert.equal(persists(connection, false), http10, JSON.stringify(connection));
  }
});
