import { strict as assert } from "node:assert";
import { authority, clientCertificate, serverCertificate } from "./certificates.ts";
import { RawClient } from "./raw_client.ts";
import { answer, type OriginConnection, ScriptedOrigin } from "./scripted_origin.ts";
import { WireError } from "./wire.ts";

const GET = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";

Deno.test("a client and an origin exchange exact bytes and keep the connection", async () => {
  await using origin = await ScriptedOrigin.start([
    answer(200, "one", "Set-Cookie: a=1", "set-cookie: b=2"),
    answer(404, "two"),
  ]);
  await using client = await RawClient.connect(origin.port);
  const first = await client.exchange(GET),
    second = await client.exchange("POST /x HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\nhi");
  assert.deepEqual([first.status, first.text, second.status, second.text], [200, "one", 404, "two"]);
  assert.deepEqual(first.head.headerValues("set-cookie"), ["a=1", "b=2"]);
  assert.equal(origin.connections.length, 1);
  assert.equal(origin.requests[1].target, "/x");
  assert.equal(await origin.requests[1].text(), "hi");
  assert.equal(origin.connections[0].receivedText, GET + "POST /x HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\nhi");
});

Deno.test("a chunked body arrives with its chunks, extensions and trailers", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.send("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n");
    await request.sendPieces([
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r",
      "\n3;x=y\r\nab",
      "c\r\n1\r\nd\r\n0\r\nx-end: 1\r\n\r\n",
    ]);
  });
  await using client = await RawClient.connect(origin.port);
  const response = await client.exchange(GET);
  assert.equal(response.text, "abcd");
  assert.deepEqual(response.chunks, [3, 1]);
  assert.deepEqual(response.trailers, [["x-end", "1"]]);
  assert.deepEqual(response.interim.map((head) => head.status), [103]);
});

Deno.test("a close-delimited body ends with the connection", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.send("HTTP/1.1 200 OK\r\n\r\nall of it");
    await request.connection.close();
  });
  await using client = await RawClient.connect(origin.port);
  assert.equal((await client.exchange(GET)).text, "all of it");
  assert.equal(await client.ended(), "fin");
});

Deno.test("the origin reads a chunked upload that comes in pieces", async () => {
  await using origin = await ScriptedOrigin.start([answer(200)]);
  await using client = await RawClient.connect(origin.port);
  await client.sendPieces([
    "PUT / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chu",
    "nked\r\n\r\n2\r\nab\r\n",
    "0\r\n\r\n",
  ]);
  assert.equal((await client.response()).status, 200);
  assert.equal(await (await origin.request()).text(), "ab");
});

Deno.test("an answer can wait for a signal of the test", async () => {
  const go = Promise.withResolvers<void>();
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\na");
    await go.promise;
    await request.send("b");
  });
  await using client = await RawClient.connect(origin.port);
  await client.send(GET);
  const head = await client.responseHead();
  assert.deepEqual(await client.take(1), new TextEncoder().encode("a"));
  assert.equal(client.takeNow().length, 0);
  go.resolve();
  assert.deepEqual(await client.take(1), new TextEncoder().encode("b"));
  assert.equal(head.header("content-length"), "2");
});

Deno.test("a reset and a FIN are told apart, on both sides", async () => {
  await using origin = await ScriptedOrigin.start({
    connection: async (connection: OriginConnection) => {
      const request = await connection.nextRequest();
      if (request?.target === "/reset") await connection.reset();
      else if (request?.target === "/fin") await connection.close();
      else await connection.gone();
    },
  });
  for (const [path, ending] of [["/reset", "reset"], ["/fin", "fin"]]) {
    await using client = await RawClient.connect(origin.port);
    await client.send(`GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`);
    assert.equal(await client.ended(), ending);
  }
  for (const [index, ending] of [[2, "reset"], [3, "fin"]] as const) {
    await using client = await RawClient.connect(origin.port);
    await client.send(GET);
    const connection = await origin.connection(index);
    if (ending === "reset") await client.reset();
    else await client.close();
    assert.equal(await connection.ended(), ending);
  }
});

Deno.test("a half-closed client still gets its answer", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.connection.ended();
    await request.send(answer(200, "still here"));
  });
  await using client = await RawClient.connect(origin.port);
  await client.send(GET);
  await client.halfClose();
  assert.equal((await client.response()).text, "still here");
});

