/**
 * What the benchmark needs to know of a proxy. One proxy is one file in `peers/`, joined by one line in `peers.ts`.
 *
 * @module
 */

/** Where a peer listens, what it proxies to and what it may write. */
export interface PeerSetup {
  /** An empty folder of this start alone; configs, logs and pid files go here. */
  readonly dir: string;
  /** The free port on 127.0.0.1 that the peer must listen on. */
  readonly port: number;
  /** The port of the origin on 127.0.0.1. */
  readonly originPort: number;
  /** Whether to write an access log to {@link PeerSetup.logFile}. */
  readonly accessLog: boolean;
  readonly logFile: string;
}

/** The program to start once its config is written. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** The file that takes the program's standard output; discarded when absent. */
  readonly stdout?: string;
}

/** Whether a peer can run here: its version, or what has to be done first. */
export type Availability = { readonly version: string } | { readonly missing: string };

/**
 * A proxy under test. Every peer does the same work: it forwards all end-to-end fields, strips hop-by-hop fields, adds
 * X-Forwarded-For, -Host, -Proto and X-Request-Id, and keeps connections to the origin open.
 */
export interface Peer {
  readonly id: string;
  /** Whether the access log is on whatever the command line says. */
  readonly alwaysLogs: boolean;
  /** Looks for the program; may install it under `var/bench/`, until `signal` aborts. */
  find(signal: AbortSignal): Promise<Availability>;
  /** Writes the config to `setup.dir` and returns the program to start in the foreground. */
  prepare(setup: PeerSetup): Promise<Launch>;
}
