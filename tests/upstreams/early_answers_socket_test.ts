import { strict as assert } from "node:assert";
import { FakeClock } from "../support/fake_clock.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../support/scripted_origin.ts";
import { until } from "../support/until.ts";
import { answering, chunk, chunkedHead, ENGINES, gatewayTo, request, settle } from "./traffic_bed.ts";

const REFUSAL = "HTTP/1.1 413 Content Too Large\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno";
const LAST = "0\r\n\r\n";

/** What a body does with retries, by the request's method: kept to be sent again, or not. */
const METHODS = ["PUT", "POST"] as const;

for (const engine of ENGINES) {
  for (const method of METHODS) {
    Deno.test(`${engine}: a refusal reaches a client whose ${method} is not over, and its rest goes nowhere`, async () => {
      await using origin = await ScriptedOrigin.start({
        connection: async (connection) => {
          await connection.takeUntil("hello");
          await connection.send(REFUSAL);
          await connection.gone();
        },
      });
      await using gateway = gatewayTo([origin.url], new FakeClock(), { listen: { engine } });
      await using client = await gateway.connect();
      await client.send(chunkedHead(method) + chunk("hello"));
      const response = await client.response(method);
      assert.deepEqual([response.status, response.text], [413, "no"]);
      // The other side may have closed by now.
      await client.send(chunk("GET /smuggled HTTP/1.1\r\nhost: a\r\n\r\n") + LAST).catch(() => {});
      await origin.connections[0].ended();
      assert.doesNotMatch(origin.connections[0].receivedText, /0\r\n\r\n$/);
      assert.doesNotMatch(origin.connections[0].receivedText, /smuggled/);
    });

    Deno.test(`${engine}: an early success whose ${method} goes on is not cut off`, async () => {
      await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
        await request.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nHELLO\r\n");
        const { bytes } = await request.body();
        await request.send(chunk(`${bytes.length}`) + LAST);
      });
      await using gateway = gatewayTo([origin.url], new FakeClock(), { listen: { engine } });
      await using client = await gateway.connect();
      await client.send(chunkedHead(method) + chunk("hello"));
      await client.takeUntil("HELLO");
      await client.send(chunk("world"));
      await settle();
      await client.send(LAST);
      await client.takeUntil("2\r\n10\r\n0\r\n\r\n");
      assert.equal(origin.requests.length, 1);
    });
  }

  Deno.test(`${engine}: a 503 in the middle of an upload: the second endpoint gets all of it, the first no end`, async () => {
    await using bad = await ScriptedOrigin.start({
      connection: async (connection) => {
        await connection.takeUntil("hello");
        await connection.send(answer(503, "busy"));
        await connection.gone();
      },
    });
    await using good = await answering(200, "ok");
    await using gateway = gatewayTo([bad.url, good.url], new FakeClock(), { listen: { engine } });
    await using client = await gateway.connect();
    await client.send(chunkedHead("PUT") + chunk("hello"));
    await good.request();
    await client.send(chunk("world"));
    await settle();
    await client.send(LAST);
    assert.equal((await client.response("PUT")).status, 200);
    assert.equal(await good.requests[0].text(), "helloworld");
    await bad.connections[0].ended();
    assert.doesNotMatch(bad.connections[0].receivedText, /0\r\n\r\n$/);
  });

  // Until the pause is over its answer may be what the client gets: so long the upload goes there.
  for (
    const [what, during, after, isWhole] of [
      ["goes on behind the pause", chunk("there"), chunk("world") + LAST, false],
      ["ends during the pause", chunk("there") + chunk("world") + LAST, "", true],
    ] as const
  ) {
    Deno.test(`${engine}: a 503 whose own body is under way in the middle of an upload that ${what}`, async () => {
      const clock = new FakeClock();
      await using bad = await ScriptedOrigin.start({
        connection: async (connection) => {
          await connection.takeUntil("hello");
          await connection.send("HTTP/1.1 503 Busy\r\ntransfer-encoding: chunked\r\n\r\n4\r\nbusy\r\n");
          await connection.gone();
        },
      });
      await using good = await answering(200, "ok");
      await using gateway = gatewayTo([bad.url, good.url], clock, {
        settings: { retry: { backoff: "40ms" } },
        world: { random: () => 0.5 },
        listen: { engine },
      });
      await using client = await gateway.connect();
      await client.send(chunkedHead("PUT") + chunk("hello"));
      await until(() => clock.untilNext === 20, "the pause");
      await client.send(during);
      await settle();
      clock.advance(20);
      await good.request();
      if (after !== "") await client.send(after);
      assert.equal((await client.response("PUT")).status, 200);
      assert.equal(await good.requests[0].text(), "hellothereworld");
      await bad.connections[0].ended();
      assert.equal(bad.connections[0].receivedText.endsWith(LAST), isWhole);
    });
  }

  Deno.test(`${engine}: the connection of a client whose upload was refused early serves no smuggled request`, async () => {
    await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
      await request.send(request.method === "PUT" ? REFUSAL : answer(200, "smuggled"));
      if (request.method === "PUT") await request.connection.close();
    });
    await using gateway = gatewayTo([origin.url], new FakeClock(), { listen: { engine } });
    await using client = await gateway.connect();
    const rest = "GET /smuggled HTTP/1.1\r\nhost: a\r\n\r\n".repeat(20);
    await client.send(request("PUT", "/", [`content-length: ${1_000 + rest.length}`]) + "x".repeat(1_000));
    assert.equal((await client.response("PUT")).status, 413);
    await client.send(rest).catch(() => {});
    await settle();
    assert.ok(origin.requests.every(({ target }) => target === "/"));
  });
}

Deno.test("an early 503 that is the last word reaches the client while its upload stands still", async () => {
  await using bad = await ScriptedOrigin.start({
    connection: async (connection) => {
      await connection.takeUntil("hello");
      await connection.send(answer(503, "busy"));
      await connection.gone();
    },
  });
  await using gateway = gatewayTo([bad.url], new FakeClock(), { settings: { retry: { attempts: 3 } } });
  await using client = await gateway.connect();
  await client.send(chunkedHead("PUT") + chunk("hello"));
  const response = await client.response("PUT");
  assert.deepEqual([response.status, response.text], [503, "busy"]);
  assert.equal(bad.connections.length, 3);
  for (const connection of bad.connections) {
    await connection.ended();
    assert.doesNotMatch(connection.receivedText, /0\r\n\r\n$/);
  }
});
