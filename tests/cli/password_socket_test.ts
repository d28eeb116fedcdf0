import { strict as assert } from "node:assert";
import { ROOT } from "../gate/tree.ts";

Deno.test("password reads standard input, without its final line break", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-read", "--allow-env", "src/cli/main.ts", "password", "--user", "alice"],
    cwd: ROOT,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode("secret\r\n"));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  assert.deepEqual([code, new TextDecoder().decode(stderr)], [0, ""]);
  assert.match(
    new TextDecoder().decode(stdout),
    /^alice:\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+\n$/,
  );
});
