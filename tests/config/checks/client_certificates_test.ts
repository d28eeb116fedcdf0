import { strict as assert } from "node:assert";
import { validateConfig } from "../../../src/config/validate.ts";
import { basicAuth } from "../../../src/policies/auth/basic_auth.ts";
import { anyOf } from "../../../src/policies/auth/any_of.ts";
import { mtls } from "../../../src/policies/auth/mtls.ts";
import { optional } from "../../../src/policies/auth/optional.ts";

const TLS = { cert: "c.pem", key: "k.pem" }, ASKING = { ...TLS, clientCertificates: { ca: "ca.pem", required: false } };
const MESSAGE = "mtls goes by the client's certificate, but no listener asks for one";

function found(listen: unknown, policies: unknown[]): string[] {
  const { issues } = validateConfig({ listen, routes: [{ path: "/", respond: {}, policies }] });
  return issues.map(({ path, message }) => `${path}: ${message}`);
}

Deno.test("mtls() without a listener that asks for certificates is an error, wherever it stands", () => {
  const inside = optional(anyOf([basicAuth(), mtls()]));
  for (const listen of [undefined, { port: 80 }, { port: 443, tls: TLS }, [{ port: 80 }, { port: 443, tls: TLS }]]) {
    assert.deepEqual(found(listen, [mtls()]), [`routes[0].policies[0]: ${MESSAGE}`]);
    assert.deepEqual(found(listen, [inside]), [`routes[0].policies[0].optional.anyOf[1]: ${MESSAGE}`]);
    assert.deepEqual(found(listen, [basicAuth()]), []);
  }
  assert.deepEqual(found({ port: 443, tls: ASKING }, [mtls(), inside]), []);
  assert.deepEqual(found([{ port: 80 }, { port: 443, tls: ASKING }], [mtls()]), []);
});

Deno.test("of a listener that cannot be read nobody knows whether it asks", () => {
  assert.deepEqual(found({ port: 443, tls: { ...ASKING, cert: 7 } }, [mtls()]).map((issue) => issue.split(":")[0]), [
    "listen.tls.cert",
  ]);
});
