import { strict as assert } from "node:assert";
import { TempDir } from "../support/temp_dir.ts";
import { TestGateway } from "../support/test_gateway.ts";

Deno.test("an endpoint on a Unix socket is spoken to in HTTP/1.1, as localhost, as a host that is given, or as the client's", async () => {
  await using dir = await TempDir.make({});
  const path = dir.join("app.sock");
  await using server = Deno.serve({ path, onListen() {} }, (request) => {
    const { pathname } = new URL(request.url);
    return new Response(`${request.method} ${pathname} ${request.headers.get("host")}`);
  });
  const upstream = `unix:${path}` as const;
  await using gateway = TestGateway.start({
    upstreams: {
      own: { endpoints: [upstream], host: "endpoint" },
      given: { endpoints: [upstream], host: "app.internal:81" },
    },
    routes: [
      { path: "/own/*", upstream: "own", stripPrefix: "/own" },
      { path: "/given", upstream: "given" },
      { path: "/direct", upstream },
    ],
  });
  const answer = async (path: string) => (await fetch(`${gateway.url}${path}`)).text();
  assert.equal(await answer("/own/a"), "GET /a localhost");
  assert.equal(await answer("/given"), "GET /given app.internal:81");
  assert.equal(await answer("/direct"), `GET /direct 127.0.0.1:${gateway.port}`);
  assert.equal((await gateway.event(2)).endpoint, `${upstream}/${upstream}`);
  assert.equal(server.addr.transport, "unix");
});

Deno.test("an endpoint on a Unix socket that is not there is a 502", async () => {
  await using dir = await TempDir.make({});
  await using gateway = TestGateway.start({ routes: [{ path: "/", upstream: `unix:${dir.join("gone.sock")}` }] });
  const response = await fetch(gateway.url);
  assert.equal(response.status, 502);
  await response.body?.cancel();
  assert.equal((await gateway.event()).error, "connect_failed");
});
