import { strict as assert } from "node:assert";
import { logStarted } from "../../src/cli/log_started.ts";
import { logTo } from "../../src/core/log.ts";
import { routeTo, startedWith } from "./started_plan.ts";

Deno.test("logStarted() has an entry for each thing that listens and one for the whole", () => {
  const entries: unknown[] = [];
  const started = startedWith([routeTo("/")]);
  logStarted(
    { ...started, demos: started.demos.slice(0, 1) },
    logTo((level, msg, fields) => entries.push([level, msg, fields])),
  );
  assert.deepEqual(entries, [
    ["info", "demo endpoint listening", { kind: "fast", url: "http://127.0.0.1:9001" }],
    ["info", "admin listening", { url: "http://127.0.0.1:9901", hostname: "127.0.0.1", port: 9901 }],
    ["info", "listening", { url: "http://localhost:8080", hostname: "0.0.0.0", port: 8080 }],
    ["info", "listening", { url: "http://[::1]:8081", hostname: "::1", port: 8081 }],
    ["info", "started", { version: "1.2.3", config: "gateway.config.ts", routes: 1, upstreams: 1 }],
  ]);
});
