import { strict as assert } from "node:assert";
import { brotliDecompressSync, constants, gunzipSync, zstdDecompressSync } from "node:zlib";
import { compress } from "../../../src/policies/shape/compress.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { toBytes } from "../../support/latin1.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { passUntil, until } from "../../support/until.ts";
import { ask, ENGINES, gatewayTo, get, request } from "../../upstreams/traffic_bed.ts";

const TEXT = JSON.stringify(Array.from({ length: 3000 }, (_, id) => ({ id, name: `user ${id % 100}` })));

const DECODE: readonly (readonly [string, (bytes: Uint8Array) => Uint8Array])[] = [
  ["gzip", (bytes) => gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })],
  ["br", (bytes) => brotliDecompressSync(bytes, { finishFlush: constants.BROTLI_OPERATION_FLUSH })],
  ["zstd", (bytes) => zstdDecompressSync(bytes, { finishFlush: constants.ZSTD_e_flush })],
];

/** What the chunks that have come so far hold. */
function unchunked(text: string): Uint8Array {
  let content = "";
  for (let at = 0; at < text.length;) {
    const line = text.indexOf("\r\n", at), size = parseInt(text.slice(at, line), 16);
    if (line < 0 || !(size > 0)) break;
    content += text.slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
  }
  return toBytes(content);
}

function decoded(decode: (bytes: Uint8Array) => Uint8Array, bytes: Uint8Array): string {
  try {
    return new TextDecoder().decode(decode(bytes));
  } catch {
    // There is not enough of it yet.
    return "";
  }
}

for (const engine of ENGINES) {
  Deno.test(`${engine}: compress() sends what was asked for, once, and the connection goes on`, async () => {
    await using origin = await ScriptedOrigin.start(answer(200, TEXT, "content-type: application/json", 'etag: "a"'));
    await using gateway = gatewayTo([origin.url], new FakeClock(), {
      route: { policies: [compress(), compress()] },
      listen: { engine },
    });
    await using client = await gateway.connect();
    for (const [coding, decode] of DECODE) {
      const response = await client.exchange(get(`accept-encoding: ${coding}`));
      assert.equal(decoded(decode, response.body), TEXT);
      assert.deepEqual([response.header("content-encoding"), response.header("vary"), response.header("etag")], [
        coding,
        "accept-encoding",
        'W/"a"',
      ]);
      assert.equal(response.header("content-length"), null);
      assert.ok(response.body.length < TEXT.length / 4);
      const head = await client.exchange(request("HEAD", "/", [`accept-encoding: ${coding}`]));
      assert.deepEqual([head.header("content-encoding"), head.header("content-length"), head.header("etag")], [
        coding,
        null,
        'W/"a"',
      ]);
    }
    const plain = await client.exchange(get());
    assert.deepEqual([plain.text, plain.header("content-length"), plain.header("vary")], [
      TEXT,
      String(TEXT.length),
      "accept-encoding",
    ]);
  });

  Deno.test(`${engine}: compress() sends short answers with their length`, async () => {
    await using origin = await ScriptedOrigin.start(answer(200, TEXT.slice(0, 5000), "content-type: text/plain"));
    await using gateway = gatewayTo([origin.url], new FakeClock(), {
      route: { policies: [compress()] },
      listen: { engine },
    });
    const response = await ask(gateway, get("accept-encoding: gzip"));
    assert.equal(response.header("content-length"), String(response.body.length));
    assert.equal(gunzipSync(response.body).toString(), TEXT.slice(0, 5000));
  });

  for (const [coding, decode] of DECODE) {
    Deno.test(`${engine}: compress() sends events one by one in ${coding}`, async () => {
      const go: PromiseWithResolvers<void>[] = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
      await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
        await request.send("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n");
        for (const [i, { promise }] of go.entries()) {
          await promise;
          await request.send(`a\r\nevent: ${i}\n\n\r\n`);
        }
        await request.send("0\r\n\r\n");
      });
      await using gateway = gatewayTo([origin.url], new FakeClock(), {
        route: { policies: [compress()] },
        listen: { engine },
      });
      await using client = await gateway.connect();
      await client.send(get(`accept-encoding: ${coding}`));
      const head = await client.responseHead(), start = client.receivedText.indexOf("\r\n\r\n") + 4;
      assert.equal(head.header("content-encoding"), coding);
      let wanted = "";
      for (const [i, { resolve }] of go.entries()) {
        resolve();
        wanted += `event: ${i}\n\n`;
        await until(() => decoded(decode, unchunked(client.receivedText.slice(start))) === wanted, `event ${i}`);
      }
      await until(() => client.receivedText.endsWith("\r\n0\r\n\r\n"), "the end");
    });
  }

  Deno.test(`${engine}: compress() gives the upstream up when the client leaves`, async () => {
    const clock = new FakeClock(), gone = Promise.withResolvers<void>();
    await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
      await request.send(
        "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
      );
      await request.connection.gone();
      gone.resolve();
    });
    await using gateway = gatewayTo([origin.url], clock, { route: { policies: [compress()] }, listen: { engine } });
    await using client = await gateway.connect();
    await client.send(get("accept-encoding: gzip"));
    await client.responseHead();
    await client.reset();
    await passUntil(clock, gone.promise, 100);
    await passUntil(clock, until(() => gateway.completed.length === 1, "the end of the request"), 100);
    assert.equal(gateway.completed[0].status, 499);
  });

  Deno.test(`${engine}: compress() never ends an answer well that broke off`, async () => {
    await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
      await request.send("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 5000\r\n\r\nhello");
      await request.connection.close();
    });
    await using gateway = gatewayTo([origin.url], new FakeClock(), {
      route: { policies: [compress()] },
      listen: { engine },
    });
    await using client = await gateway.connect();
    await client.send(get("accept-encoding: gzip"));
    await client.takeToEnd().catch(() => {});
    assert.equal(client.receivedText.endsWith("\r\n0\r\n\r\n"), false);
    assert.equal((await gateway.event()).error, "upstream_body_broken");
  });
}
