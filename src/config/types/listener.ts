/** Where requests are accepted, as it is written. @module */

import type { Secret } from "../../core/secret.ts";
import type { Duration, Size } from "../../core/units.ts";
import type { Exposed } from "../../telemetry/telemetry_plan.ts";

/** The time-outs that engine `"serve"` can keep to as well. */
export interface ServeTimeouts {
  /**
   * Without a byte in either direction of a connection that was upgraded, such as a WebSocket. One that is quiet for
   * longer needs pings, or more here.
   *
   * @default "10m"
   */
  readonly tunnel?: Duration;
}

/**
 * How long a client may take. Each ends its connection when it passes; a client that is slow without being silent is a
 * matter of `limits.minRate`.
 */
export interface ListenerTimeouts extends ServeTimeouts {
  /**
   * From the first byte of a request to the end of its head, and from a connection's beginning to the end of its first
   * head, the TLS handshake and the PROXY protocol included. Then 408.
   *
   * @default "10s"
   */
  readonly header?: Duration;
  /**
   * Between an answer and the next request on the same connection. A client that reuses a connection just then meets a
   * closed one, so it should be above the time-out of any proxy in front.
   *
   * @default "75s"
   */
  readonly idle?: Duration;
  /**
   * Between two pieces of a request's body. Then 408, or the connection's end where an answer is under way.
   *
   * @default "30s"
   */
  readonly body?: Duration;
  /**
   * In which a client takes nothing of an answer that waits for it.
   *
   * @default "30s"
   */
  readonly write?: Duration;
}

/** The limits that engine `"serve"` can keep to as well. */
export interface ServeLimits {
  /**
   * Longest request target, path and query together, in bytes; longer ones are a 414. RFC 9112 §3 recommends 8000 at
   * least. Not above `headerBytes`.
   *
   * @default "8KiB", or `headerBytes` where that is less
   */
  readonly target?: Size;
  /**
   * Longest request body. It is a 413 at once where the length is announced, else when the body has come so far.
   *
   * @default "1GiB"
   */
  readonly body?: Size;
  /**
   * Most requests that this listener has under way; more are a 503 with `Retry-After`. An upgraded connection, such as a
   * WebSocket, is one until it ends.
   *
   * @default 10000
   */
  readonly inFlight?: number;
}

/** What a client may ask of a listener. */
export interface ListenerLimits extends ServeLimits {
  /**
   * Longest head of a request, its first line included, from `"1KiB"` to `"1MiB"`; longer ones are a 431. A connection
   * holds as much memory while it reads a head.
   *
   * @default "32KiB"
   */
  readonly headerBytes?: Size;
  /**
   * Most header fields of a request, from 1 to 10000; more are a 431.
   *
   * @default 100
   */
  readonly headerCount?: number;
  /**
   * Most connections at a time; more are turned away with a 503. Each takes a file descriptor, and its requests upstream
   * take others: the system's limit (`ulimit -n`) has to be well above it.
   *
   * @default 10000
   */
  readonly connections?: number;
  /**
   * Most connections at a time of one client, which is the address that connects, or that the PROXY protocol names; more
   * are turned away with a 503. Many people may share one address. On a Unix socket it needs `proxyProtocol`.
   *
   * @default none
   */
  readonly perClient?: number;
  /**
   * Bytes a second that a client must keep up, up to `"1MiB"`, in a body that it sends and in an answer that it reads,
   * after its first 30 seconds of waiting; below it the connection is closed. 0 switches it off.
   *
   * @default "240B"
   */
  readonly minRate?: Size;
}

/** A certificate with the hosts that it is shown for. */
export interface ListenerCertificate {
  /** Host names that clients ask for (SNI): exact, or `"*.example.com"` for any one name below it. Each stands once. */
  readonly hosts: readonly string[];
  /** PEM of the certificate, intermediate ones after it: a file's path, or a secret. */
  readonly cert: string | Secret;
  /** PEM of its private key: a file's path, or a secret. */
  readonly key: string | Secret;
}

/** The TLS that engine `"serve"` can offer. */
export interface ServeTls {
  /** PEM of the certificate, intermediate ones after it: a file's path, or a secret. */
  readonly cert: string | Secret;
  /** PEM of its private key: a file's path, or a secret. */
  readonly key: string | Secret;
  /** HTTP/2 for clients that ask for it (ALPN): always, on this engine. */
  readonly http2?: true;
}

/** Certificates asked of clients (mutual TLS). */
export interface ClientCertificates {
  /** PEM of the authorities that sign clients' certificates: a file's path, or a secret. */
  readonly ca: string | Secret;
  /**
   * Whether a client without a certificate is refused. One with a certificate of another authority always is.
   *
   * @default true
   */
  readonly required?: boolean;
}

