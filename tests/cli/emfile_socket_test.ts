import { strict as assert } from "node:assert";
import { RawClient } from "../support/raw_client.ts";
import { TempDir } from "../support/temp_dir.ts";
import { CliProcess } from "./cli_process.ts";

const TOLD = {
  h1: ["a connection could not be accepted; trying again", "connections are accepted again"],
  serve: ["listener stopped; it will be started again", "listener started again"],
};

for (const engine of ["h1", "serve"] as const) {
  Deno.test(`${engine}: a listener in want of file descriptors comes back, and the process stays`, async () => {
    await using folder = await TempDir.make({
      "gateway.config.yaml": `listen: { port: 0, hostname: 127.0.0.1, engine: ${engine} }\n` +
        "admin: false\nroutes:\n  - { path: /, respond: { body: here } }\n",
    });
    await using process = new CliProcess(["start", folder.join("gateway.config.yaml")], { openFiles: 60 });
    const { url } = await process.entry("listening");
    const port = Number(new URL(String(url)).port), clients: RawClient[] = [], [trouble, recovery] = TOLD[engine];
    try {
      // The last of them find nobody who takes them.
      for (let i = 0; i < 80; i++) await RawClient.connect(port).then((client) => clients.push(client), () => {});
      await process.entry(trouble);
    } finally {
      await Promise.all(clients.map((client) => client.close()));
    }
    // A first recovery may be in want again, as long as the system has not taken back what the clients had.
    let text: string | null = null;
    for (let place = 0; text === null; place++) {
      await process.entry(recovery, place);
      text = await ask(port).catch(() => null);
    }
    assert.equal(text, "here");
    process.kill("SIGTERM");
    assert.equal(await process.ended(), 0);
  });
}

async function ask(port: number): Promise<string> {
  await using client = await RawClient.connect(port);
  return (await client.exchange("GET / HTTP/1.1\r\nhost: a\r\n\r\n")).text;
}
