import { strict as assert } from "node:assert";
import { ruleOf } from "../../../src/core/limit.ts";
import { tokenBucket } from "../../../src/policies/traffic/algorithms/token_bucket.ts";
import { authority, certificateDirectory } from "../../support/certificates.ts";
import { RedisServer } from "../../support/redis_server.ts";
import { requires } from "../../support/requires.ts";
import { steadyPort } from "../../support/steady_port.ts";
import { TestStore } from "./open_redis.ts";

requires("redis-server").test("rediss:// speaks TLS, and only to whom the authority vouches for", async () => {
  const port = steadyPort(), file = (name: string) => `${certificateDirectory}/${name}`;
  await using _server = await RedisServer.start({
    args: ["--tls-port", `${port}`, "--tls-cert-file", file("server.pem"), "--tls-key-file", file("server.key")]
      .concat(["--tls-ca-cert-file", file("authority.pem"), "--tls-auth-clients", "no"]),
  });
  const url = `rediss://localhost:${port}`, rule = ruleOf({ limit: 5, per: 1000 });
  await using store = new TestStore(url, {
    settings: { timeout: "10s", tls: { ca: { env: "CA" } } },
    secrets: { CA: authority },
  });
  const init = { id: "a", algorithms: [tokenBucket] };
  assert.equal((await store.limiter(init).take(["k"], [rule], 1))[0].admitted, true);
  await using unknown = new TestStore(url, { settings: { timeout: "10s" } });
  await assert.rejects(async () => await unknown.limiter(init).take(["k"], [rule], 1), /certificate|UnknownIssuer/i);
});