/** TLS towards clients. Files are read again when they change; connections that are open keep what they have. */
export interface ListenerTls extends Omit<ServeTls, "http2"> {
  /**
   * Other certificates, by host. Whoever asks for none of their hosts gets `cert`.
   *
   * @default []
   */
  readonly certificates?: readonly ListenerCertificate[];
  /**
   * Certificates asked of clients.
   *
   * @default none are asked for
   */
  readonly clientCertificates?: ClientCertificates;
  /**
   * HTTP/2 for clients that ask for it (ALPN).
   *
   * @default true
   */
  readonly http2?: boolean;
}

/** What any listener can have, whatever its address. */
interface ListenerSettings {
  /**
   * What terminates HTTP. `"h1"`: our own, with all of these settings. `"serve"`: `Deno.serve`, which has no time-outs for
   * requests, no limits on heads and connections, one certificate and no PROXY protocol; what it cannot honour is an error.
   *
   * @default "h1"
   */
  readonly engine?: "h1";
  /**
   * TLS towards clients, with HTTP/2 and HTTP/1.1 by ALPN.
   *
   * @default none: cleartext
   */
  readonly tls?: ListenerTls;
  /**
   * Answers everything with a 308 to the same URL on https, on this port; `true`: on the port of the one listener that has
   * `tls`. Not together with `tls`.
   *
   * @default none: requests go to routes
   */
  readonly redirect?: true | { readonly port: number };
  /**
   * Whether each connection begins with a PROXY protocol header, v1 or v2, which names the client. Connections without one
   * are closed, so that nobody but the proxy in front can be served; and whoever reaches the listener names any client.
   *
   * @default false
   */
  readonly proxyProtocol?: boolean;
  /** How long a client may take. */
  readonly timeouts?: ListenerTimeouts;
  /** What a client may ask of this listener. */
  readonly limits?: ListenerLimits;
  /**
   * What it answers itself, before any route: `"health"` is `/livez`, `/readyz`, `/ready` and `/health`; `"metrics"` is
   * `/metrics`, which names routes, upstreams and the addresses of their endpoints, and is written once a second at most.
   * Whoever reaches the listener may read it, without a token.
   *
   * @default []
   */
  readonly expose?: readonly Exposed[];
}

/** A listener on a port. */
export interface PortListener extends ListenerSettings {
  /** From 0 to 65535; 0 takes any free port. Ports below 1024 mostly need a privilege. */
  readonly port: number;
  /**
   * Address or name to listen on. `"0.0.0.0"` is every IPv4 address of the machine, `"127.0.0.1"` only the machine itself.
   *
   * @default "0.0.0.0"
   */
  readonly hostname?: string;
  /** Absolute path of a Unix socket, in place of `port` and `hostname`. */
  readonly path?: undefined;
}

/** A listener on a Unix socket. */
export interface PathListener extends ListenerSettings {
  /** Absolute path of the socket, at most 107 bytes long (`unix(7)`). Who may connect is a matter of the folder's rights. */
  readonly path: string;
}

/** A listener of engine `"serve"` on a port. */
export interface ServePortListener extends Pick<PortListener, "port" | "hostname" | "path" | "redirect" | "expose"> {
  readonly engine: "serve";
  /** TLS towards clients, with HTTP/2 and HTTP/1.1 by ALPN. */
  readonly tls?: ServeTls;
  /** How long a client may take. */
  readonly timeouts?: ServeTimeouts;
  /** What a client may ask of this listener. */
  readonly limits?: ServeLimits;
}

/** A listener of engine `"serve"` on a Unix socket; it has no TLS. */
export interface ServePathListener extends Pick<PathListener, "path" | "redirect" | "expose"> {
  readonly engine: "serve";
  /** How long a client may take. */
  readonly timeouts?: ServeTimeouts;
  /** What a client may ask of this listener. */
  readonly limits?: ServeLimits;
}

/** One address that the gateway accepts requests on. */
export type Listener = PortListener | PathListener | ServePortListener | ServePathListener;

/**
 * One form instead of the union of all: the compiler then knows which key a wrong one was meant to be. While `L` is not
 * known, as where an editor asks what could be written, the union: what is written already tells its members apart.
 */
type CheckedListener<L> = L extends { readonly engine: "serve" } ? OnAddress<L, ServePortListener, ServePathListener>
  : L extends { readonly engine: "h1" } ? OnAddress<L, PortListener, PathListener>
  : L extends { readonly engine: unknown } ? Listener
  : OnAddress<L, PortListener, PathListener>;

type OnAddress<L, Port, Path> = L extends { readonly path: unknown } ? Path : Port;

/** The listeners expected where `L` was written. */
export type CheckedListeners<L> = unknown extends L ? Listener | readonly Listener[]
  : L extends readonly unknown[] ? { readonly [I in keyof L]: CheckedListener<L[I]> }
  : CheckedListener<L>;
