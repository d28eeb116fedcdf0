/** A gateway on a free port, made of a config as a user writes it. @module */

import { compilePlan } from "../../src/compile/compile.ts";
import type { Gateway as GatewayConfig } from "../../src/config/types/gateway.ts";
import type { PortListener } from "../../src/config/types/listener.ts";
import { validateConfig } from "../../src/config/validate.ts";
import { type Clock, systemClock } from "../../src/core/clock.ts";
import { Events, type RequestCompleted } from "../../src/core/events.ts";
import { formatIssue } from "../../src/core/issue.ts";
import { type LogLevel, logTo } from "../../src/core/log.ts";
import { Gateway, type GatewayWorld } from "../../src/gateway.ts";
import { CheckedBufferPool } from "./checked_buffer_pool.ts";
import { FakeClock } from "./fake_clock.ts";
import { RawClient } from "./raw_client.ts";
import { passUntil, until } from "./until.ts";

/** One entry of the gateway's log. */
export interface LogEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Record<string, unknown> | undefined;
}

const LOOPBACK = { hostname: "127.0.0.1", port: 0 };

/** Settings of the listener; the port is a free one unless it says another. */
export type TestListener = Partial<Omit<PortListener, "engine">> & { readonly engine?: "h1" | "serve" };

/** A running gateway with everything that it told. Dispose of it to stop it. */
export class TestGateway implements AsyncDisposable {
  readonly gateway: Gateway;
  readonly completed: RequestCompleted[] = [];
  readonly log: LogEntry[] = [];
  readonly #clock: Clock;
  /** Who touched a buffer that was not his. */
  readonly #bufferFaults: string[] = [];

  /**
   * Starts a gateway. `listen` and `admin` of the config are replaced.
   *
   * @throws Error with every issue of a bad config
   */
  static start(
    config: GatewayConfig,
    world: Partial<GatewayWorld> = {},
    listen: TestListener = {},
  ): TestGateway {
    const validated = validateConfig({ ...config, listen: { ...LOOPBACK, ...listen }, admin: false });
    if (validated.config === null) throw new Error(validated.issues.map(formatIssue).join("\n"));
    const { plan, issues } = compilePlan(validated.config);
    const errors = issues.filter(({ severity }) => severity === "error");
    if (errors.length > 0) throw new Error(errors.map(formatIssue).join("\n"));
    return new TestGateway(plan, world);
  }

  private constructor(plan: Gateway["plan"], world: Partial<GatewayWorld>) {
    const events = new Events();
    events.on("request.completed", (event) => this.completed.push(event));
    const log = logTo((level, message, fields) => this.log.push({ level, message, fields }));
    this.#clock = world.clock ?? systemClock;
    const makePool = (size: number, keep: number) =>
      new CheckedBufferPool(size, keep, (fault) => this.#bufferFaults.push(fault));
    this.gateway = new Gateway(plan, { clock: systemClock, log, makePool, ...world, events });
    this.gateway.start();
  }

  get port(): number {
    return this.gateway.addresses[0].port;
  }

  get url(): string {
    return `${this.gateway.plan.listeners[0].scheme}://127.0.0.1:${this.port}`;
  }

  /** A raw client connected to it. */
  connect(): Promise<RawClient> {
    return RawClient.connect(this.port);
  }

  /** The event of the request at this place in order of completion, when it has completed. */
  async event(index = 0): Promise<RequestCompleted> {
    await until(() => this.completed.length > index, `the end of request ${index}`);
    return this.completed[index];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const stopped = this.gateway.stop();
    // A test that failed may leave requests behind, and nobody to turn its clock.
    if (this.#clock instanceof FakeClock) await passUntil(this.#clock, stopped, 100);
    await stopped;
    if (this.#bufferFaults.length > 0) throw new Error(this.#bufferFaults.join("; "));
  }
}
