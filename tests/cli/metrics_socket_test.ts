import { strict as assert } from "node:assert";
import { promtool } from "../support/promtool.ts";
import { RawClient } from "../support/raw_client.ts";
import { requires } from "../support/requires.ts";
import { certificateDirectory } from "../support/certificates.ts";
import { TempDir } from "../support/temp_dir.ts";
import { until } from "../support/until.ts";
import { CliProcess, PERMISSIONS } from "./cli_process.ts";

const program = requires("promtool");

const CONFIG = `
listen:
  port: 0
  hostname: 127.0.0.1
  tls: { cert: ${certificateDirectory}/server.pem, key: ${certificateDirectory}/server.key }
admin: { port: 0 }
telemetry:
  accessLog: false
  traces: { to: { otlp: "http://127.0.0.1:1" } }
  metrics: { to: { otlp: "http://127.0.0.1:1" }, summary: SUMMARY }
upstreams:
  away:
    endpoints: ["http://127.0.0.1:1"]
    health: { interval: 1h }
    circuitBreaker: {}
    outliers: {}
    maxInFlight: 10
routes:
  - { path: /*, upstream: away, policies: [cache, rateLimit: { limit: 10, per: 1s }] }
`;

program.test("promtool finds nothing to say of all metrics of a gateway, as the admin interface shows them", async () => {
  await using dir = await TempDir.make();
  const file = await dir.write("gateway.yaml", CONFIG.replace("SUMMARY", dir.join("summary.jsonl")));
  await using process = new CliProcess(["start", file], { permissions: [...PERMISSIONS, `--allow-write=${dir.path}`] });
  const admin = /"msg":"admin listening".*?"port":(\d+)/, up = /"msg":"started"/;
  await until(() => up.test(process.err));
  await using client = await RawClient.connect(Number(admin.exec(process.err)![1]));
  const { status, text } = await client.exchange("GET /metrics HTTP/1.1\r\nhost: localhost\r\n\r\n");
  assert.equal(status, 200);
  assert.equal(await promtool(program, ["check", "metrics"], text), "");
  for (
    const line of [
      /^gatewright_certificate_not_after_timestamp_seconds\{listener="127\.0\.0\.1:\d+",host="localhost, .*"\} 4\d{9}$/m,
      /^gatewright_telemetry_lost_total\{signal="summary"\} 0$/m,
      /^gatewright_metrics_push_failures_total 0$/m,
      /^gatewright_draining 0$/m,
    ]
  ) assert.match(text, line);
});
