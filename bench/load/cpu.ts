/**
 * CPU time and memory of a process and all its descendants, from the kernel's accounts under `/proc`.
 *
 * The total comes from the scheduler (`schedstat`, nanoseconds). How it splits into user and system time is known only
 * in ticks of 10 ms (`stat`), so the split is rougher than the total.
 *
 * @module
 */

/** The accounts of a process tree at one moment. */
export interface CpuSample {
  /** Nanoseconds on a core so far, by thread id. */
  readonly threads: ReadonlyMap<number, number>;
  /** Ticks in user mode and in the kernel so far, over all processes. */
  readonly userTicks: number;
  readonly systemTicks: number;
}

/** What a process tree used between two samples. */
export interface CpuUse {
  /** Microseconds on a core. */
  readonly micros: number;
  /** The part of `micros` spent in user mode, from 0 to 1. */
  readonly userShare: number;
  /** Threads that ended in between: their time since the first sample is missing from `micros`. */
  readonly lostThreads: number;
}

/** Takes the accounts of the tree below and including `pid`. */
export function sampleCpu(pid: number): CpuSample {
  const threads = new Map<number, number>();
  let userTicks = 0;
  let systemTicks = 0;
  for (const process of processTree(pid)) {
    // The name in parentheses may hold spaces; utime and stime are fields 14 and 15, 12 and 13 after it.
    const stat = read(`/proc/${process}/stat`);
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    userTicks += Number(fields[11] ?? 0);
    systemTicks += Number(fields[12] ?? 0);
    for (const thread of threadsOf(process)) {
      const schedstat = read(`/proc/${process}/task/${thread}/schedstat`);
      if (schedstat !== "") threads.set(thread, Number(schedstat.split(" ")[0]));
    }
  }
  return { threads, userTicks, systemTicks };
}

/** What was used between two samples of the same tree. */
export function cpuBetween(before: CpuSample, after: CpuSample): CpuUse {
  let nanos = 0;
  for (const [thread, total] of after.threads) nanos += total - (before.threads.get(thread) ?? 0);
  let lostThreads = 0;
  for (const thread of before.threads.keys()) if (!after.threads.has(thread)) lostThreads++;
  const user = after.userTicks - before.userTicks;
  const ticks = user + after.systemTicks - before.systemTicks;
  return { micros: nanos / 1000, userShare: ticks === 0 ? 0 : user / ticks, lostThreads };
}

/** Resident memory of the tree in bytes; pages that its processes share count once for each. */
export function residentBytes(pid: number): number {
  let kib = 0;
  for (const process of processTree(pid)) kib += Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${process}/status`))?.[1]);
  return kib * 1024;
}

function processTree(pid: number): number[] {
  const found = [pid];
  for (const process of found) {
    for (const thread of threadsOf(process)) {
      const children = read(`/proc/${process}/task/${thread}/children`).split(" ");
      for (const child of children) if (child.trim() !== "") found.push(Number(child));
    }
  }
  return found;
}

function threadsOf(pid: number): number[] {
  try {
    return Array.from(Deno.readDirSync(`/proc/${pid}/task`), ({ name }) => Number(name));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** A file under `/proc`, or "" when its process or thread has ended meanwhile. */
function read(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    // ESRCH: the thread ended between opening and reading.
    if (error instanceof Deno.errors.NotFound || (error instanceof Error && error.message.includes("os error 3"))) {
      return "";
    }
    throw error;
  }
}
