/** Probes that only connect. @module */

import type { TimerWheel } from "../../core/timer_wheel.ts";
import type { Address, Connect } from "../../transport/socket.ts";
import { failureWords } from "./failure_words.ts";
import type { Probe } from "./probe.ts";
import { probeClient } from "./probe_client.ts";

/**
 * A probe that passes when a connection is made: over TLS, when hands are shaken and the certificate is good. Nothing is
 * sent, and the connection is closed.
 * @param timeout milliseconds that it may take
 */
export function tcpProbe(connect: Connect, address: Address, timeout: number, deadlines: TimerWheel): Probe {
  return (settle) => {
    const giveUp = new AbortController();
    const pool = probeClient(connect, deadlines, giveUp.signal).pool(address, { max: 1, idle: 0 });
    pool.open({ connect: timeout, tls: 0 }).then((opened) => {
      const failed = "ok" in opened;
      if (!failed) opened.close();
      if (giveUp.signal.aborted) return;
      settle(failed ? { passed: false, reason: failureWords(opened, timeout) } : { passed: true });
    });
    return () => giveUp.abort();
  };
}