Deno.test("a request that is never answered ends when its client goes away", async () => {
  await using origin = await ScriptedOrigin.start((request) => request.hang());
  const client = await RawClient.connect(origin.port);
  await client.send(GET);
  const { connection } = await origin.request();
  await client.close();
  assert.equal(await connection.ended(), "fin");
});

Deno.test("a paused client makes its peer wait", async () => {
  const megabytes = new Uint8Array(32 << 20);
  const origin = await ScriptedOrigin.start((request) => request.send(megabytes), { guardMs: 200 });
  const client = await RawClient.connect(origin.port);
  client.pause();
  await client.send(GET);
  await (await origin.connection()).gone();
  await client.close();
  await assert.rejects(origin[Symbol.asyncDispose](), /the peer does not read/);
});

Deno.test("a wait that is in vain fails with what was received so far", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.send("HTTP/1.1 200 OK\r\nx: ");
    await request.hang();
  });
  await using client = await RawClient.connect(origin.port, { guardMs: 50 });
  await client.send(GET);
  await assert.rejects(
    client.response(),
    (error: Error) =>
      error instanceof WireError && /in vain for "\\r\\n\\r\\n".*"HTTP\/1\.1 200 OK\\r\\nx: "/.test(error.message),
  );
});

Deno.test("malformed and truncated responses are failures", async () => {
  const rows: [sent: string, message: RegExp][] = [
    ["HTTP/1.1 200 OK\nx: 1\r\n\r\n", /malformed response head/],
    ["HTTP/1.1 200 OK\r\nx : 1\r\n\r\n", /not a header field: "x : 1"/],
    ["HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab", /waited for 5 bytes, but the peer ended/],
    ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", /not a chunk size/],
    ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nabc\r\n", /followed by "bc"/],
    ["HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n", /both/],
    ["HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\n", /bad Content-Length/],
  ];
  for (const [sent, message] of rows) {
    await using origin = await ScriptedOrigin.start(async (request) => {
      await request.send(sent);
      await request.connection.close();
    });
    await using client = await RawClient.connect(origin.port);
    await client.send(GET);
    await assert.rejects(client.response(), message);
  }
});

Deno.test("a failure inside a script, and a malformed request, fail the test at disposal", async () => {
  for (const [request, message] of [[GET, /seen/], ["GET  / HTTP/1.1\r\n\r\n", /not a request line/]] as const) {
    const origin = await ScriptedOrigin.start(() => assert.fail("seen"));
    const client = await RawClient.connect(origin.port);
    await client.send(request);
    assert.equal(await client.ended(), "fin");
    await client.close();
    await assert.rejects(origin[Symbol.asyncDispose](), message);
  }
});

Deno.test("an origin that stops listening keeps its connections", async () => {
  await using origin = await ScriptedOrigin.start([answer(200, "ok")]);
  await using client = await RawClient.connect(origin.port);
  await client.exchange(GET);
  await origin.stopListening();
  await assert.rejects(RawClient.connect(origin.port), /ECONNREFUSED/);
  assert.equal((await client.exchange(GET)).text, "ok");
});

Deno.test("disposing of an origin does not wait for a script that never ends", async () => {
  const origin = await ScriptedOrigin.start(() => new Promise(() => {}));
  await using client = await RawClient.connect(origin.port);
  await client.send(GET);
  await origin.request();
  await origin[Symbol.asyncDispose]();
  assert.equal(await client.ended(), "fin");
});

Deno.test("a Unix socket works like a port", async () => {
  const directory = await Deno.makeTempDir();
  try {
    await using _origin = await ScriptedOrigin.start([answer(200, "local")], { path: `${directory}/s` });
    await using client = await RawClient.connectUnix(`${directory}/s`);
    assert.equal((await client.exchange(GET)).text, "local");
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("TLS carries the same, with client certificates", async () => {
  await using origin = await ScriptedOrigin.start([answer(200, "secret")], {
    tls: { ...serverCertificate, ca: authority },
  });
  assert.equal(origin.url, `https://localhost:${origin.port}`);
  await using client = await RawClient.connect(origin.port, { tls: { ca: authority, ...clientCertificate } });
  assert.equal((await client.exchange(GET)).text, "secret");
});

Deno.test("TLS with an authority that is not trusted does not connect", async () => {
  await using origin = await ScriptedOrigin.start([answer(200)], { tls: serverCertificate });
  await assert.rejects(RawClient.connect(origin.port, { tls: {} }), /certificate/i);
});
