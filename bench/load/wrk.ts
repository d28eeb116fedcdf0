/**
 * The load generator: wrk, one thread, a closed loop over keep-alive connections.
 *
 * @module
 */
import type { Children } from "./children.ts";
import type { Scenario } from "./scenario.ts";

/** What one run of load came to. */
export interface Load {
  readonly requests: number;
  /** Measured length of the run in seconds. */
  readonly seconds: number;
  /** Latency as the client sees it, in microseconds. */
  readonly p50: number;
  readonly p75: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** Where and how long to send load. */
export interface LoadSpec {
  readonly port: number;
  readonly scenario: Pick<Scenario, "path" | "requestHeaders">;
  readonly connections: number;
  readonly seconds: number;
  /** The core for wrk. */
  readonly core: number;
  /** An empty folder for this run. */
  readonly dir: string;
}

// Only `done` is defined: a `request` or `response` function would cost time on every request.
const REPORT = `done = function(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\\nreport {"requests":%d,"micros":%d,"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d,"p50":%.0f,"p75":%.0f,"p90":%.0f,"p99":%.0f,"max":%.0f}\\n',
    summary.requests, summary.duration, e.connect, e.read, e.write, e.status, e.timeout,
    latency:percentile(50), latency:percentile(75), latency:percentile(90), latency:percentile(99), latency.max))
end
`;

/**
 * Sends load and returns what it came to.
 *
 * A request that is never answered goes unnoticed: wrk counts time-outs of answered ones only.
 *
 * @throws {Error} when wrk fails, a socket fails or times out, or an answer is an error: such a run measures nothing
 */
export async function sendLoad(children: Children, name: string, spec: LoadSpec): Promise<Load> {
  const script = `${spec.dir}/report.lua`;
  const output = `${spec.dir}/wrk.txt`;
  await Deno.writeTextFile(script, REPORT);
  const wrk = children.start({
    name: "wrk",
    core: spec.core,
    command: "wrk",
    args: [
      "-t1",
      `-c${spec.connections}`,
      `-d${spec.seconds}s`,
      "--latency",
      "-s",
      script,
      ...spec.scenario.requestHeaders.flatMap(([field, value]) => ["-H", `${field}: ${value}`]),
      `http://127.0.0.1:${spec.port}${spec.scenario.path}`,
    ],
    dir: spec.dir,
    stdout: output,
  });
  const { code } = await wrk.ended;
  await children.stop(wrk);
  const line = /^report (.*)$/m.exec(await Deno.readTextFile(output));
  if (code !== 0 || line === null) throw new Error(`${name}: wrk ended with ${code}:\n${await wrk.lastWords()}`);
  const report: Record<string, number> = JSON.parse(line[1]!);
  const failures = ["status", "connect", "read", "write", "timeout"].filter((kind) => report[kind] !== 0);
  if (failures.length > 0 || report.requests === 0) {
    const list = failures.map((kind) => `${report[kind]} ${FAILURES[kind]}`).join(", ");
    throw new Error(`${name}: ${report.requests} requests under load, of which failed: ${list || "no request at all"}`);
  }
  const { requests = 0, micros = 1, p50 = 0, p75 = 0, p90 = 0, p99 = 0, max = 0 } = report;
  return { requests, seconds: micros / 1e6, p50, p75, p90, p99, max };
}

const FAILURES: Readonly<Record<string, string>> = {
  status: "with an error status",
  connect: "connections refused",
  read: "reads",
  write: "writes",
  timeout: "by time-out",
};
