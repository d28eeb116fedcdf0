import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { curlRequest } from "./support/curl.ts";
import { TempDir } from "./support/temp_dir.ts";
import { CliProcess } from "./cli/cli_process.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const README = Deno.readTextFileSync(`${ROOT}/README.md`);
const NPX = "npx -y deno@2.9.6 task ";

const blocks = (language: string) =>
  [...README.matchAll(new RegExp("```" + language + "\n(.*?)```", "gs"))].map(([, text]) => text);
const COMMANDS = blocks("sh").flatMap((block) => block.trim().split("\n"));

/** Whether the README's own ports can be had: they are what a newcomer types, so they are what is tried. */
function portsFree(...ports: number[]): boolean {
  try {
    for (const port of ports) Deno.listen({ hostname: "0.0.0.0", port }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return false;
    throw error;
  }
}

/** Runs one of the README's `npx` commands with this Deno, which is the one that npx would bring. */
const task = (command: string) => new CliProcess(command.slice(NPX.length).split(" "), { task: true, cwd: ROOT });

Deno.test("README: every command is one that these tests know", () => {
  const known = [
    ...["start", "test", "start --to http://localhost:3000", "check", "cli routes"],
    ...["cli key --consumer acme", "cli password --user alice"],
  ].map((words) => NPX + words);
  const unknown = COMMANDS.filter((command) => !known.includes(command) && !command.startsWith("curl "));
  assert.deepEqual(unknown, []);
});

Deno.test({
  name: "README: start serves the tour, every curl is answered, and it stops (needs ports 8080, 9901 and 9001–9006)",
  ignore: !portsFree(8080, 9901, 9001, 9002, 9003, 9004, 9005, 9006),
  async fn() {
    await using process = task(NPX + "start");
    await process.entry("listening");
    for (const command of COMMANDS.filter((command) => command.startsWith("curl "))) {
      const response = await fetch(curlRequest(command));
      await response.body?.cancel();
      const faulty = command.endsWith("/faulty") && response.status === 500;
      assert.ok(response.ok || faulty, `${command}: ${response.status}`);
    }
    const line = await process.line((text) => text.includes('"path":"/fast"'));
    const shown = JSON.parse(blocks("json")[0]);
    assert.deepEqual(
      Object.keys(JSON.parse(line)),
      Object.keys(shown),
      "the access log has the fields that README shows",
    );
    process.kill("SIGTERM");
    assert.equal(await process.ended(), 0);
  },
});

Deno.test({
  name: "README: start --to proxies a service without any file (needs ports 3000 and 8080)",
  ignore: !portsFree(3000, 8080, 9901),
  async fn() {
    await using _service = Deno.serve({ hostname: "127.0.0.1", port: 3000, onListen() {} }, () => new Response("mine"));
    await using process = task(NPX + "start --to http://localhost:3000");
    await process.entry("listening");
    const response = await fetch("http://127.0.0.1:8080/any");
    assert.equal(await response.text(), "mine");
    process.kill("SIGTERM");
    assert.equal(await process.ended(), 0);
  },
});

for (const command of ["check", "cli routes"]) {
  Deno.test(`README: ${command} is content with the tour`, async () => {
    await using process = task(NPX + command);
    assert.equal(await process.ended(), 0, process.err);
    assert.match(process.out, command === "check" ? /gateway\.config\.ts/ : /\/api\/users\/:id/);
  });
}

Deno.test("README: cli key makes a key that its hash is of", async () => {
  await using process = task(NPX + "cli key --consumer acme");
  assert.equal(await process.ended(), 0, process.err);
  assert.match(process.out, /gw_[\w-]{43}[^]*acme[^]*sha256:[0-9a-f]{64}/);
});

Deno.test("README: check finds nothing wrong with the configs shown", async () => {
  await using folder = await TempDir.make();
  for (const [i, text] of blocks("ts").entries()) {
    const file = await folder.write(`readme_${i}.config.ts`, text);
    await using process = task(`${NPX}cli check ${file} --without-secrets`);
    assert.equal(await process.ended(), 0, process.out + process.err);
  }
});
