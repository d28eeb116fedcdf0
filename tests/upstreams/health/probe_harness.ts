/** Probes on real sockets with a turned clock. @module */

import type { ByteStream } from "../../../src/core/byte_stream.ts";
import { TimerWheel } from "../../../src/core/timer_wheel.ts";
import { connect } from "../../../src/transport/connect.ts";
import type { Address, Connect, TlsSettings } from "../../../src/transport/socket.ts";
import type { ProbePlan } from "../../../src/upstreams/health/health_plan.ts";
import { httpProbe } from "../../../src/upstreams/health/http_probe.ts";
import { openHttp1, type OpenTransport } from "../../../src/upstreams/health/open_transport.ts";
import type { Probe, ProbeResult } from "../../../src/upstreams/health/probe.ts";
import { tcpProbe } from "../../../src/upstreams/health/tcp_probe.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { passUntil } from "../../support/until.ts";

export type HttpPlan = Extract<ProbePlan, { readonly kind: "http" }>;

export const TIMEOUT = 2_000;

const PLAN: HttpPlan = {
  kind: "http",
  method: "GET",
  path: "/healthz",
  host: null,
  headers: [],
  statuses: [[200, 399]],
  body: null,
};

/** TLS to `localhost`, as far as a test does not say otherwise. */
export function tlsSettings(settings: Partial<TlsSettings>): TlsSettings {
  return { serverName: "localhost", ca: null, cert: null, key: null, insecureSkipVerify: false, ...settings };
}

/** Makes probes and counts what they leave open. */
export class ProbeHarness implements Disposable {
  readonly clock = new FakeClock();
  readonly deadlines = new TimerWheel(this.clock);
  /** Connections that were made, and connects and connections that are not over. */
  made = 0;
  open = 0;

  /** A socket of the runtime, counted. */
  readonly connect: Connect = async (address, signal) => {
    this.open++;
    try {
      const socket = await connect(address, signal);
      this.made++;
      return this.#counted(socket);
    } catch (error) {
      this.open--;
      throw error;
    }
  };

  /** A probe in HTTP/1.1, or as `open` says. */
  http(port: number, plan: Partial<HttpPlan> = {}, tls: TlsSettings | null = null, open?: OpenTransport): Probe {
    const transport = open ?? openHttp1(this.connect, this.address(port, tls), this.deadlines);
    return httpProbe(transport, { ...PLAN, ...plan }, `127.0.0.1:${port}`, TIMEOUT, this.deadlines);
  }

  tcp(port: number, tls: TlsSettings | null = null): Probe {
    return tcpProbe(this.connect, this.address(port, tls), TIMEOUT, this.deadlines);
  }

  address(port: number, tls: TlsSettings | null = null): Address {
    return { hostname: "127.0.0.1", port, tls };
  }

  /** Runs a probe to its end; no time passes. `"passed"`, or why it failed. */
  async run(probe: Probe): Promise<string> {
    return words(await new Promise<ProbeResult>((resolve) => probe(resolve)));
  }

  /** Runs a probe; when it has got as far as `there`, turns the clock until it ends. @returns the result, and when it came */
  async runLong(probe: Probe, there: Promise<unknown>): Promise<[result: string, after: number]> {
    const began = this.clock.now();
    const result = this.run(probe).then((result) => [result, this.clock.now() - began] as [string, number]);
    await there;
    await passUntil(this.clock, result, 50);
    return await result;
  }

  [Symbol.dispose](): void {
    this.deadlines.close();
  }

  #counted(socket: ByteStream): ByteStream {
    let closed = false;
    return {
      read: (into) => socket.read(into),
      write: (bytes) => socket.write(bytes),
      closeWrite: () => socket.closeWrite(),
      close: () => {
        if (!closed) this.open--;
        closed = true;
        socket.close();
      },
    };
  }
}

function words(result: ProbeResult): string {
  return result.passed ? "passed" : result.reason;
}
