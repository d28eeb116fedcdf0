import { strict as assert } from "node:assert";
import { claimSocketFile } from "../../src/runtime/unix_socket_file.ts";
import { TempDir } from "../support/temp_dir.ts";

/** Leaves a socket file behind, as a process does that is killed. */
async function dieAt(path: string): Promise<void> {
  const code = `Deno.listen({ transport: "unix", path: ${JSON.stringify(path)} }); Deno.kill(Deno.pid, "SIGKILL");`;
  await new Deno.Command(Deno.execPath(), { args: ["eval", code], stdout: "null", stderr: "null" }).output();
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

Deno.test("a socket file that a dead process left is removed, and the path can be listened on", async () => {
  await using dir = await TempDir.make();
  const path = dir.join("s.sock");
  await dieAt(path);
  assert.throws(() => Deno.listen({ transport: "unix", path }), Deno.errors.AddrInUse);
  await claimSocketFile(path);
  assert.equal(exists(path), false);
  Deno.listen({ transport: "unix", path }).close();
});

Deno.test("a path with nothing there is free, also in a folder that is not there", async () => {
  await using dir = await TempDir.make();
  await claimSocketFile(dir.join("s.sock"));
  await claimSocketFile(dir.join("no/s.sock"));
});

Deno.test("a socket that somebody listens on stays, and the error says so", async () => {
  await using dir = await TempDir.make();
  const path = dir.join("s.sock");
  using listener = Deno.listen({ transport: "unix", path });
  const accepted = listener.accept();
  await assert.rejects(claimSocketFile(path), (error: Error) => {
    assert.ok(error instanceof Deno.errors.AddrInUse);
    assert.equal(error.message, `another process listens on ${path}; stop it, or listen on another path`);
    return true;
  });
  (await accepted).close();
  assert.ok(exists(path));
});

Deno.test("a socket whose listener is too busy to accept stays: nobody can tell", async () => {
  await using dir = await TempDir.make();
  const path = dir.join("s.sock"), connections: Deno.Conn[] = [];
  using _listener = Deno.listen({ transport: "unix", path });
  for (let full = false; !full;) {
    try {
      connections.push(await Deno.connect({ transport: "unix", path }));
    } catch {
      full = true;
    }
  }
  await assert.rejects(claimSocketFile(path), (error: Error) => {
    assert.ok(error instanceof Deno.errors.AddrInUse);
    assert.match(error.message, /^whether another process listens on .* is not known/);
    return true;
  });
  for (const connection of connections) connection.close();
  assert.ok(exists(path));
});

Deno.test("what is no socket stays: a file, a folder, a link to a socket", async () => {
  await using dir = await TempDir.make({ "file": "precious", "folder/file": "precious" });
  await dieAt(dir.join("s.sock"));
  await Deno.symlink(dir.join("s.sock"), dir.join("link"));
  for (const name of ["file", "folder", "link"]) {
    await assert.rejects(claimSocketFile(dir.join(name)), (error: Error) => {
      assert.ok(error instanceof Deno.errors.AddrInUse);
      assert.match(error.message, /is there already and is no socket; remove it, or listen on another path$/);
      return true;
    });
    assert.ok(exists(dir.join(name)), name);
  }
  assert.ok(exists(dir.join("s.sock")));
});
