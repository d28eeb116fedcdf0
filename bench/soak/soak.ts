/** The soak: a gateway under half a load of clients good and bad, for as long as it takes to see what it keeps. @module */

import { Xorshift } from "../fuzz/generate/xorshift.ts";
import { cpuBetween, type CpuSample, sampleCpu } from "../load/cpu.ts";
import { AccessLog } from "./access_log.ts";
import { Clients } from "./clients.ts";
import type { Options } from "./options.ts";
import { Pace } from "./pace.ts";
import { connectionsOf, MemoryTrend, openSockets } from "./process_watch.ts";
import { Origin, type Place, type StartedGateway, startGateway } from "./started.ts";
import { Tally } from "./tally.ts";

const LOOK_MS = 1000, MINUTE = 60_000;
/** Milliseconds in which all connections must have ended when clients and origin are gone: a client may be heard out for 5 s. */
const QUIET_MS = 10_000;
/** Milliseconds that the gateway may take to stop when nothing is under way. */
const STOP_MS = 2500;
/** Bytes that memory may grow in the second half. */
const MOST_GROWTH = 16 * 1024 * 1024;
/** A line of the gateway's own log that speaks of nothing broken in the gateway. */
const QUIET_LINE = /^\{"level":"(?:debug|info|warn)"/;
/** Most milliseconds that the origin is away between its stop and its start. */
const LONGEST_PAUSE = 1000;

/** Runs the soak and prints a row each minute. @returns what is wrong; nothing when it passed */
export async function soak(options: Options, place: Place): Promise<string[]> {
  const tally = new Tally(), origin = new Origin(place);
  await origin.start();
  const gateway = await startGateway(place, options.engine, origin.port), { pid } = gateway.child;
  // The connection of the first look may still be in the pool.
  await origin.stop("gently");
  const before = await settled(pid, 0);
  await origin.start();

  const pace = new Pace(),
    clients = new Clients(gateway.port, tally, pace, options.seed),
    memory = new MemoryTrend(pid);
  using log = new AccessLog(gateway.accessLog, tally);
  const restarts = new Restarts(origin, options, tally), loops = clients.run(options.clients);
  const table = new Table(tally, memory, pid);
  for (const start = performance.now(), end = start + options.minutes * MINUTE; performance.now() < end;) {
    const cpu = sampleCpu(pid), from = performance.now();
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    if (gateway.child.gone) throw new Error(`the gateway ended:\n${await gateway.child.lastWords()}`);
    memory.sample();
    pace.adjust(cpuBetween(cpu, sampleCpu(pid)).micros / 1000 / (performance.now() - from), options.rate);
    log.read();
    table.look();
  }
  clients.stop();
  await Promise.all([loops, restarts.stop()]);
  await origin.stop("gently");
  const after = await settled(pid, before), stopped = await stop(gateway, place);
  log.read();
  console.log(summary(tally, log));
  console.log(`sockets: ${before} before, ${after} after; memory: ${megabytes(memory.growth())} MB in the second half`);
  return [
    ...[...tally.faults].map(([what, count]) => `${count} × ${what}`),
    ...after > before ? [`${after - before} sockets are left: ${connectionsOf(gateway.port).join(", ")}`] : [],
    ...memory.growth() > MOST_GROWTH ? [`memory grew by ${megabytes(memory.growth())} MB in the second half`] : [],
    ...stopped === null ? [] : [stopped],
    ...await complaints(gateway.log),
  ];
}

/** Takes the origin away now and then. */
class Restarts {
  readonly #done: Promise<void>;
  readonly #stopping = Promise.withResolvers<"stop">();

  constructor(origin: Origin, { restart, seed }: Options, tally: Tally) {
    this.#done = restart === 0 ? Promise.resolve() : this.#run(origin, restart * 1000, new Xorshift(seed, -2), tally);
  }

  /** Resolves when the origin is there for good. */
  stop(): Promise<void> {
    this.#stopping.resolve("stop");
    return this.#done;
  }

  async #run(origin: Origin, every: number, random: Xorshift, tally: Tally): Promise<void> {
    for (;;) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const pause = new Promise((resolve) => timer = setTimeout(resolve, every / 2 + random.below(every)));
      const next = await Promise.race([pause, this.#stopping.promise]);
      clearTimeout(timer);
      if (next === "stop") return;
      await origin.restart(random.oneIn(2) ? "gently" : "at once", random.below(LONGEST_PAUSE), tally);
    }
  }
}

/** A row a minute. */
class Table {
  readonly #tally: Tally;
  readonly #memory: MemoryTrend;
  readonly #pid: number;
  #minute = 0;
  #since = performance.now();
  #cpu: CpuSample;
  #answers = 0;

  constructor(tally: Tally, memory: MemoryTrend, pid: number) {
    this.#tally = tally;
    this.#memory = memory;
    this.#pid = pid;
    this.#cpu = sampleCpu(pid);
    console.log(row(["minute", "answers/s", "core", "RSS MB", "sockets", "502–504", "cut", "restarts", "faults"]));
  }

  /** Prints a row when it is time. */
  look(): void {
    const now = performance.now(), passed = now - this.#since;
    if (passed < MINUTE - LOOK_MS / 2) return;
    const { answers, statuses, cut, outages, faults } = this.#tally, cpu = sampleCpu(this.#pid);
    const unreachable = [502, 503, 504].reduce((sum, status) => sum + (statuses.get(status) ?? 0), 0);
    console.log(row([
      ++this.#minute,
      Math.round((answers - this.#answers) / passed * 1000),
      `${Math.round(cpuBetween(this.#cpu, cpu).micros / 10 / passed)} %`,
      megabytes(this.#memory.last),
      openSockets(this.#pid),
      ...[unreachable, cut, outages, faults.size],
    ]));
    [this.#since, this.#cpu, this.#answers] = [now, cpu, answers];
  }
}

/** The sockets that the process has when no more are closed, or no more than `least`. */
async function settled(pid: number, least: number): Promise<number> {
  let open = openSockets(pid);
  for (const start = performance.now(); open > least && performance.now() - start < QUIET_MS;) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    open = openSockets(pid);
  }
  return open;
}

/** Stops the gateway, which waits for requests under way: prompt is only who has none. @returns what is wrong */
async function stop({ child }: StartedGateway, { children }: Place): Promise<string | null> {
  const start = performance.now();
  await children.stop(child);
  const { code, signal } = await child.ended, ms = Math.round(performance.now() - start);
  if (signal === "SIGKILL" || ms > STOP_MS) {
    return `the gateway did not stop within ${STOP_MS} ms: requests are under way`;
  }
  return code === 0 || signal === "SIGTERM" ? null : `the gateway ended with ${code}`;
}

/** Lines of the gateway's own log that are errors, or were not written by its log at all. */
async function complaints(path: string): Promise<string[]> {
  const lines = (await Deno.readTextFile(path)).split("\n").filter((line) => line !== "" && !QUIET_LINE.test(line));
  return lines.slice(0, 10).map((line) => `the gateway's log has ${line.slice(0, 500)}`);
}

function summary({ answers, compared, behaviours, outages, cut }: Tally, { endings }: AccessLog): string {
  const list = (counts: ReadonlyMap<string, number>) =>
    [...counts].sort(([, a], [, b]) => b - a).map(([what, count]) => `${what.trim()} ${count}`).join(", ");
  return `
${answers} answers, ${megabytes(compared)} MB compared, ${outages} restarts, ${cut} cut by them
clients: ${list(behaviours)}
access log: ${list(endings)}`;
}

function row(cells: readonly (string | number)[]): string {
  return cells.map((cell) => String(cell).padStart(9)).join("  ");
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
