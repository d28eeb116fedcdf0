import { strict as assert } from "node:assert";
import fc from "fast-check";
import { BodyError } from "../../../src/core/body.ts";
import { COPY_LIMIT } from "../../../src/policies/web/shared_body.ts";
import { webRequest } from "../../../src/policies/web/web_request.ts";
import { type ExchangeOptions, makeExchange, readAll, readText, ScriptedBody } from "../../support/exchange.ts";

const { signal } = new AbortController();
const request = (options: ExchangeOptions) => webRequest(makeExchange(options), signal, false);

Deno.test("webRequest() has the method, the URL as it was asked for, and the fields", () => {
  const web = request({
    method: "DELETE",
    path: "/a%2Fb",
    query: "?q=%C3%A9&q",
    headers: [["accept", "a/b"], ["x-a", "1"], ["x-a", "2"], ["cookie", "a=1"], ["cookie", "b=2"], ["x-latin", "\xe9"]],
  });
  assert.equal(web.method, "DELETE");
  assert.equal(web.url, "http://gateway.test:8080/a%2Fb?q=%C3%A9&q");
  assert.deepEqual(Object.fromEntries(web.headers), {
    "accept": "a/b",
    "cookie": "a=1; b=2",
    "x-a": "1, 2",
    "x-latin": "\xe9",
  });
  assert.equal(web.body, null);
});

Deno.test("webRequest() is a copy: changes on either side do not show on the other", () => {
  const exchange = makeExchange({ headers: [["x-a", "1"]] }), web = webRequest(exchange, signal, false);
  web.headers.set("x-a", "2");
  exchange.headers.set("x-b", "3");
  assert.equal(exchange.headers.get("x-a"), "1");
  assert.equal(web.headers.get("x-b"), null);
});

Deno.test("webRequest() aborts with the signal it is given", () => {
  const abort = new AbortController(), web = webRequest(makeExchange(), abort.signal, false);
  assert.equal(web.signal.aborted, false);
  abort.abort();
  assert.equal(web.signal.aborted, true);
});

Deno.test("webRequest() leaves the whole body to the upstream, however the policy reads its own", async (t) => {
  const whole = "0123456789abcdef";
  const ways: Record<string, (web: Request) => unknown> = {
    "not at all": () => {},
    "as text": async (web) => assert.equal(await web.text(), whole),
    "in part": async (web) => {
      const reader = web.body!.getReader();
      assert.ok(whole.startsWith(new TextDecoder().decode((await reader.read()).value)));
      reader.releaseLock();
    },
    "in part, then cancelled": async (web) => {
      const reader = web.body!.getReader();
      await reader.read();
      await reader.cancel();
    },
    "cancelled unread": (web) => web.body!.cancel(),
    "from a clone": async (web) => assert.equal(await web.clone().text(), whole),
    "from a clone, then itself": async (web) => {
      const clone = web.clone();
      assert.equal(await clone.text(), whole);
      assert.equal(await web.text(), whole);
    },
  };
  for (const [name, read] of Object.entries(ways)) {
    await t.step(name, async () => {
      const exchange = makeExchange({ method: "POST", body: new ScriptedBody(["01234567", "89abcdef"]) });
      await read(webRequest(exchange, signal, false));
      assert.equal(await readText(exchange.body), whole);
    });
    await t.step(`${name}, after the upstream`, async () => {
      const exchange = makeExchange({ method: "POST", body: new ScriptedBody(["01234567", "89abcdef"]) });
      const web = webRequest(exchange, signal, false);
      assert.equal(await readText(exchange.body), whole);
      await read(web);
    });
  }
});

Deno.test("webRequest() keeps bodies apart for any pieces and any part that the policy reads", async () => {
  const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { maxLength: 8 });
  await fc.assert(fc.asyncProperty(pieces, fc.nat(9), fc.integer({ min: 1, max: 60 }), async (parts, reads, size) => {
    const whole = parts.flatMap((part) => [...part]);
    const exchange = makeExchange({ method: "PUT", body: new ScriptedBody(parts) });
    const reader = webRequest(exchange, signal, false).body!.getReader();
    const got: number[] = [];
    for (let i = 0; i < reads; i++) {
      const { value } = await reader.read();
      got.push(...value ?? []);
      // What is done to a piece that was given away must not reach the upstream.
      value?.fill(0);
    }
    assert.deepEqual(got, whole.slice(0, got.length));
    assert.deepEqual([...await readAll(exchange.body, size)], whole);
  }));
});

Deno.test("webRequest() fails reads above the limit with BodyError too-large, which no method of Request hides", async () => {
  const tooLarge = (error: unknown) => error instanceof BodyError && error.fault === "too-large";
  const big = new Uint8Array(COPY_LIMIT + 1);
  for (
    const body of [() => big, () => new ScriptedBody([big]), () => new ScriptedBody([big], { length: big.length })]
  ) {
    for (const method of ["text", "json", "arrayBuffer", "bytes", "blob"] as const) {
      const exchange = makeExchange({ method: "POST", body: body() });
      await assert.rejects(webRequest(exchange, signal, false)[method](), tooLarge, method);
      assert.equal((await readAll(exchange.body, 200_000)).length, big.length);
    }
  }
});

Deno.test("webRequest() copies a body of ready bytes and leaves the exchange's as it is", async () => {
  const body = new TextEncoder().encode("abc"), exchange = makeExchange({ method: "POST", body });
  const web = webRequest(exchange, signal, false);
  (await web.bytes()).fill(0);
  assert.equal(exchange.body, body);
  assert.equal(await readText(body), "abc");
});

Deno.test("webRequest() shows a GET without its body, which still goes upstream", async () => {
  for (const method of ["GET", "HEAD"]) {
    const exchange = makeExchange({ method, body: new ScriptedBody(["abc"]) });
    assert.equal(webRequest(exchange, signal, false).body, null);
    assert.equal(await readText(exchange.body), "abc");
  }
});

Deno.test("webRequest() of a request that has gone on cannot be read, and takes no byte from the upstream", async () => {
  const exchange = makeExchange({ method: "POST", body: new ScriptedBody(["abc"]) });
  await assert.rejects(webRequest(exchange, signal, true).text(), /touch ctx.request before next\(\)/);
  assert.equal(await readText(exchange.body), "abc");
});
