/**
 * What the figures were measured on.
 *
 * @module
 */

/** The machine, as far as it matters to the figures. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly kernel: string;
  readonly memoryGiB: number;
  /** Runnable tasks over the last minute, before the benchmark began. Well above 0 means: not alone. */
  readonly load: number;
}

/** Describes this machine. */
export async function describeMachine(): Promise<Machine> {
  const cpuInfo = await Deno.readTextFile("/proc/cpuinfo");
  const model = /^(?:model name|Model|CPU part)\s*:\s*(.+)$/m.exec(cpuInfo);
  return {
    cpu: model?.[1]?.trim() ?? Deno.build.arch,
    cores: navigator.hardwareConcurrency,
    kernel: Deno.osRelease(),
    memoryGiB: Math.round(Deno.systemMemoryInfo().total / 2 ** 30),
    load: Deno.loadavg()[0] ?? 0,
  };
}
