/**
 * Configs in files against what comes of them: each of `golden/bad` against the exact issues printed (`<name>.txt`
 * beside it), each of `golden/good` against the valid config (`<name>.valid`, JSON). With `UPDATE_GOLDEN=1` in the
 * environment the expectations are written anew: read the difference.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadConfig } from "../../src/config/load_config.ts";
import { redact } from "../../src/config/redact.ts";
import { validateConfig } from "../../src/config/validate.ts";
import { formatIssue, type Issue } from "../../src/core/issue.ts";
import type { SecretReader } from "../../src/core/secret.ts";
import { authority, clientCertificate, serverCertificate } from "../support/certificates.ts";

const GOLDEN = fileURLToPath(new URL("golden/", import.meta.url));
const EXAMPLE = fileURLToPath(new URL("../../examples/gateway.config.yaml", import.meta.url));
const UPDATE = (await Deno.permissions.query({ name: "env", variable: "UPDATE_GOLDEN" })).state === "granted" &&
  Deno.env.get("UPDATE_GOLDEN") === "1";

const VALUES: Readonly<Record<string, string>> = {
  PRESENT: "do-not-print-me",
  SIGNING: "do-not-print-me-either",
  PRESENT_KEY: serverCertificate.key,
  OTHER_KEY: clientCertificate.key,
  "cert.pem": serverCertificate.cert,
  "cut.pem": serverCertificate.cert.slice(0, 300),
  "ca.pem": authority,
};
const KEY_LINE = serverCertificate.key.split("\n")[1];

const secrets: SecretReader = ({ env, file }) => {
  const value = VALUES[env ?? file];
  return value === undefined ? { error: `${env ?? file} is not there` } : { value };
};

for (const name of configsIn("bad")) {
  Deno.test(`validateConfig() reports every issue of bad/${name}`, async () => {
    const { config, issues } = await read(join(GOLDEN, "bad", name));
    const warnings = name.startsWith("unused_");
    assert.equal(config === null, !warnings, "a config with errors is none, one with warnings is");
    const printed = issues.map(formatIssue).join("\n").replaceAll(join(GOLDEN, "bad") + "/", "") + "\n";
    assert.doesNotMatch(printed, /hunter2|BEGIN KEY|do-not-print-me/, "a secret is printed");
    assert.ok(!printed.includes(KEY_LINE), "a key is printed");
    await expectFile(join(GOLDEN, "bad", `${name}.txt`), printed);
  });
}

for (const name of configsIn("good")) {
  Deno.test(`validateConfig() completes good/${name}`, async () => {
    const { config, issues } = await read(join(GOLDEN, "good", name));
    assert.deepEqual(issues, []);
    const printed = JSON.stringify(redact(config), null, 2).replaceAll(join(GOLDEN, "good") + "/", "") + "\n";
    await expectFile(join(GOLDEN, "good", `${name}.valid`), printed);
  });
}

Deno.test("validateConfig() makes the same of a config in TypeScript and in YAML", async () => {
  for (const name of ["full", "stores"]) {
    const [fromModule, fromYaml] = await Promise.all(
      [`${name}.ts`, `${name}.yaml`].map(async (name) => (await read(join(GOLDEN, "good", name))).config),
    );
    assert.notEqual(fromModule, null);
    assert.deepEqual(withoutPlaces(fromModule), withoutPlaces(fromYaml), name);
  }
});

Deno.test("validateConfig() accepts the example, without a warning", async () => {
  const { config, issues } = await read(EXAMPLE);
  assert.deepEqual(issues, []);
  assert.deepEqual(config?.routes.map(({ path }) => path), [
    "/fast/*",
    "/slow/*",
    "/faulty/*",
    "/steady/*",
    "/echo/*",
    "/api/users/:id",
  ]);
});

function configsIn(folder: string): string[] {
  return [...Deno.readDirSync(join(GOLDEN, folder))]
    .filter(({ name }) => /\.(?:ts|ya?ml|json)$/.test(name)).map(({ name }) => name).sort();
}

async function read(file: string) {
  const loaded = await loadConfig(file);
  return "issues" in loaded
    ? { config: null, issues: loaded.issues as readonly Issue[] }
    : validateConfig(loaded.value, { ...loaded, secrets });
}

async function expectFile(file: string, text: string): Promise<void> {
  if (UPDATE) await Deno.writeTextFile(file, text);
  assert.equal(text, await Deno.readTextFile(file));
}

function withoutPlaces(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner) => key === "source" ? inner.path : inner));
}
