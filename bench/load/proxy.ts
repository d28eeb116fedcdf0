/**
 * A proxy under test, from its start to its stop.
 *
 * @module
 */
import { Agent } from "node:http";
import { checkProxy } from "./check.ts";
import type { Child, Children } from "./children.ts";
import { busyMicros } from "./core_load.ts";
import { cpuBetween, residentBytes, sampleCpu } from "./cpu.ts";
import { freePort } from "./free_port.ts";
import { type Answer, httpCall } from "./http_call.ts";
import type { Measurement } from "./measurement.ts";
import type { Peer } from "./peer.ts";
import { untilServing } from "./ready.ts";
import type { Scenario } from "./scenario.ts";
import { type Load, sendLoad } from "./wrk.ts";

/** What all measurements of a run have in common. */
export interface Bench {
  readonly children: Children;
  /** The folder below which each start gets one of its own. */
  readonly dir: string;
  readonly originPort: number;
  readonly connections: number;
  /** Length of the warm-up and of one measurement, in seconds. */
  readonly warmup: number;
  readonly seconds: number;
  readonly peerLogs: boolean;
  /** The core for the proxy, and the one for the load generator. */
  readonly proxyCore: number;
  readonly loadCore: number;
}

/** The least that an access log line can be, in bytes: a log that grew by less per request is not one. */
const SHORTEST_LOG_LINE = 40;

/**
 * One peer serving one scenario. Between measurements it is suspended, so that the one that is measured has its core
 * alone, and yet each is warm.
 */
export class Proxy {
  readonly #bench: Bench;
  readonly #scenario: Scenario;
  readonly #name: string;
  readonly #child: Child;
  readonly #port: number;
  /** Undefined when no access log is written. */
  readonly #logFile: string | undefined;
  #requests = 0;

  private constructor(
    bench: Bench,
    scenario: Scenario,
    name: string,
    child: Child,
    port: number,
    logFile: string | undefined,
  ) {
    this.#bench = bench;
    this.#scenario = scenario;
    this.#name = name;
    this.#child = child;
    this.#port = port;
    this.#logFile = logFile;
  }

  /**
   * Starts `peer`, checks its work, warms it up and suspends it.
   *
   * @throws {Error} naming the peer and the shape when it does not start, does not do the work, or fails under load
   */
  static async start(bench: Bench, peer: Peer, scenario: Scenario): Promise<Proxy> {
    const { children, originPort, proxyCore } = bench;
    const name = `${peer.id}, shape ${scenario.id}`;
    const dir = await Deno.makeTempDir({ dir: bench.dir, prefix: `${peer.id}-` });
    const port = freePort();
    const accessLog = peer.alwaysLogs || bench.peerLogs;
    const logFile = `${dir}/access.log`;
    const launch = await peer.prepare({ dir, port, originPort, accessLog, logFile });
    const child = children.start({ ...launch, name, core: proxyCore, dir });
    await untilServing(child, port);
    await checkProxy(name, port, originPort, scenario);
    const proxy = new Proxy(bench, scenario, name, child, port, accessLog ? logFile : undefined);
    if (bench.warmup > 0) await proxy.#load(bench.warmup);
    children.suspend(child);
    return proxy;
  }

  /**
   * Sends load and says what it cost.
   *
   * @throws {Error} when a request fails or the proxy ends
   */
  async measure(): Promise<Measurement> {
    const { children, seconds, proxyCore } = this.#bench;
    const { pid } = this.#child;
    children.resume(this.#child);
    const coreBefore = await busyMicros(proxyCore);
    const before = sampleCpu(pid);
    const { requests, seconds: length, p50, p99 } = await this.#load(seconds);
    const use = cpuBetween(before, sampleCpu(pid));
    const coreMicros = await busyMicros(proxyCore) - coreBefore;
    const resident = residentBytes(pid);
    children.suspend(this.#child);
    const cpuMicros = use.micros / requests;
    return {
      cpuMicros,
      userMicros: cpuMicros * use.userShare,
      systemMicros: cpuMicros * (1 - use.userShare),
      requestsPerSecond: requests / length,
      p50,
      p99,
      residentBytes: resident,
      busy: use.micros / 1e6 / length,
      disturbed: Math.max(0, coreMicros - use.micros) / 1e6 / length,
      requests,
      lostThreads: use.lostThreads,
    };
  }

  /** One answer, as a client gets it. */
  async answer(): Promise<Answer> {
    const { children } = this.#bench;
    const agent = new Agent({ keepAlive: false });
    const fields = [["Host", `127.0.0.1:${this.#port}`], ...this.#scenario.requestHeaders] as const;
    children.resume(this.#child);
    const answer = await httpCall(agent, this.#port, this.#scenario.path, fields);
    children.suspend(this.#child);
    return answer;
  }

  /**
   * Ends the proxy.
   *
   * @throws {Error} when its access log cannot hold a line for each request
   */
  async stop(): Promise<void> {
    await this.#bench.children.stop(this.#child);
    if (this.#logFile === undefined) return;
    const { size } = await Deno.stat(this.#logFile).catch(() => ({ size: 0 }));
    if (size >= this.#requests * SHORTEST_LOG_LINE) return;
    throw new Error(`${this.#name}: only ${size} bytes of access log after ${this.#requests} requests`);
  }

  async #load(seconds: number): Promise<Load> {
    const { children, connections, loadCore } = this.#bench;
    const dir = await Deno.makeTempDir({ dir: this.#bench.dir, prefix: "wrk-" });
    const spec = { port: this.#port, scenario: this.#scenario, connections, seconds, core: loadCore, dir };
    const result = await sendLoad(children, this.#name, spec);
    if (this.#child.gone) throw new Error(`${this.#name} ended under load:\n${await this.#child.lastWords()}`);
    this.#requests += result.requests;
    return result;
  }
}
