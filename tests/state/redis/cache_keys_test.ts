import { strict as assert } from "node:assert";
import fc from "fast-check";
import { CacheKeys } from "../../../src/state/redis/cache_keys.ts";
import { slotOf } from "../../../src/state/redis/cluster_slot.ts";
import type { PurgeTarget } from "../../../src/core/purge.ts";

const single = new CacheKeys("gw:", "routes/{id}/cache", false), cluster = new CacheKeys("gw:", "c", true);

/** Whether a purge is about the line of this URL, by what Redis would compare. */
function isMeant(keys: CacheKeys, key: string, target: PurgeTarget): boolean {
  const { index, line } = keys.placeOf(key), lines = keys.linesOf(target);
  if (lines === null) return true;
  const [, origin] = line.split("\n"), { from, beginning, wholeOrigin } = lines;
  return lines.indexes.includes(index) && line >= from.slice(1) && line.startsWith(beginning) &&
    (lines.origin === "" || (wholeOrigin ? origin === lines.origin : origin.startsWith(lines.origin)));
}

Deno.test("CacheKeys put an index and its answers in one slot, and paths of all hosts in one part", () => {
  const place = single.placeOf("https://a.example/x?1");
  assert.match(place.data, /^gw:\{0\}:routes\/\{id\}\/cache:answers:[A-Za-z0-9_-]{22}$/);
  assert.equal(place.line, `u/x?1\nhttps://a.example\n${place.hash}`);
  const parts = new Set<string>();
  for (let i = 0; i < 1000; i++) {
    const { index, data } = cluster.placeOf(`https://a.example/${i}`);
    assert.equal(slotOf(index), slotOf(data));
    assert.equal(cluster.placeOf(`http://b.example:8080/${i}`).index, index);
    parts.add(index);
  }
  assert.equal(parts.size, cluster.indexes.length);
  assert.ok(parts.isSubsetOf(new Set(cluster.indexes)));
});

Deno.test("CacheKeys.linesOf() means what a purge by URL or prefix means", () => {
  const urls = ["/a?b", "/a", "/ab", "/a/b", "/"].flatMap((path) =>
    ["https://h.example", "http://h.example", "https://h.example:8080", "https://"].map((origin) => origin + path)
  );
  const pathOf = (url: string) => url.slice(url.indexOf("/", url.indexOf("://") + 3));
  const targets: [PurgeTarget, (url: string) => boolean][] = [
    ...urls.map((url) => [{ url }, (other: string) => other === url] as [PurgeTarget, (url: string) => boolean]),
    ...["/a", "/a?b", "/none"].map((path) =>
      [{ url: path }, (url: string) => pathOf(url) === path] as [PurgeTarget, (url: string) => boolean]
    ),
    ...["/", "/a", "/a/"].map((prefix) =>
      [{ prefix }, (url: string) => pathOf(url).startsWith(prefix)] as [PurgeTarget, (url: string) => boolean]
    ),
    ...["https://h.example/a", "https://h.example/", "https://h.ex", "https://h.example", "http", "https:///a"].map(
      (prefix) => [{ prefix }, (url: string) => url.startsWith(prefix)] as [PurgeTarget, (url: string) => boolean],
    ),
    [{ all: true }, () => true],
    [{ tag: "h.example" }, () => false],
  ];
  for (const keys of [single, cluster]) {
    for (const [target, expected] of targets) {
      for (const url of urls) assert.equal(isMeant(keys, url, target), expected(url), JSON.stringify({ target, url }));
    }
  }
});

Deno.test("CacheKeys.linesOf() means every URL that begins so", () => {
  const key = fc.tuple(
    fc.constantFrom("https://", "http://"),
    fc.stringMatching(/^[ab.]{0,3}$/),
    fc.stringMatching(/^\/[ab/?]{0,4}$/),
  ).map((parts) => parts.join(""));
  fc.assert(fc.property(key, key, fc.nat(20), (url, other, cut) => {
    const prefix = url.slice(0, 7 + cut);
    assert.equal(isMeant(cluster, other, { prefix }), other.startsWith(prefix));
    assert.ok(isMeant(cluster, url, { prefix }));
  }));
});
