import { strict as assert } from "node:assert";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { defineGateway } from "gatewright";
import { mtls } from "../../../src/policies/auth/mtls.ts";
import { optional } from "../../../src/policies/auth/optional.ts";
import type { GatewayWorld } from "../../../src/gateway.ts";
import { guarded, pem } from "../../runtime/tls/setup.ts";
import {
  authority,
  type Certificate,
  certificateDirectory,
  clientCertificate,
  serverCertificate,
} from "../../support/certificates.ts";
import { RawClient } from "../../support/raw_client.ts";
import { requires } from "../../support/requires.ts";
import { TempDir } from "../../support/temp_dir.ts";
import { TestGateway } from "../../support/test_gateway.ts";

const ODD: Certificate = { cert: pem("odd.pem"), key: pem("odd.key") };
const FILES: Readonly<Record<string, string>> = {
  ca: `${authority}\n${ODD.cert}`,
  cert: serverCertificate.cert,
  key: serverCertificate.key,
};
const secrets: GatewayWorld["secrets"] = ({ file }) => ({ value: FILES[file!] });

/** Answers with who is asking, and with what an upstream would be told. */
function start(): TestGateway {
  const config = defineGateway({
    routes: [
      {
        path: "/",
        policies: [mtls({ headers: { "x-client": "identity" } })],
        handler: (ctx) => Response.json([ctx.identity?.subject, ctx.header("x-client")]),
      },
      {
        path: "/optional",
        policies: [optional(mtls())],
        handler: (ctx) => Response.json([ctx.identity?.subject ?? null]),
      },
      { path: "/odd", policies: [mtls({ altNames: "admin.test" })], respond: {} },
    ],
  });
  return TestGateway.start(config, { secrets }, {
    tls: { cert: "cert", key: "key", clientCertificates: { ca: "ca", required: false } },
  });
}

const get = (path: string, more = "") => `GET ${path} HTTP/1.1\r\nhost: localhost\r\n${more}\r\n`;

async function http1(gateway: TestGateway, certificate: Partial<Certificate>) {
  return await RawClient.connect(gateway.port, { tls: { ca: authority, ...certificate } });
}

Deno.test("over HTTP/1.1 each request of a connection goes by its certificate", async () => {
  await using gateway = start();
  await using client = await http1(gateway, clientCertificate);
  for (let i = 0; i < 2; i++) {
    const { status, text } = await client.exchange(get("/", "x-client: forged\r\n"));
    assert.deepEqual([status, JSON.parse(text)], [200, ["CN=client.test", "CN=client.test"]]);
  }
  assert.equal((await client.exchange(get("/odd"))).status, 403);
});

Deno.test("a connection without a certificate is nobody's, where one is not required", async () => {
  await using gateway = start();
  await using client = await http1(gateway, {});
  const { status, text, header } = await client.exchange(get("/"));
  assert.deepEqual([status, JSON.parse(text).code, header("www-authenticate")], [401, "credential_missing", null]);
  assert.equal((await client.exchange(get("/optional", "x-client: forged\r\n"))).text, "[null]");
});

Deno.test("a name with another in it is not the other", async () => {
  await using gateway = start();
  await using client = await http1(gateway, ODD);
  assert.equal((await client.exchange(get("/odd"))).status, 403);
  const { text } = await client.exchange(get("/"));
  assert.deepEqual(JSON.parse(text)[0], "spiffe://example.org/a, DNS:admin.test");
});

Deno.test("over HTTP/2 each stream goes by the connection's certificate", async () => {
  await using gateway = start();
  const session = connectHttp2(gateway.url, { ca: authority, ...clientCertificate });
  const closed = once(session, "close");
  const ask = async (path: string) => {
    const stream = session.request({ ":path": path, ":authority": "localhost" });
    let text = "";
    stream.setEncoding("utf8").on("data", (piece: string) => text += piece);
    await once(stream, "end");
    return JSON.parse(text);
  };
  try {
    const answers = await Promise.all([ask("/"), ask("/optional"), ask("/")]);
    assert.deepEqual(answers.map(([subject]) => subject), ["CN=client.test", "CN=client.test", "CN=client.test"]);
  } finally {
    session.destroy();
    await closed;
  }
});

/** One request through `openssl s_client`, as the runtime's own client never resumes a session. */
async function openssl(port: number, version: string, session: readonly string[]) {
  const key = `${certificateDirectory}/client.key`, cert = `${certificateDirectory}/client.pem`;
  const child = new Deno.Command("openssl", {
    args: [
      "s_client",
      "-connect",
      `127.0.0.1:${port}`,
      "-ign_eof",
      `-${version}`,
      "-cert",
      cert,
      "-key",
      key,
      ...session,
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(get("/", "connection: close\r\n")));
  await writer.close();
  const { stdout } = await guarded(child.output(), "openssl s_client"), text = new TextDecoder().decode(stdout);
  return { resumed: /^Reused, /m.test(text), subject: /\["([^"]*)"/.exec(text)?.[1] };
}

for (const version of ["tls1_2", "tls1_3"]) {
  requires("openssl").test(`${version}: a resumed session goes by the certificate that was verified`, async () => {
    await using gateway = start();
    await using dir = await TempDir.make({});
    const session = dir.join("session");
    const first = await openssl(gateway.port, version, ["-sess_out", session]);
    const second = await openssl(gateway.port, version, ["-sess_in", session]);
    assert.deepEqual([first, second], [
      { resumed: false, subject: "CN=client.test" },
      { resumed: true, subject: "CN=client.test" },
    ]);
  });
}
