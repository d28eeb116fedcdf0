import { strict as assert } from "node:assert";
import type { Hono } from "hono";
import { cacheArea } from "../../src/admin/cache.ts";
import type { Inspect } from "../../src/admin/inspect.ts";
import type { PurgeReport } from "../../src/runtime/purge_caches.ts";

const REPORT = { id: "c", entries: 1, bytes: 2, maxBytes: 3, hits: 4 };
const JSON_TYPE = { "content-type": "application/json" };

/** The area, and the orders that it gave. */
function area(report: Partial<PurgeReport> = {}): { app: Hono; orders: unknown[] } {
  const orders: unknown[] = [];
  const inspect = {
    caches: () => [REPORT],
    purge: (...order: unknown[]) => {
      orders.push(order);
      return Promise.resolve({ caches: ["c"], removed: 2, failures: [], ...report });
    },
  };
  return { app: cacheArea(inspect as unknown as Inspect), orders };
}

function purge(app: Hono, body: BodyInit, headers: Record<string, string> = JSON_TYPE): Promise<Response> {
  return Promise.resolve(app.request("http://localhost/cache/purge", { method: "POST", headers, body }));
}

Deno.test("GET /cache shows the caches as they report", async () => {
  const { app } = area();
  assert.deepEqual(await (await app.request("http://localhost/cache")).json(), { caches: [REPORT] });
  const [post, get] = [
    await app.request("http://localhost/cache", { method: "POST" }),
    await app.request("http://localhost/cache/purge"),
  ];
  assert.deepEqual([post.status, post.headers.get("allow")], [405, "GET, HEAD"]);
  assert.deepEqual([get.status, get.headers.get("allow")], [405, "POST"]);
});

Deno.test("POST /cache/purge gives the order on, and tells what came of it", async () => {
  const { app, orders } = area();
  const headers = { "content-type": "Application/JSON; charset=utf-8" };
  const response = await purge(app, '{"tag":"ü","soft":true,"cache":"c"}', headers);
  assert.deepEqual([response.status, await response.json()], [200, { removed: 2, caches: ["c"] }]);
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.deepEqual(orders, [[{ target: { tag: "ü" }, soft: true }, "c"]]);
});

Deno.test("POST /cache/purge refuses what is no order, and what another site's page could send", async () => {
  const { app, orders } = area();
  const rows: [BodyInit, Record<string, string> | undefined, number][] = [
    ['{"all":true}', {}, 415],
    ['{"all":true}', { "content-type": "text/plain" }, 415],
    ['{"all":true}', { "content-type": "application/x-www-form-urlencoded" }, 415],
    ['{"all":true}', { "content-type": "text/plain; application/json" }, 415],
    ["", undefined, 400],
    ["{", undefined, 400],
    [new Uint8Array([...new TextEncoder().encode('{"tag":"'), 0xff, 0x22, 0x7d]), undefined, 400],
    ["{}", undefined, 400],
    ['{"host":"a"}', undefined, 400],
    [`{"tag":"${"a".repeat(64 * 1024)}"}`, undefined, 413],
  ];
  for (const [body, headers, status] of rows) {
    const response = await purge(app, body, headers);
    assert.deepEqual([response.status, (await response.json()).status], [status, status], `${body}`.slice(0, 30));
  }
  assert.deepEqual(orders, []);
});

Deno.test("POST /cache/purge says where it could not be done", async () => {
  const away = await purge(area({ failures: ["c: the store is away"] }).app, '{"all":true}');
  const { status, code, detail } = await away.json();
  assert.deepEqual([status, code], [502, "store_unavailable"]);
  assert.equal(detail, "Purged in this gateway, not in others: c: the store is away.");
  const none = await purge(area({ caches: [] }).app, '{"all":true,"cache":"x"}');
  assert.deepEqual([none.status, (await none.json()).detail], [404, 'There is no cache "x"; GET /cache lists them.']);
  assert.equal((await purge(area({ caches: [] }).app, '{"all":true}')).status, 200, "nothing to purge is purged");
});
