/** `Deno.serve`, kept alive. @module */

import type { Cancel, Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import { thrownMessage, thrownStack } from "../../core/thrown.ts";
import { claimSocketFile } from "../unix_socket_file.ts";

/** Milliseconds between a listener's death and the next try: doubled up to the last, unless it had lived for a while. */
const FIRST_RETRY = 50, LAST_RETRY = 1000, LIFE = 5_000;

/** A certificate with its key, as PEM texts. */
export interface ServeCertificate {
  readonly cert: string;
  readonly key: string;
}

/** Where to listen: a host and a port, with a certificate for TLS; or the absolute path of a Unix socket. */
export type ServeAddress =
  | { readonly hostname: string; readonly port: number; readonly tls?: ServeCertificate | null }
  | { readonly path: string };

type Info = Deno.ServeHandlerInfo<Deno.NetAddr | Deno.UnixAddr>;
type Handler = (request: Request, info: Info) => Response | Promise<Response>;
type Server = Deno.HttpServer<Deno.NetAddr> | Deno.HttpServer<Deno.UnixAddr>;

/**
 * A `Deno.serve` listener that comes back. The runtime ends it for good when a connection cannot be accepted, as when the
 * process has run out of file descriptors; exchanges that go on then are not touched.
 */
export class ServeListener {
  readonly #handler: Handler;
  readonly #clock: Clock;
  readonly #log: Log;
  /** With the port that was chosen. */
  readonly #where: ServeAddress;
  #server: Server;
  #stopping = false;
  #bornAt = 0;
  #retryIn = FIRST_RETRY;
  #cancelRetry: Cancel | null = null;
  #dead = false;
  #drained: Promise<void> | null = null;

  /** Listens at once. @throws the runtime's error, such as `Deno.errors.AddrInUse` */
  constructor(address: ServeAddress, handler: Handler, clock: Clock, log: Log) {
    this.#handler = handler;
    this.#clock = clock;
    this.#log = log;
    this.#server = this.#listen(address);
    const { addr } = this.#server;
    this.#where = "path" in address || addr.transport !== "tcp" ? address : { ...address, port: addr.port };
  }

  /** Where it listens: the port that was chosen where 0 was asked for; a Unix socket's path as a name with port 0. */
  get address(): { readonly hostname: string; readonly port: number } {
    const where = this.#where;
    return "path" in where ? { hostname: where.path, port: 0 } : { hostname: where.hostname, port: where.port };
  }

  get listening(): boolean {
    return !this.#stopping && !this.#dead;
  }

  /** Takes no more connections; resolves when every exchange is over. */
  drain(): Promise<void> {
    this.#stop();
    return this.#drained ??= this.#dead ? Promise.resolve() : this.#server.shutdown();
  }

  #stop(): void {
    this.#stopping = true;
    this.#cancelRetry?.();
  }

  #listen(address: ServeAddress): Server {
    this.#bornAt = this.#clock.now();
    const server = serve(address, this.#handler, (error) => {
      // Handlers answer for their own errors; what arrives here is an error of the gateway itself.
      this.#log.error("request failed outside its handler", {
        error: thrownStack(error),
      });
      return new Response(null, { status: 500 });
    });
    server.finished.then(() => {}, (error) => this.#died(error));
    return server;
  }

  #died(error: unknown): void {
    if (this.#stopping) return;
    this.#dead = true;
    if (this.#clock.now() - this.#bornAt > LIFE) this.#retryIn = FIRST_RETRY;
    this.#log.error("listener stopped; it will be started again", {
      ...this.address,
      error: thrownMessage(error),
      retryIn: this.#retryIn,
    });
    this.#cancelRetry = this.#clock.after(this.#retryIn, () => this.#revive());
    this.#retryIn = Math.min(this.#retryIn * 2, LAST_RETRY);
  }

  async #revive(): Promise<void> {
    const where = this.#where;
    try {
      if ("path" in where) await claimSocketFile(where.path);
      if (this.#stopping) return;
      this.#server = this.#listen(where);
    } catch (error) {
      return this.#died(error);
    }
    this.#dead = false;
    this.#log.info("listener started again", { ...this.address });
  }
}

function serve(address: ServeAddress, handler: Handler, onError: (error: unknown) => Response): Server {
  // Whatever the environment says: what a policy has left as it is stays so.
  const common = { onListen() {}, onError, automaticCompression: false };
  if ("path" in address) return Deno.serve({ ...common, path: address.path }, handler);
  const { hostname, port, tls } = address;
  return Deno.serve({ ...common, hostname, port, ...(tls ? { cert: tls.cert, key: tls.key } : {}) }, handler);
}
