import { strict as assert } from "node:assert";
import { RawClient } from "../support/raw_client.ts";
import { answer, ScriptedOrigin } from "../support/scripted_origin.ts";
import { TempDir } from "../support/temp_dir.ts";
import { CliProcess, PERMISSIONS } from "./cli_process.ts";

const GET = "GET /x HTTP/1.1\r\nhost: localhost\r\n\r\n";

/** A config on ports of its own whose one route leads to the origin. */
function config(originPort: number, more = ""): string {
  return `
listen: { port: 0, hostname: 127.0.0.1 }
admin: { port: 0 }
upstreams:
  origin: http://127.0.0.1:${originPort}
routes:
  - { path: /*, upstream: origin }
${more}`;
}

/** Starts it and waits until it serves. */
async function started(dir: TempDir, config: string, permissions = PERMISSIONS) {
  const process = new CliProcess(["start", await dir.write("gateway.yaml", config)], { permissions });
  const admin = Number((await process.entry("admin listening")).port);
  const port = Number((await process.entry("listening")).port);
  await process.entry("started");
  return { process, port, admin };
}

async function readiness(port: number): Promise<unknown> {
  await using client = await RawClient.connect(port);
  const { status, text } = await client.exchange("GET /readyz HTTP/1.1\r\nhost: localhost\r\n\r\n");
  return [status, JSON.parse(text).reasons];
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`start ends with 0 at ${signal}, and not before what is under way has its answer`, async () => {
    const arrived = Promise.withResolvers<void>(), go = Promise.withResolvers<void>();
    await using origin = await ScriptedOrigin.start(async (request) => {
      arrived.resolve();
      await go.promise;
      await request.send(answer(200, "whole"));
    });
    await using dir = await TempDir.make();
    const { process, port, admin } = await started(dir, config(origin.port));
    await using _process = process;
    assert.deepEqual(await readiness(admin), [200, []]);

    await using client = await RawClient.connect(port);
    await client.send(GET);
    await arrived.promise;
    process.kill(signal);
    await process.entry("stopping");
    assert.deepEqual(await readiness(admin), [503, ["draining"]]);
    go.resolve();
    const response = await client.response();
    assert.deepEqual([response.status, response.text], [200, "whole"]);

    assert.equal(await process.ended(), 0);
    await process.entry("stopped");
    const lines = process.out.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(lines.map(({ path, status, upstream }) => [path, status, upstream]), [
      ["/x", 200, `origin/http://127.0.0.1:${origin.port}`],
    ]);
  });
}

Deno.test("start ends at once at a second signal", async () => {
  const arrived = Promise.withResolvers<void>();
  await using origin = await ScriptedOrigin.start(async (request) => {
    arrived.resolve();
    await request.hang();
  });
  await using dir = await TempDir.make();
  const { process, port, admin } = await started(dir, config(origin.port));
  await using _process = process;
  await using client = await RawClient.connect(port);
  await client.send(GET);
  await arrived.promise;
  process.kill("SIGTERM");
  await process.entry("stopping");
  // What comes within a quarter of a second counts as the first one again; the answers show that time passes.
  while (process.running) {
    process.kill("SIGTERM");
    await readiness(admin).catch(() => {});
  }
  assert.equal(await process.ended(), 143);
});

Deno.test("start serves the access log's file and demo endpoints, and leaves standard output alone", async () => {
  await using dir = await TempDir.make();
  using free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const demoPort = free.addr.port, log = dir.join("logs/access.log");
  free.close();
  const text = config(1, `  - { path: /demo, upstream: demo }\ntelemetry: { accessLog: { file: "${log}" } }\n`)
    .replace("upstreams:", `upstreams:\n  demo: [{ demo: echo, port: ${demoPort} }]`);
  const { process, port } = await started(dir, text, [...PERMISSIONS, `--allow-write=${dir.path}`]);
  await using _process = process;
  assert.equal((await process.entry("demo endpoint listening")).url, `http://127.0.0.1:${demoPort}`);
  {
    await using client = await RawClient.connect(port);
    const { text } = await client.exchange("GET /demo HTTP/1.1\r\nhost: localhost\r\n\r\n");
    assert.equal(JSON.parse(text).path, "/demo");
  }
  process.kill("SIGTERM");
  assert.equal(await process.ended(), 0);
  assert.equal(process.out, "");
  assert.equal(JSON.parse(await Deno.readTextFile(log)).path, "/demo");
});

