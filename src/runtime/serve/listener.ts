/** `Deno.serve`, kept alive. @module */

import type { Cancel, Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";

/** Milliseconds between a listener's death and the next try: doubled up to the last, unless it had lived for a while. */
const FIRST_RETRY = 50, LAST_RETRY = 1000, LIFE = 5_000;

type Handler = (request: Request, info: Deno.ServeHandlerInfo<Deno.NetAddr>) => Response | Promise<Response>;

/**
 * A `Deno.serve` listener that comes back. The runtime ends it for good when a connection cannot be accepted, as when the
 * process has run out of file descriptors; exchanges that go on then are not touched.
 */
export class ServeListener {
  readonly #handler: Handler;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #address: { readonly hostname: string; readonly port: number };
  #server: Deno.HttpServer<Deno.NetAddr>;
  #stopping = false;
  #bornAt = 0;
  #retryIn = FIRST_RETRY;
  #cancelRetry: Cancel | null = null;
  #dead = false;
  #drained: Promise<void> | null = null;

  /** Listens at once. @throws the runtime's error, such as `Deno.errors.AddrInUse` */
  constructor(address: { hostname: string; port: number }, handler: Handler, clock: Clock, log: Log) {
    this.#handler = handler;
    this.#clock = clock;
    this.#log = log;
    this.#server = this.#listen(address);
    this.#address = { hostname: address.hostname, port: this.#server.addr.port };
  }

  /** Where it listens: the port that was chosen where 0 was asked for. */
  get address(): { readonly hostname: string; readonly port: number } {
    return this.#address;
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

  #listen(address: { hostname: string; port: number }): Deno.HttpServer<Deno.NetAddr> {
    this.#bornAt = this.#clock.now();
    const server = Deno.serve({
      ...address,
      onListen() {},
      // Handlers answer for their own errors; what arrives here is an error of the gateway itself.
      onError: (error) => {
        this.#log.error("request failed outside its handler", {
          error: error instanceof Error ? error.stack : String(error),
        });
        return new Response(null, { status: 500 });
      },
    }, this.#handler);
    server.finished.then(() => {}, (error) => this.#died(error));
    return server;
  }

  #died(error: unknown): void {
    if (this.#stopping) return;
    this.#dead = true;
    if (this.#clock.now() - this.#bornAt > LIFE) this.#retryIn = FIRST_RETRY;
    this.#log.error("listener stopped; it will be started again", {
      ...this.#address,
      error: error instanceof Error ? error.message : String(error),
      retryIn: this.#retryIn,
    });
    this.#cancelRetry = this.#clock.after(this.#retryIn, () => this.#revive());
    this.#retryIn = Math.min(this.#retryIn * 2, LAST_RETRY);
  }

  #revive(): void {
    try {
      this.#server = this.#listen({ ...this.#address });
    } catch (error) {
      return this.#died(error);
    }
    this.#dead = false;
    this.#log.info("listener started again", { ...this.#address });
  }
}
