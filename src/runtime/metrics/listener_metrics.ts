/** Metrics of listeners and their connections. @module */

import { family } from "../../telemetry/metrics/family.ts";
import type { Collector } from "../../telemetry/metrics/metrics_registry.ts";
import type { ListenerReport } from "../listener_report.ts";

/** A listener with the address that it is told by. */
export interface NamedListener {
  /** `0.0.0.0:8080`, or the path of a Unix socket. */
  readonly name: string;
  readonly report: ListenerReport;
}

const UP = family({
  name: "gatewright_listener_up",
  type: "gauge",
  help: "Whether the listener takes connections: 1 or 0.",
  labels: ["listener"],
});

const IN_FLIGHT = family({
  name: "http_requests_in_flight",
  type: "gauge",
  help: "Requests whose answers are not out.",
  labels: ["listener"],
});

const TUNNELS = family({
  name: "gatewright_tunnels_open",
  type: "gauge",
  help: "Connections that have switched to WebSocket, or to another protocol.",
  labels: ["listener", "protocol"],
});

const ACCEPTED = family({
  name: "gatewright_connections_accepted_total",
  type: "counter",
  help: "Connections that were accepted, those included that were turned away then.",
  labels: ["listener"],
});

const REFUSED = family({
  name: "gatewright_connections_refused_total",
  type: "counter",
  help: "Connections that were turned away, by the limit that was reached: connections (in all) or perClient.",
  labels: ["listener", "limit"],
});

const OPEN = family({
  name: "gatewright_connections_open",
  type: "gauge",
  help: "Open connections by protocol; introducing: PROXY header or TLS handshake are still to come.",
  labels: ["listener", "protocol"],
});

const STREAMS = family({
  name: "gatewright_http2_streams_open",
  type: "gauge",
  help: "Open HTTP/2 streams.",
  labels: ["listener"],
});

const HANDSHAKES = family({
  name: "gatewright_tls_handshakes_failed_total",
  type: "counter",
  help: "TLS handshakes that came to nothing, by reason: left, plain_http, refused, certificate, timeout.",
  labels: ["listener", "reason"],
});

const CERTIFICATES = family({
  name: "gatewright_certificate_not_after_timestamp_seconds",
  type: "gauge",
  unit: "seconds",
  help: "When a certificate that the listener shows expires, or one that it depends on, in seconds since 1970.",
  labels: ["listener", "host"],
});

const PREAMBLES = family({
  name: "gatewright_proxy_headers_failed_total",
  type: "counter",
  help: "Connections that were closed for want of a valid PROXY header.",
  labels: ["listener"],
});

/** What the runtime keeps to itself (engine `serve`) is left out. */
export function listenerMetrics(listeners: () => readonly NamedListener[]): Collector {
  return (out) => {
    for (const { name, report } of listeners()) {
      const { connections, tunnels, certificates } = report;
      out.add(UP, report.listening ? 1 : 0, name);
      out.add(IN_FLIGHT, report.inFlight, name);
      for (const [protocol, count] of Object.entries(tunnels)) out.add(TUNNELS, count, name, protocol);
      for (const [host, at] of firstEnds(certificates)) out.add(CERTIFICATES, at / 1_000, name, host);
      if (connections === null) continue;
      const { accepted, refused, open, streams, handshakesFailed, preamblesFailed } = connections;
      out.add(ACCEPTED, accepted, name);
      for (const [limit, count] of Object.entries(refused)) out.add(REFUSED, count, name, limit);
      for (const [protocol, count] of Object.entries(open)) out.add(OPEN, count, name, protocol);
      out.add(STREAMS, streams, name);
      for (const [reason, count] of Object.entries(handshakesFailed)) out.add(HANDSHAKES, count, name, reason);
      out.add(PREAMBLES, preamblesFailed, name);
    }
  };
}

/** Of certificates for the same hosts the one that expires first. */
function firstEnds(certificates: ListenerReport["certificates"]): ReadonlyMap<string, number> {
  const ends = new Map<string, number>();
  for (const { host, at } of certificates) ends.set(host, Math.min(at, ends.get(host) ?? at));
  return ends;
}
