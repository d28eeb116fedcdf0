import { strict as assert } from "node:assert";
import { loadPlan } from "../../src/cli/load_plan.ts";
import { UsageError } from "../../src/cli/parse_arguments.ts";
import { secret } from "../../src/core/secret.ts";
import { TempDir } from "../support/temp_dir.ts";

Deno.test("loadPlan() needs no file for one address", async () => {
  const { plan, source } = await loadPlan({ to: "http://localhost:3000" });
  assert.equal(source, "--to http://localhost:3000");
  assert.deepEqual(plan?.routes.map(({ path, target }) => [path, target.kind]), [["/*", "upstream"]]);
  assert.deepEqual(plan?.upstreams[0].endpoints.map(({ url }) => url), ["http://localhost:3000"]);
  assert.deepEqual(plan?.listeners.map(({ address }) => address), [{ kind: "tcp", hostname: "0.0.0.0", port: 8080 }]);
});

Deno.test("loadPlan() says why an address is none", async () => {
  await assert.rejects(loadPlan({ to: "users" }), UsageError);
  await assert.rejects(loadPlan({ to: "http://localhost:3000/api" }), (error) => {
    assert.match((error as Error).message, /not http:\/\/localhost:3000\/api: \S/);
    return error instanceof UsageError;
  });
});

Deno.test("loadPlan() reads secrets relative to the config's folder", async () => {
  await using dir = await TempDir.make({
    "gateway.yaml": "admin: { token: { file: ./keys/token } }\nroutes: [{ path: /, respond: {} }]\n",
    "keys/token": "s3cret\n",
  });
  const { plan, secrets, issues } = await loadPlan({ file: dir.join("gateway.yaml") });
  assert.deepEqual(issues, []);
  assert.notEqual(plan, null);
  assert.deepEqual(secrets(secret.file("./keys/token")), { value: "s3cret" });
});
