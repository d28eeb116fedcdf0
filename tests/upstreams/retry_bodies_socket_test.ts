import { strict as assert } from "node:assert";
import { FakeClock } from "../support/fake_clock.ts";
import type { RawClient } from "../support/raw_client.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../support/scripted_origin.ts";
import type { TestGateway } from "../support/test_gateway.ts";
import { until } from "../support/until.ts";
import { answering, ask, begin, chunk, chunkedHead, ENGINES, gatewayTo, request, settle } from "./traffic_bed.ts";

/** Sends a body in chunks, each in a write of its own, once an origin has seen its head. */
async function upload(client: RawClient, origin: ScriptedOrigin, pieces: readonly string[], end: string) {
  await client.send(chunkedHead("PUT"));
  await origin.request();
  for (const piece of pieces) {
    await client.send(chunk(piece));
    await settle();
  }
  await client.send(end);
}

const SIZES: readonly [what: string, size: number, repeated: boolean][] = [
  ["just fits", 4096, true],
  ["is one byte longer than", 4097, false],
  ["is much longer than", 100_000, false],
];

for (const engine of ENGINES) {
  for (const [what, size, repeated] of engine === "h1" ? SIZES : SIZES.slice(0, 2)) {
    for (const framing of ["length", "chunks"] as const) {
      Deno.test(`${engine}: a PUT with ${framing} that ${what} the buffer is ${repeated ? "" : "not "}repeated`, async () => {
        const body = "0123456789".repeat(size).slice(0, size);
        await using bad = await answering(503, "later", "x-from: bad");
        await using good = await answering(200, "ok");
        await using gateway = gatewayTo([bad.url, good.url], new FakeClock(), {
          settings: { retry: { buffer: "4KiB" } },
          listen: { engine },
        });
        await using client = await gateway.connect();
        if (framing === "chunks") {
          await upload(client, bad, [body.slice(0, 3_000), body.slice(3_000)], "0\r\n\r\n");
        } else {
          // Behind the head, so that it is not at hand as bytes.
          await begin(gateway, client, request("PUT", "/", [`content-length: ${size}`]));
          await client.sendPieces([body.slice(0, 3_000), body.slice(3_000)]);
        }
        const response = await client.response("PUT");
        assert.deepEqual([response.status, response.text], repeated ? [200, "ok"] : [503, "later"]);
        assert.equal(response.header("x-from"), repeated ? null : "bad");
        assert.equal(await bad.requests[0].text(), body);
        assert.equal(bad.requests.length, 1);
        assert.equal(good.requests.length, repeated ? 1 : 0);
        if (repeated) assert.equal(await good.requests[0].text(), body);
      });
    }
  }

  Deno.test(`${engine}: a PUT too long for the buffer whose connection is reset is a 502`, async () => {
    await using bad = await ScriptedOrigin.start(async (request: OriginRequest) => {
      await request.body();
      await request.connection.reset();
    });
    await using good = await answering(200);
    await using gateway = gatewayTo([bad.url, good.url], new FakeClock(), {
      settings: { retry: { buffer: "1KiB" } },
      listen: { engine },
    });
    assert.equal((await ask(gateway, request("PUT", "/", [], "x".repeat(50_000)))).status, 502);
    assert.equal(good.requests.length, 0);
  });

  Deno.test(`${engine}: a body that is waited for when the first endpoint gives up goes whole to the second`, async () => {
    await using bad = await ScriptedOrigin.start(async (request: OriginRequest) => {
      await request.send(answer(503, "busy", "connection: close"));
      await request.connection.close();
    });
    await using good = await answering(200, "ok");
    await using gateway = gatewayTo([bad.url, good.url], new FakeClock(), { listen: { engine } });
    await using client = await gateway.connect();
    await client.send(chunkedHead("PUT"));
    // The second one has the head: the retry has begun before a byte of the body was sent.
    await good.request();
    await client.sendPieces([chunk("a"), chunk("b"), "0\r\n\r\n"]);
    assert.equal((await client.response("PUT")).status, 200);
    assert.equal(await good.requests[0].text(), "ab");
    assert.ok(!bad.connections[0].receivedText.includes("0\r\n\r\n"));
  });
}

Deno.test("a body is repeated with its trailers", async () => {
  await using bad = await answering(503);
  await using good = await answering(200);
  await using gateway = gatewayTo([bad.url, good.url], new FakeClock());
  await using client = await gateway.connect();
  await upload(client, bad, ["one", "two"], "0\r\nx-sum: 42\r\n\r\n");
  assert.equal((await client.response("PUT")).status, 200);
  for (const origin of [bad, good]) {
    const { bytes, trailers } = await origin.requests[0].body();
    assert.equal(new TextDecoder().decode(bytes), "onetwo");
    assert.deepEqual(trailers, [["x-sum", "42"]]);
  }
});

