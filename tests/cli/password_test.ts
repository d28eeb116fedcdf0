import { strict as assert } from "node:assert";
import { passwordCommand } from "../../src/cli/commands/password.ts";
import { parseArguments } from "../../src/cli/parse_arguments.ts";
import { verifyPassword } from "../../src/policies/auth/basic_auth/verify_password.ts";
import { PasswordHash, readPasswordHash } from "../../src/settings/password_hash.ts";
import { cli } from "./captured_terminal.ts";

async function password(typed: string, ...args: string[]) {
  let out = "", err = "";
  const command = passwordCommand(() => Promise.resolve(typed));
  const code = await command.run(parseArguments(command, args), {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    errIsTerminal: false,
    colors: false,
  });
  return { code, out, err };
}

Deno.test("password prints a hash that basicAuth takes, and another one each time", async () => {
  const hashes = new Set<string>();
  for (const [args, start] of [[[], "$argon2id$v=19$m=19456,t=2,p=1$"], [["--bcrypt"], "$2b$10$"]] as const) {
    for (let i = 0; i < 2; i++) {
      const { code, out, err } = await password("pässword", ...args), hash = out.slice(0, -1);
      assert.deepEqual([code, err, out.at(-1)], [0, "", "\n"]);
      assert.ok(hash.startsWith(start), hash);
      assert.ok(readPasswordHash(hash) instanceof PasswordHash);
      assert.equal(await verifyPassword("pässword", hash), true);
      hashes.add(hash);
    }
  }
  assert.equal(hashes.size, 4);
});

Deno.test("password prints a line for a file of users", async () => {
  assert.match((await password("secret", "--user", "alice")).out, /^alice:\$argon2id\$/);
});

Deno.test("password makes no hash of what nobody can log in with", async () => {
  for (
    const [typed, args, err] of [
      ["", [], "the password is empty"],
      ["a\nb", [], "a password is one line without control characters"],
      ["é".repeat(37), ["--bcrypt"], "bcrypt takes 72 bytes, and this has 74"],
      ["secret", ["--user", "a:b"], "a user's name has no colon"],
      ["secret", ["--user", "a\nroot"], "a user's name has no control characters"],
      ["secret", ["--user", "#a"], "a line that begins with # says nothing in a file of users"],
      ["secret", ["--user", " a"], "spaces around a user's name do not count in a file of users"],
    ] as const
  ) assert.deepEqual(await password(typed, ...args), { code: 1, out: "", err: `gatewright: ${err}\n` });
});

Deno.test("password takes no password from the command line", async () => {
  const { code, out, err } = await cli("password", "hunter2");
  assert.deepEqual([code, out], [2, ""]);
  assert.match(err, /^gatewright: password takes no argument/);
});
