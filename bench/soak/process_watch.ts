/** What a process holds, from the kernel's accounts under `/proc`. @module */

import { residentBytes } from "../load/cpu.ts";

/** The open sockets of a process. */
export function openSockets(pid: number): number {
  let count = 0;
  for (const { name } of Deno.readDirSync(`/proc/${pid}/fd`)) {
    try {
      if (Deno.readLinkSync(`/proc/${pid}/fd/${name}`).startsWith("socket:")) count++;
    } catch (error) {
      // It was closed meanwhile.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return count;
}

/** Connections of the machine in any state with this port at either end: for messages. */
export function connectionsOf(port: number): string[] {
  const hex = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return Deno.readTextFileSync("/proc/net/tcp").split("\n").map((line) => line.trim().split(/\s+/)).filter((cells) =>
    cells[1]?.endsWith(hex) || cells[2]?.endsWith(hex)
  ).map(([, local, remote, state]) => `${local} ${remote} state ${state}`);
}

/** Resident memory over time. */
export class MemoryTrend {
  readonly #samples: { readonly at: number; readonly bytes: number }[] = [];

  constructor(readonly pid: number) {}

  /** Takes a sample. */
  sample(): void {
    this.#samples.push({ at: performance.now(), bytes: residentBytes(this.pid) });
  }

  /** The last sample in bytes. */
  get last(): number {
    return this.#samples.at(-1)?.bytes ?? 0;
  }

  /** The largest sample in bytes. */
  get most(): number {
    return Math.max(...this.#samples.map(({ bytes }) => bytes));
  }

  /**
   * How much it grew in the second half of the samples, in bytes: the slope of a straight line through them (least squares)
   * times the time between first and last. So one sample that a garbage collection came just before or behind says little.
   */
  growth(): number {
    const half = this.#samples.slice(this.#samples.length >> 1), { length } = half;
    if (length < 2) return 0;
    const mean = (of: (sample: { at: number; bytes: number }) => number) =>
      half.reduce((sum, sample) => sum + of(sample), 0) / length;
    const at = mean((sample) => sample.at), bytes = mean((sample) => sample.bytes);
    const slope = mean((sample) => (sample.at - at) * (sample.bytes - bytes)) /
      mean((sample) => (sample.at - at) ** 2);
    return slope * (half[length - 1].at - half[0].at);
  }
}
