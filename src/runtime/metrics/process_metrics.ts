/** Metrics of the process and this thread's memory, by the names that Prometheus' clients have for them. @module */

import process from "node:process";
import { family } from "../../telemetry/metrics/family.ts";
import type { Collector } from "../../telemetry/metrics/metrics_registry.ts";

const CPU = family({
  name: "process_cpu_seconds_total",
  type: "counter",
  unit: "seconds",
  help: "User and system CPU time that the process has spent.",
  labels: [],
});

const MEMORY = family({
  name: "process_resident_memory_bytes",
  type: "gauge",
  unit: "bytes",
  help: "Memory that the process has in RAM.",
  labels: [],
});

const STARTED = family({
  name: "process_start_time_seconds",
  type: "gauge",
  unit: "seconds",
  help: "When the process was started, in seconds since 1970.",
  labels: [],
});

const OPEN_FILES = family({
  name: "process_open_fds",
  type: "gauge",
  help: "Open file descriptors, each connection being one.",
  labels: [],
});

const MOST_FILES = family({
  name: "process_max_fds",
  type: "gauge",
  help: "Open file descriptors that the system allows.",
  labels: [],
});

const HEAP = family({
  name: "gatewright_heap_bytes",
  type: "gauge",
  unit: "bytes",
  help: "JavaScript's memory: used, total (what V8 has taken from the system), external (buffers outside the heap).",
  labels: ["kind"],
});

/** What is told of the process; file descriptors where the system shows them (Linux) to a process that may do everything. */
export function processMetrics(): Collector {
  const mayLook = mayReadOwn(), mostFiles = mayLook ? fileLimit() : null, startedAt = performance.timeOrigin / 1_000;
  return (out) => {
    const { user, system } = process.cpuUsage(), { rss, heapUsed, heapTotal, external } = Deno.memoryUsage();
    const files = mayLook ? openFiles() : null;
    out.add(CPU, (user + system) / 1_000_000);
    out.add(MEMORY, rss);
    out.add(STARTED, startedAt);
    if (files !== null) out.add(OPEN_FILES, files);
    if (mostFiles !== null) out.add(MOST_FILES, mostFiles);
    out.add(HEAP, heapUsed, "used");
    out.add(HEAP, heapTotal, "total");
    out.add(HEAP, external, "external");
  };
}

/** Whoever lacks the permission would be asked for it on a terminal, with everything at a standstill until he answers. */
function mayReadOwn(): boolean {
  return Deno.permissions.querySync({ name: "read", path: "/proc/self" }).state === "granted";
}

/** Since Linux 6.2 the directory's size is their number; to list ten thousand of them would take milliseconds. */
function openFiles(): number | null {
  try {
    return Deno.statSync("/proc/self/fd").size || null;
  } catch {
    return null;
  }
}

function fileLimit(): number | null {
  try {
    const limit = /^Max open files +(\d+)/m.exec(Deno.readTextFileSync("/proc/self/limits"))?.[1];
    return limit === undefined ? null : Number(limit);
  } catch {
    return null;
  }
}
