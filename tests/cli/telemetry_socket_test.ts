import { strict as assert } from "node:assert";
import { RawClient } from "../support/raw_client.ts";
import { TempDir } from "../support/temp_dir.ts";
import { until } from "../support/until.ts";
import { CliProcess, PERMISSIONS } from "./cli_process.ts";

const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`;

/** What is in a file; nothing where there is none yet. */
function read(file: string): string {
  try {
    return Deno.readTextFileSync(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

Deno.test("start tells all that the config asks for, and SIGUSR2 opens its files anew", async () => {
  await using dir = await TempDir.make();
  const access = dir.join("access.log"), log = dir.join("gateway.log"), summary = dir.join("summary.jsonl");
  const file = await dir.write(
    "gateway.yaml",
    `
listen: { port: 0, hostname: 127.0.0.1, expose: [health, metrics] }
admin: { port: 0 }
telemetry:
  traces: { to: console, responseHeader: true }
  metrics: { summary: ${summary} }
  accessLog: { file: ${access} }
  log: { file: ${log} }
routes:
  - { path: /a/:id, respond: { body: hi } }
`,
  );
  await using process = new CliProcess(["start", file], { permissions: [...PERMISSIONS, `--allow-write=${dir.path}`] });
  const listening = /"msg":"listening".*?"port":(\d+)/;
  await until(() => listening.test(read(log)));
  await using client = await RawClient.connect(Number(listening.exec(read(log))![1]));

  const first = await client.exchange(get("/a/1")), traceId = first.header("x-trace-id");
  assert.match(traceId!, /^[0-9a-f]{32}$/);
  await until(() => read(access).includes(`"traceId":"${traceId}"`));
  await until(() => process.err.includes(`trace ${traceId}\nGET /a/:id  200`));
  await until(() => /"requests":1,/.test(read(summary)));
  assert.equal((await client.exchange(get("/readyz"))).status, 200);
  const { text } = await client.exchange(get("/metrics"));
  assert.match(text, /^http_requests_total\{method="GET",route="\/a\/:id",status="2xx",code="200"\} 1$/m);
  assert.match(text, /^gatewright_telemetry_lost_total\{signal="spans"\} 0$/m);
  assert.match(text, /^gatewright_build_info\{/m);

  for (const file of [access, log, summary]) await Deno.rename(file, `${file}.1`);
  process.kill("SIGUSR2");
  await until(() => read(summary) !== "");
  await client.exchange(get("/a/2"));
  await until(() => read(access) !== "");
  for (const file of [access, log]) await Deno.rename(file, `${file}.2`);
  process.kill("SIGUSR1");
  await until(() => read(log).includes("send SIGUSR2"));
  await client.exchange(get("/a/3"));
  process.kill("SIGTERM");
  assert.equal(await process.ended(), 0);
  assert.match(read(access), /"path":"\/a\/3"/);
  assert.match(read(`${access}.2`), /"path":"\/a\/2"/);
  assert.doesNotMatch(read(`${access}.1`), /"path":"\/a\/2"/);
  assert.match(read(log), /"msg":"stopping".*\n.*"msg":"stopped"/);
  assert.equal(process.out, "");
});

Deno.test("start refuses a secret of a collector that is not there, and what it may not write", async () => {
  await using dir = await TempDir.make();
  const RULES: readonly (readonly [telemetry: string, permissions: readonly string[], message: RegExp])[] = [
    ["traces: { to: { otlp: 'http://127.0.0.1:1', headers: { authorization: { env: NOT_THERE } } } }", [], /NOT_THERE/],
    [`metrics: { summary: ${dir.join("s.jsonl")} }`, [], /cannot open the summary .*: needs --allow-write=/],
    [`log: { file: ${dir.join("g.log")} }`, [], /cannot open the log .*: needs --allow-write=/],
  ];
  for (const [telemetry, permissions, message] of RULES) {
    const config =
      `listen: { port: 0 }\nadmin: false\ntelemetry: { ${telemetry} }\nroutes: [{ path: /, respond: {} }]\n`;
    await using process = new CliProcess(["start", await dir.write("gateway.yaml", config)], {
      permissions: [...PERMISSIONS, ...permissions],
    });
    assert.equal(await process.ended(), 1);
    assert.match(process.err, message);
  }
});

const onLinux = { ignore: Deno.build.os !== "linux" };

Deno.test("start counts lines that a full disk does not take, and serves on", onLinux, async () => {
  await using dir = await TempDir.make();
  const config = `
listen: { port: 0, hostname: 127.0.0.1, expose: [metrics] }
admin: false
telemetry: { accessLog: { file: /dev/full } }
routes: [{ path: /a, respond: {} }]
`;
  const permissions = ["--allow-all"];
  await using process = new CliProcess(["start", await dir.write("gateway.yaml", config)], { permissions });
  await using client = await RawClient.connect(Number((await process.entry("listening")).port));
  await client.exchange(get("/a"));
  const { lines, reason } = await process.entry("log lines were lost");
  assert.deepEqual([lines, /space/i.test(String(reason))], [1, true]);
  const { text } = await client.exchange(get("/metrics"));
  assert.match(text, /^gatewright_telemetry_lost_total\{signal="access_log"\} 1$/m);
  assert.match(text, /^gatewright_telemetry_lost_total\{signal="log"\} 0$/m);
});

Deno.test("start is not ended by a rotation that comes while it tells the last of its work", async () => {
  using collector = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const url = `http://127.0.0.1:${collector.addr.port}`;
  await using dir = await TempDir.make();
  const config = `
listen: { port: 0, hostname: 127.0.0.1 }
admin: false
telemetry: { traces: { to: { otlp: "${url}" }, batch: { delay: 10m } } }
routes: [{ path: /a, respond: {} }]
`;
  await using process = new CliProcess(["start", await dir.write("gateway.yaml", config)]);
  await using client = await RawClient.connect(Number((await process.entry("listening")).port));
  await client.exchange(get("/a"));
  process.kill("SIGTERM");
  using spans = await collector.accept();
  process.kill("SIGUSR2");
  await spans.read(new Uint8Array(64 * 1024));
  await spans.write(new TextEncoder().encode("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"));
  assert.equal(await process.ended(), 0);
});
