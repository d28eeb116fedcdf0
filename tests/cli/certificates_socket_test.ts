import { strict as assert } from "node:assert";
import { loadPlan } from "../../src/cli/load_plan.ts";
import { ConfigError, type Issue } from "../../src/core/issue.ts";
import { Gateway } from "../../src/gateway.ts";
import { serverCertificate } from "../support/certificates.ts";
import { TempDir } from "../support/temp_dir.ts";
import { pair, pem } from "../runtime/tls/setup.ts";
import { cli } from "./captured_terminal.ts";

const config = (engine: string) => `
admin: false
listen:
  - { port: 0, hostname: 127.0.0.1 }
  - port: 0
    hostname: 127.0.0.1
    engine: ${engine}
    tls: { cert: cert.pem, key: key.pem }
routes: [{ path: /, respond: {} }]
`;
const { cert, key } = serverCertificate;

/** What a start finds where nothing was checked. */
async function found(
  file: string,
): Promise<readonly Pick<Issue, "severity" | "path" | "message" | "seen" | "remedy">[]> {
  const { plan, secrets } = await loadPlan({ file }, { withoutSecrets: true });
  const gateway = new Gateway(plan!, { secrets });
  try {
    gateway.start();
  } catch (error) {
    if (error instanceof ConfigError) return error.issues;
    throw error;
  }
  await gateway.stop();
  return [];
}

for (
  const [what, given] of [
    ["the key of another pair", { cert, key: pair("other").key }],
    ["a certificate that is cut off", { cert: cert.slice(0, 300), key }],
    ["a key that is encrypted", { cert, key: pem("encrypted.key") }],
    ["a key that is too short", pair("rsa1024")],
    ["a curve that cannot be used", pair("secp256k1")],
    ["the two the wrong way round", { cert: key, key: cert }],
  ] as const
) {
  for (const engine of ["h1", "serve"]) {
    Deno.test(`check says what a start of ${engine} would find: ${what}`, async () => {
      await using dir = await TempDir.make({
        "a.yaml": config(engine),
        "cert.pem": given.cert,
        "key.pem": given.key,
      });
      const { code, out } = await cli("check", dir.join("a.yaml"), "--json");
      const issues: Issue[] = JSON.parse(out).issues;
      const [expected, started] = [await found(dir.join("a.yaml")), await cli("start", dir.join("a.yaml"))];
      assert.ok(expected.length > 0, "a start finds nothing");
      assert.deepEqual(issues.map(({ file: _f, line: _l, column: _c, ...issue }) => issue), expected);
      assert.ok(issues.every(({ line }) => line === 8), "the line is not told");
      assert.deepEqual([code, started.code], [1, 1]);
      for (const { path, message } of expected) assert.ok(started.err.includes(`${path}: ${message}`), started.err);
      assert.equal((await cli("check", dir.join("a.yaml"), "--without-secrets")).code, 0);
    });
  }
}

Deno.test("check warns of a certificate that has expired, and the config is right", async () => {
  const { cert, key } = pair("expired");
  await using dir = await TempDir.make({ "a.yaml": config("h1"), "cert.pem": cert, "key.pem": key });
  const { code, out } = await cli("check", dir.join("a.yaml"));
  assert.equal(code, 0);
  assert.match(out, /^warning: \S+a\.yaml:8:\d+ listen\[1\]\.tls\.cert: the certificate has expired\n/);
  assert.match(out, /a\.yaml is right, with 1 warning\n$/);
});