Deno.test("a body is sent as often as there are tries", async () => {
  await using bad = await answering(503);
  await using gateway = gatewayTo([bad.url], new FakeClock(), { settings: { retry: { attempts: 4 } } });
  await using client = await gateway.connect();
  await upload(client, bad, ["one", "two"], "0\r\n\r\n");
  assert.equal((await client.response("PUT")).status, 503);
  assert.equal(bad.requests.length, 4);
  for (const request of bad.requests) assert.equal(await request.text(), "onetwo");
});

Deno.test("an upload that its client breaks off is no whole request at any endpoint, and not repeated", async () => {
  await using bad = await ScriptedOrigin.start({ connection: async (connection) => void await connection.gone() });
  await using good = await answering(200);
  await using gateway = gatewayTo([bad.url, good.url], new FakeClock());
  await using client = await gateway.connect();
  await client.send(chunkedHead("PUT") + chunk("one"));
  await until(() => bad.connections[0]?.receivedText.includes("one"));
  await client.send("zzz\r\n");
  assert.equal((await gateway.event()).attempts, 1);
  await bad.connections[0].gone();
  assert.ok(!bad.connections[0].receivedText.endsWith("0\r\n\r\n"));
  assert.equal(good.connections.length, 0);
});

/** Sends the head of a PUT whose body waits for the gateway's word. */
async function expecting(gateway: TestGateway): Promise<RawClient> {
  const client = await gateway.connect();
  await client.send(request("PUT", "/", ["expect: 100-continue", "content-length: 5"]));
  return client;
}

Deno.test("a body that waits for 100 is asked for by the second endpoint when the first refuses to be connected", async () => {
  await using good = await ScriptedOrigin.start(async (request: OriginRequest) => {
    await request.send("HTTP/1.1 100 Continue\r\n\r\n");
    await request.body();
    await request.send(answer(200, "ok"));
  });
  await using gateway = gatewayTo(["http://127.0.0.1:1", good.url], new FakeClock());
  await using client = await expecting(gateway);
  assert.equal((await client.responseHead()).status, 100);
  await client.send("hello");
  assert.equal((await client.response("PUT")).status, 200);
  assert.equal(good.requests[0].header("expect"), "100-continue");
  assert.equal(await good.requests[0].text(), "hello");
});

Deno.test("a body that waits for 100 is asked for by the second endpoint when the first answers at once", async () => {
  await using bad = await ScriptedOrigin.start(async (request: OriginRequest) => {
    await request.send(answer(503, "", "connection: close"));
    await request.connection.close();
  });
  await using good = await ScriptedOrigin.start(async (request: OriginRequest) => {
    await request.send("HTTP/1.1 100 Continue\r\n\r\n");
    await request.body();
    await request.send(answer(200, "ok"));
  });
  await using gateway = gatewayTo([bad.url, good.url], new FakeClock());
  await using client = await expecting(gateway);
  assert.equal((await client.responseHead()).status, 100);
  await client.send("hello");
  const response = await client.response("PUT");
  assert.deepEqual([response.status, response.interim.length], [200, 0]);
  assert.equal(await good.requests[0].text(), "hello");
  assert.doesNotMatch(bad.connections[0].receivedText, /hello/);
});

Deno.test("a body that the first endpoint asked for with 100 is there for the second", async () => {
  await using bad = await ScriptedOrigin.start(async (request: OriginRequest) => {
    await request.send("HTTP/1.1 100 Continue\r\n\r\n");
    await request.body();
    await request.send(answer(503));
  });
  await using good = await answering(200, "ok");
  await using gateway = gatewayTo([bad.url, good.url], new FakeClock());
  await using client = await expecting(gateway);
  assert.equal((await client.responseHead()).status, 100);
  await client.send("hello");
  const response = await client.response("PUT");
  assert.deepEqual([response.status, response.interim.length], [200, 0]);
  assert.equal(await bad.requests[0].text(), "hello");
  assert.equal(await good.requests[0].text(), "hello");
});

Deno.test("a refusal of a body that waits for 100 passes, and the body is never asked for", async () => {
  await using bad = await ScriptedOrigin.start(async (request: OriginRequest) => {
    await request.send(answer(417, "no", "connection: close"));
    await request.connection.close();
  });
  await using gateway = gatewayTo([bad.url], new FakeClock());
  await using client = await expecting(gateway);
  const response = await client.response("PUT");
  assert.deepEqual([response.status, response.interim.length], [417, 0]);
});
