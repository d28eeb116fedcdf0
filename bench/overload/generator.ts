/**
 * The clients, a process of their own: requests at the times of a Poisson process, whether or not those before them have
 * been answered. Each is over its own keep-alive connection, an idle one if there is one. It prints a {@link Tally}.
 *
 * Arguments: port, requests a second, seconds of warm-up, seconds measured, milliseconds of patience, seed.
 *
 * @module
 */
import { seededRandom } from "../../tests/upstreams/balancers/seeded_random.ts";
import type { Tally } from "./tally.ts";

const [port, rate, warmup, seconds, patience, seed] = Deno.args.map(Number) as [
  number,
  number,
  number,
  number,
  number,
  number,
];
const REQUEST = new TextEncoder().encode("GET /work HTTP/1.1\r\nhost: bench.example\r\n\r\n");
const decoder = new TextDecoder("latin1");

/** A connection that carries one request at a time. */
class Connection {
  readonly #conn: Deno.TcpConn;
  readonly #buffer = new Uint8Array(4096);

  private constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
  }

  static async open(): Promise<Connection> {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    conn.setNoDelay(true);
    return new Connection(conn);
  }

  /** Sends a request and takes its answer, which says its length. @returns the status */
  async ask(): Promise<number> {
    await this.#conn.write(REQUEST);
    let text = "";
    for (;;) {
      const count = await this.#conn.read(this.#buffer);
      if (count === null) throw new Error("the connection was closed");
      text += decoder.decode(this.#buffer.subarray(0, count));
      const end = text.indexOf("\r\n\r\n");
      if (end < 0) continue;
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1]);
      if (text.length >= end + 4 + length) return Number(text.slice(9, 12));
    }
  }

  close(): void {
    try {
      this.#conn.close();
    } catch { /* it is closed */ }
  }
}

const idle: Connection[] = [];
const good: number[] = [], refused: number[] = [];
let offered = 0, late = 0, failed = 0;

/** @param due when it should be sent: what it is sent later counts as latency */
async function request(due: number, measured: boolean): Promise<void> {
  if (measured) offered++;
  let connection: Connection | undefined, over = false;
  const impatience = setTimeout(() => {
    over = true;
    if (measured) late++;
    connection?.close();
  }, patience);
  try {
    connection = idle.pop() ?? await Connection.open();
    if (over) return connection.close();
    const status = await connection.ask();
    if (over) return;
    idle.push(connection);
    const latency = performance.now() - due;
    if (!measured) return;
    if (status === 200) good.push(latency);
    else if (status === 429 || status === 503) refused.push(latency);
    else failed++;
  } catch {
    if (!over && measured) failed++;
    connection?.close();
  } finally {
    clearTimeout(impatience);
  }
}

const random = seededRandom(seed), start = performance.now(), from = start + warmup * 1000, end = from + seconds * 1000;
const underWay = new Set<Promise<void>>();
for (let due = start; due < end; due += -Math.log(1 - random()) * 1000 / rate) {
  while (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, 1));
  const one = request(due, due >= from);
  underWay.add(one);
  one.then(() => underWay.delete(one));
}
await Promise.all(underWay);

function percentile(values: number[], share: number): number | null {
  values.sort((a, b) => a - b);
  return values[Math.max(0, Math.ceil(share * values.length) - 1)] ?? null;
}

const tally: Tally = {
  offered: offered / seconds,
  good: good.length / seconds,
  refused: refused.length / seconds,
  late: late / seconds,
  failed: failed / seconds,
  p50: percentile(good, 0.5),
  p99: percentile(good, 0.99),
  refusedP99: percentile(refused, 0.99),
};
console.log(JSON.stringify(tally));
Deno.exit(0);
