import { strict as assert } from "node:assert";
import { defineGateway } from "gatewright";
import { allow } from "../../../src/policies/auth/allow.ts";
import { basicAuth } from "../../../src/policies/auth/basic_auth.ts";
import { hashPassword } from "../../../src/policies/auth/basic_auth/hash_password.ts";
import { answer, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { TestGateway } from "../../support/test_gateway.ts";

const get = (path: string, user: string, password: string) =>
  `GET ${path} HTTP/1.1\r\nhost: a\r\nauthorization: Basic ${btoa(`${user}:${password}`)}\r\n\r\n`;

Deno.test("over sockets: passwords are checked on another thread, which ends with the gateway", async () => {
  await using origin = await ScriptedOrigin.start(answer(200, "here"));
  const [alice, bob] = await Promise.all([hashPassword("one", "argon2id"), hashPassword("two", "bcrypt")]);
  const upstream = origin.url as "http://origin";
  await using gateway = TestGateway.start(defineGateway({
    routes: [
      { path: "/", upstream, policies: [basicAuth({ users: { alice, bob } })] },
      { path: "/alice", upstream, policies: [basicAuth({ users: { alice, bob } }), allow("basic:user == 'alice'")] },
      { path: "/open", respond: { status: 200, body: "open" } },
    ],
  }));
  await using client = await gateway.connect();
  const statuses: number[] = [];
  for (const [user, password] of [["alice", "one"], ["bob", "two"], ["alice", "two"], ["carol", "one"]]) {
    statuses.push((await client.exchange(get("/", user, password))).status);
  }
  assert.deepEqual(statuses, [200, 200, 401, 401]);
  assert.equal(origin.requests.length, 2);
  assert.ok(origin.requests.every(({ head }) => head.header("authorization") === null));

  assert.equal((await client.exchange(get("/alice", "alice", "one"))).status, 200);
  const refused = await client.exchange(get("/alice", "bob", "two"));
  assert.deepEqual([refused.status, JSON.parse(refused.text).code], [403, "forbidden"]);

  // While passwords are checked, others are served.
  await using slow = await gateway.connect();
  await slow.send(get("/", "dave", "a"));
  assert.equal((await client.exchange(get("/open", "a", "b"))).text, "open");
  assert.equal((await slow.response()).status, 401);

  const unknown = await client.exchange("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
  assert.deepEqual([unknown.status, unknown.header("www-authenticate")], [
    401,
    'Basic realm="gateway", charset="UTF-8"',
  ]);
});