Deno.test("start says in one line which port is in use and exits with 1", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  await using dir = await TempDir.make();
  for (
    const [listen, admin, message] of [
      [port, 0, `port ${port} is in use; stop what listens there, or set listen.port to another`],
      [0, port, `port ${port} is in use; stop what listens there, or set admin.port to another`],
    ] as const
  ) {
    const file = await dir.write(
      "gateway.yaml",
      `listen: { port: ${listen}, hostname: 127.0.0.1 }\nadmin: { port: ${admin} }\nroutes: [{ path: /, respond: {} }]\n`,
    );
    await using process = new CliProcess(["start", file]);
    assert.equal(await process.ended(), 1);
    assert.deepEqual([process.out, process.err], ["", `gatewright: cannot listen on 127.0.0.1:${port}: ${message}\n`]);
  }
});

Deno.test("start names the flag of a missing permission, and shows a stack only under --debug", async () => {
  await using dir = await TempDir.make();
  const file = await dir.write("gateway.yaml", config(1, `telemetry: { accessLog: { file: "${dir.path}/a.log" } }\n`));
  const line = `gatewright: cannot open the access log ${dir.path}/a.log: needs --allow-write=${dir.path}; ` +
    "add it to deno run, or to the task in deno.json\n";
  await using plain = new CliProcess(["start", file]);
  assert.equal(await plain.ended(), 1);
  assert.equal(plain.err, line);
  await using debug = new CliProcess(["start", file, "--debug"]);
  assert.equal(await debug.ended(), 1);
  assert.ok(debug.err.startsWith(line));
  assert.match(debug.err, /\n {4}at /);
  assert.match(debug.err, /Caused by NotCapable/);
});

Deno.test("start says what to do where there is no config, and check needs no network", async () => {
  await using dir = await TempDir.make();
  await using start = new CliProcess(["start"], { cwd: dir.path });
  assert.equal(await start.ended(), 1);
  assert.match(
    start.err,
    /^gatewright: there is no config here: .*start --to http:\/\/localhost:3000, which needs none\n$/,
  );
  await using none = new CliProcess(["check"], { cwd: dir.path, permissions: ["--allow-read", "--allow-env"] });
  assert.equal(await none.ended(), 1);
  assert.match(none.out, /\n\nthe current folder: 1 error\n$/);
  await dir.write("gateway.config.yaml", config(1));
  await using check = new CliProcess(["check"], { cwd: dir.path, permissions: ["--allow-read", "--allow-env"] });
  assert.equal(await check.ended(), 0);
  assert.match(check.out, /\ngateway\.config\.yaml is right\n$|^gateway\.config\.yaml is right\n$/);
  assert.equal(check.err, "");
});

Deno.test("start stays up when a user's code leaves an error that nobody catches", async () => {
  await using dir = await TempDir.make({
    "gateway.config.ts": `import { defineGateway } from "gatewright";
export default defineGateway({
  listen: { port: 0, hostname: "127.0.0.1" },
  admin: false,
  routes: [{
    path: "/:how",
    handler: (ctx) => {
      if (ctx.params.how === "promise") Promise.reject(new Error("left alone"));
      else queueMicrotask(() => { throw new Error("thrown later"); });
      return new Response("served");
    },
  }],
});
`,
  });
  await using process = new CliProcess(["start"], { cwd: dir.path });
  await using client = await RawClient.connect(Number((await process.entry("listening")).port));
  for (
    const [how, message, error] of [
      ["promise", "a promise was rejected and nobody caught it", "left alone"],
      ["throw", "an error was thrown and nobody caught it", "thrown later"],
    ]
  ) {
    const { text } = await client.exchange(`GET /${how} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
    assert.equal(text, "served");
    const entry = await process.entry(message);
    assert.equal(entry.error, error);
    assert.match(String(entry.stack), /gateway\.config\.ts/);
  }
  process.kill("SIGTERM");
  assert.equal(await process.ended(), 0);
});
