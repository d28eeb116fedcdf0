import { strict as assert } from "node:assert";
import { acceptKey } from "../../../src/http/websocket/accept_key.ts";
import { RawClient } from "../../support/raw_client.ts";
import { TempDir } from "../../support/temp_dir.ts";
import { Served } from "./engine.ts";

const listenAt = (path: string) => ({ kind: "unix", path }) as const;

Deno.test("a Unix socket is served like a port: target, authority and peer", async () => {
  await using dir = await TempDir.make();
  const path = dir.join("gate way_1.sock");
  await using served = new Served({ listen: listenAt(path) });
  assert.deepEqual(served.engine.address, { hostname: path, port: 0 });
  await using client = await RawClient.connectUnix(path);
  const requests = [
    "GET /a//b?c HTTP/1.1\r\nhost: A.example:90\r\n\r\n",
    "GET http://b.example/z HTTP/1.1\r\nhost: a.example\r\n\r\n",
  ];
  for (const request of requests) assert.equal((await client.exchange(request)).text, "ok");
  assert.deepEqual(
    served.exchanges.map(({ host, authority, path, query, scheme, client, httpVersion }) =>
      [host, authority, path, query, scheme, client.ip, client.trusted, httpVersion].join(" ")
    ),
    ["a.example A.example:90 /a//b ?c http unix false 1.1", "b.example b.example /z  http unix false 1.1"],
  );
  assert.equal((await client.exchange("OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n")).status, 204);
});

/** What is refused on a Unix socket as it is on a port. */
const REFUSED: readonly (readonly [what: string, request: string, detail: string])[] = [
  ["no Host", "GET /x HTTP/1.1\r\n\r\n", "The request has no Host."],
  ["no Host in HTTP/1.0", "GET /x HTTP/1.0\r\n\r\n", "The request has no Host."],
  ["a Host that is none", "GET /x HTTP/1.1\r\nhost: a b/../c@d\r\n\r\n", "The Host of the request is not valid."],
  ["a Host that would move the path", "GET /y HTTP/1.1\r\nhost: a/x?\r\n\r\n", "The Host of the request is not valid."],
  ["the path of a socket as Host", "GET /x HTTP/1.1\r\nhost: %2Ftmp\r\n\r\n", "The Host of the request is not valid."],
];

for (const [what, request, detail] of REFUSED) {
  Deno.test(`${what} is a 400 on a Unix socket`, async () => {
    await using dir = await TempDir.make();
    await using served = new Served({ listen: listenAt(dir.join("s_1.sock")) });
    await using client = await RawClient.connectUnix(dir.join("s_1.sock"));
    const { status, text } = await client.exchange(request);
    assert.deepEqual([status, JSON.parse(text).detail], [400, detail]);
    assert.deepEqual([served.exchanges.length, served.statuses], [0, [400]]);
  });
}

Deno.test("a Unix socket's file is gone when its listener is closed", async () => {
  await using dir = await TempDir.make();
  const path = dir.join("s.sock");
  {
    await using _served = new Served({ listen: listenAt(path) });
    assert.ok((await Deno.lstat(path)).isSocket);
    assert.throws(() => new Served({ listen: listenAt(path) }), Deno.errors.AddrInUse);
  }
  await assert.rejects(Deno.lstat(path), Deno.errors.NotFound);
});

Deno.test("a WebSocket's handshake on a Unix socket asks for an upgrade", async () => {
  await using dir = await TempDir.make();
  await using served = new Served({ listen: listenAt(dir.join("s.sock")) });
  await using client = await RawClient.connectUnix(dir.join("s.sock"));
  const key = "dGhlIHNhbXBsZSBub25jZQ==";
  await client.exchange(
    `GET /chat HTTP/1.1\r\nhost: a\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-key: ${key}\r\n\r\n`,
  );
  const [{ upgrade, headers }] = served.exchanges;
  assert.equal(upgrade, "websocket");
  assert.notEqual(acceptKey(headers.get("sec-websocket-key") ?? ""), acceptKey(key));
});
