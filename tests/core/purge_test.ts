import { strict as assert } from "node:assert";
import { mayMean, type PurgeTarget } from "../../src/core/purge.ts";

Deno.test("mayMean() says of a URL alone whether a purge may mean its answers", () => {
  const url = "https://a.example/shop/1?page=2";
  const rows: [PurgeTarget, boolean][] = [
    [{ url }, true],
    [{ url: "/shop/1?page=2" }, true],
    [{ url: "/shop/1" }, false],
    [{ url: "https://b.example/shop/1?page=2" }, false],
    [{ prefix: "https://a.example/shop" }, true],
    [{ prefix: "https://b" }, false],
    [{ prefix: "/shop" }, true],
    [{ tag: "t" }, true],
    [{ all: true }, true],
  ];
  for (const [target, expected] of rows) assert.equal(mayMean(target, url), expected, JSON.stringify(target));
});
