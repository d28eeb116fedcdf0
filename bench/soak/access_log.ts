/** The gateway's access log, read while it is written. @module */

import type { Tally } from "./tally.ts";

/** The members of a line that say how a request ended. */
interface Line {
  readonly ts: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly duration: number;
  readonly error?: string;
}

/** Statuses and errors that say what the clients do. */
const EXPECTED: ReadonlySet<string> = new Set(["200 ", "101 ", "499 client_closed_request"]);
/** How far the time of a line may be off: the gateway looks at the clock now and then. */
const COARSE_MS = 50;
/** What comes of an origin that is away: nothing from it, or only the beginning. */
const OF_AN_OUTAGE = /^(?:50[234] |200 upstream_body_broken$|200 upstream_body_timeout$|101 )/;

/** Counts the lines, and tells the tally of those that nobody can explain. */
export class AccessLog implements Disposable {
  /** Lines by status and error. */
  readonly endings = new Map<string, number>();
  readonly #file: Deno.FsFile;
  readonly #tally: Tally;
  readonly #decoder = new TextDecoder();
  readonly #piece = new Uint8Array(1 << 20);
  #rest = "";

  constructor(path: string, tally: Tally) {
    this.#file = Deno.openSync(path);
    this.#tally = tally;
  }

  /** Reads what is new. */
  read(): void {
    for (let count = this.#file.readSync(this.#piece); count !== null; count = this.#file.readSync(this.#piece)) {
      const lines = (this.#rest + this.#decoder.decode(this.#piece.subarray(0, count), { stream: true })).split("\n");
      this.#rest = lines.pop()!;
      for (const line of lines) this.#judge(line);
    }
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }

  #judge(text: string): void {
    let line: Line;
    try {
      line = JSON.parse(text);
    } catch {
      return this.#tally.fault(`the access log has the line ${JSON.stringify(text.slice(0, 200))}`);
    }
    const { ts, method, path, status, duration, error = "" } = line, ending = `${status} ${error}`;
    this.endings.set(ending, (this.endings.get(ending) ?? 0) + 1);
    if (EXPECTED.has(ending)) return;
    const end = Date.parse(ts);
    if (OF_AN_OUTAGE.test(ending) && this.#tally.wasAway(end - duration - COARSE_MS, end + COARSE_MS)) return;
    this.#tally.fault(`the access log has ${method} ${path} with ${ending}, and the origin was there`);
  }
}
