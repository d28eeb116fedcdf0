import { strict as assert } from "node:assert";
import { parse } from "yaml";
import { compilePlan } from "../../../src/compile/compile.ts";
import { jsonSchema } from "../../../src/config/json_schema.ts";
import { loadConfig } from "../../../src/config/load_config.ts";
import { validateConfig } from "../../../src/config/validate.ts";
import { formatIssue } from "../../../src/core/issue.ts";
import { fault } from "../../../src/policies/traffic/fault.ts";
import { draft7Errors } from "../../config/draft7.ts";
import { TempDir } from "../../support/temp_dir.ts";

const YAML = `routes:
  - path: /a
    respond: {}
    policies:
      - fault: { enabled: true, delay: { for: 2s, share: 0.1 }, abort: { status: 502 }, when: "header:x-fault=1" }
`;

/** What `validateConfig` makes of a file. */
async function validated(yaml: string): Promise<ReturnType<typeof validateConfig>> {
  await using dir = await TempDir.make({ "a.yaml": yaml });
  const loaded = await loadConfig(dir.join("a.yaml"));
  assert.ok(!("issues" in loaded));
  return validateConfig(loaded.value, loaded);
}

Deno.test("fault() in YAML is what it is in TypeScript", async () => {
  const policy = fault({
    enabled: true,
    delay: { for: "2s", share: 0.1 },
    abort: { status: 502 },
    when: "header:x-fault=1",
  });
  const written = validateConfig({ routes: [{ path: "/a", respond: {}, policies: [policy] }] });
  const plans = [await validated(YAML), written].map(({ config }) => compilePlan(config!).plan);
  assert.deepEqual(plans[0].routes[0].policies, plans[1].routes[0].policies);
  const [{ id, summary }] = plans[0].routes[0].policies;
  assert.equal(id, "/a/fault");
  assert.equal(summary, "fault: delay 2s for 10%, abort 502 for 100% when header:x-fault=1");
});

Deno.test("fault() by its name alone is refused: enabled has no default", async () => {
  for (const entry of ["fault", "fault:", "fault: {}"]) {
    const { config, issues } = await validated(`routes: [{ path: /a, respond: {}, policies: [${entry}] }]`);
    assert.equal(config, null);
    assert.deepEqual(issues.map(({ path, message, remedy }) => [path, message, remedy]), [[
      "routes[0].policies[0].enabled",
      "this is missing: expected true or false",
      "true, or false for no faults",
    ]], issues.map(formatIssue).join("\n"));
  }
});

Deno.test("fault() in the JSON Schema: what editors take and refuse", () => {
  const errors = (options: string) =>
    draft7Errors(jsonSchema(), parse(`routes: [{ path: /a, respond: {}, policies: [{ fault: ${options} }] }]`));
  assert.deepEqual(draft7Errors(jsonSchema(), parse(YAML)), []);
  for (const options of ["{ enabled: false, abort: {} }", "{ enabled: true, delay: { for: 1.5s } }"]) {
    assert.deepEqual(errors(options), [], options);
  }
  for (
    const options of [
      "{ abort: {} }",
      "{ enabled: true }",
      "{ enabled: true, delay: {} }",
      "{ enabled: true, delay: { for: 2 } }",
      "{ enabled: true, abort: { status: 200 } }",
      "{ enabled: true, abort: { share: 2 } }",
      "{ enabled: true, abort: {}, when: x-fault }",
      "{ enabled: true, aborts: {} }",
    ]
  ) assert.notDeepEqual(errors(options), [], options);
});
