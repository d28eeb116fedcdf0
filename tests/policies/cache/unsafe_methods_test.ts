import { strict as assert } from "node:assert";
import { makeEnv } from "../../support/exchange.ts";
import { CacheBed, fresh, HandFedBody } from "./cache_bed.ts";

async function bedWith(...paths: string[]): Promise<CacheBed> {
  const bed = new CacheBed();
  for (const path of paths) await bed.fill(path, { fields: fresh(), body: path });
  return bed;
}

const has = (bed: CacheBed, path: string) => bed.kept.shelf.keys().includes(`http://gateway.test:8080${path}`);

for (const method of ["POST", "PUT", "DELETE", "PATCH", "BREW"]) {
  Deno.test(`a ${method} that succeeds takes out what is kept of its URL`, async () => {
    for (const status of [200, 204, 303]) {
      const bed = await bedWith("/a", "/b");
      const asked = await bed.fill({ method, path: "/a" }, { status });
      assert.deepEqual([asked.outcome, asked.cacheStatus], ["bypass", "gatewright; fwd=method"]);
      assert.deepEqual([has(bed, "/a"), has(bed, "/b")], [false, true]);
    }
    const bed = await bedWith("/a");
    for (const status of [404, 500]) await bed.fill({ method, path: "/a" }, { status });
    assert.equal(has(bed, "/a"), true);
  });
}

Deno.test("safe methods take nothing out", async () => {
  const bed = await bedWith("/a");
  for (const method of ["OPTIONS", "TRACE", "PROPFIND", "QUERY"]) await bed.fill({ method, path: "/a" });
  assert.equal(has(bed, "/a"), true);
});

Deno.test("what Location and Content-Location name goes too, where it is of the same origin", async () => {
  for (const name of ["location", "content-location"]) {
    for (const url of ["/b", "b", "http://gateway.test:8080/b"]) {
      const bed = await bedWith("/b", "/c");
      await bed.fill({ method: "PUT", path: "/a" }, { status: 201, fields: { [name]: url } });
      assert.deepEqual([has(bed, "/b"), has(bed, "/c")], [false, true], url);
    }
    for (
      const url of ["http://other.test:8080/b", "https://gateway.test:8080/b", "http://gateway.test/b", "http://["]
    ) {
      const bed = await bedWith("/b");
      await bed.fill({ method: "PUT", path: "/a" }, { status: 201, fields: { [name]: url } });
      assert.equal(has(bed, "/b"), true, url);
    }
  }
});

Deno.test("what Location and Content-Location name on another origin is not that one's to take out", async () => {
  const others = [
    ["http://other.test:8080", { authority: "other.test:8080", host: "other.test" }],
    ["https://gateway.test:8080", { scheme: "https" as const }],
    ["http://gateway.test", { authority: "gateway.test" }],
  ] as const;
  for (const name of ["location", "content-location"]) {
    for (const [origin, asking] of others) {
      const bed = new CacheBed();
      await bed.fill({ ...asking, path: "/b" }, { fields: fresh() });
      assert.deepEqual(bed.kept.shelf.keys(), [`${origin}/b`]);
      await bed.fill({ method: "PUT", path: "/a" }, { status: 201, fields: { [name]: `${origin}/b` } });
      assert.deepEqual(bed.kept.shelf.keys(), [`${origin}/b`], name);
      await bed.fill({ ...asking, method: "PUT", path: "/a" }, { status: 201, fields: { [name]: `${origin}/b` } });
      assert.deepEqual(bed.kept.shelf.keys(), [], name);
    }
  }
});

Deno.test("an answer that was on its way when something changed is not kept", async () => {
  const bed = new CacheBed(), reading = await bed.ask();
  await bed.fill({ method: "PUT" }, { status: 204, body: null });
  const later = await bed.ask();
  assert.equal(bed.arrived.length, 3);
  await bed.arrived[0].answer({ fields: fresh(), body: "old" });
  assert.deepEqual([await reading.text(), bed.kept.shelf.entries], ["old", 0]);
  await bed.arrived[2].answer({ fields: fresh(), body: "new" });
  assert.deepEqual([await later.text(), await bed.start().text()], ["new", "new"]);
});

Deno.test("what is taken out is the URL that the client has asked for, whatever policies behind make of it", async () => {
  const bed = new CacheBed({}, makeEnv(), (next) => (exchange) => {
    exchange.query = "?changed";
    return next(exchange);
  });
  await bed.fill({ query: "?a" }, { fields: fresh() });
  await bed.fill({ method: "POST", query: "?a" });
  assert.equal(bed.kept.shelf.entries, 0);
});

Deno.test("the answer to a POST that names its own URL is one to GET, if it says for how long", async () => {
  const post = { method: "POST", path: "/a", body: new Uint8Array(1) };
  const own = { "content-location": "/a" };
  const bed = new CacheBed(), body = new HandFedBody(), asked = await bed.ask(post);
  await bed.arrived[0].answer({ fields: fresh(own), body });
  await body.give("posted");
  await body.give("");
  assert.equal(await asked.text(), "posted");
  assert.equal(await bed.start("/a").text(), "posted");
  const not = [
    [own, {}],
    [fresh({ "content-location": "/b" }), {}],
    [fresh(), {}],
    [fresh({ ...own, vary: "x-a" }), {}],
    [fresh(own), { "cache-control": "no-store" }],
    [fresh(own), { authorization: "Basic a" }],
  ] as const;
  for (const [fields, headers] of not) {
    const bed = new CacheBed();
    await bed.fill({ ...post, headers }, { fields });
    assert.equal(bed.kept.shelf.entries, 0, JSON.stringify([fields, headers]));
  }
});
