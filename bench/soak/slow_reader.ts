/**
 * The slow reader's command: bodies far larger than memory may grow, through readers that take their time, both ways.
 *
 * See `bench/README.md` for what must hold.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { formatSize, parseSize } from "../../src/core/units.ts";
import { wholeNumber } from "../fuzz/options.ts";
import { inWorkplace, type Workplace } from "../load/workplace.ts";
import { ClientConnection } from "./connection.ts";
import { MemoryTrend } from "./process_watch.ts";
import { Origin, startGateway } from "./started.ts";

const USAGE = `deno run -A bench/soak/slow_reader.ts [flags]

  --size SIZE           of each body (1GiB)
  --rate SIZE           bytes a second that are read of it (1MiB)
  --seconds N           after which the rest of a body is given up; 0: never (15)
  --engine h1|serve     the engine of the gateway's listener (its default)
  --help                this text
`;

/** Bytes that the gateway's memory may grow. */
const MOST_GROWTH = 16 * 1024 * 1024;
/** A body that is read at full speed before anything is measured, so that compilers and pools are warm. */
const WARM_UP = 256 * 1024 * 1024;
const SAMPLE_MS = 250, PIECE = 64 * 1024;

/** What is asked for. */
interface Options {
  readonly size: number;
  readonly rate: number;
  readonly seconds: number;
  readonly engine: string | null;
}

/** One body on its way until it is through, or time is up. */
type Transfer = (port: number, options: Options, end: number) => Promise<number>;

/** An answer that its client reads slowly. */
const download: Transfer = async (port, { size, rate }, end) => {
  using connection = await ClientConnection.open(port);
  await connection.send(`GET /flow?size=${size} HTTP/1.1\r\nHost: soak.example\r\n\r\n`);
  const { status } = await connection.head(), start = performance.now();
  if (status !== 200) throw new Error(`the download is answered with ${status}`);
  let taken = 0;
  while (taken < size && performance.now() < end) {
    taken += (await connection.take(Math.min(PIECE, size - taken))).length;
    await until(start + taken / rate * 1000);
  }
  return taken;
};

/** A body that its origin reads slowly, sent as fast as it is taken. */
const upload: Transfer = async (port, { size, rate }, end) => {
  using connection = await ClientConnection.open(port);
  await connection.send(`POST /sink?rate=${rate} HTTP/1.1\r\nHost: soak.example\r\nContent-Length: ${size}\r\n\r\n`);
  const piece = new Uint8Array(PIECE);
  let sent = 0;
  while (sent < size) {
    const writing = connection.send(piece.subarray(0, Math.min(PIECE, size - sent)));
    // A write that nobody takes is broken off with the connection.
    writing.catch(() => {});
    if (await Promise.race([writing.then(() => "sent"), until(end)]) !== "sent") return sent;
    sent += PIECE;
  }
  const head = await connection.head(), taken = new TextDecoder().decode(await connection.body(head));
  if (head.status !== 200 || Number(taken) !== size) {
    throw new Error(`the upload is answered with ${head.status} ${taken}`);
  }
  return sent;
};

/** Measures both ways. Returns the exit code. */
async function measure(options: Options, { children, dir }: Workplace): Promise<number> {
  const origin = new Origin({ children, dir });
  await origin.start();
  const { child: { pid }, port } = await startGateway({ children, dir }, options.engine, origin.port);
  const { size, rate, seconds } = options;
  console.log(
    `bodies of ${formatSize(size)} at ${formatSize(rate)} a second, ${seconds > 0 ? `${seconds} s` : "whole"}`,
  );
  let passed = true;
  for (const [name, transfer] of Object.entries({ download, upload })) {
    await transfer(port, { ...options, size: WARM_UP, rate: Infinity }, Infinity);
    const memory = new MemoryTrend(pid), end = seconds > 0 ? performance.now() + seconds * 1000 : Infinity;
    memory.sample();
    const before = memory.last, sampling = setInterval(() => memory.sample(), SAMPLE_MS);
    const moved = await transfer(port, options, end).finally(() => clearInterval(sampling));
    memory.sample();
    const growth = memory.most - before;
    passed &&= growth <= MOST_GROWTH;
    console.log(`${name}: ${mib(moved)} MiB moved, memory ${mib(before)} MiB before, at most ${mib(growth)} MiB more`);
  }
  console.log(passed ? "slow reader passed" : "slow reader failed: memory grew too much");
  return passed ? 0 : 1;
}

function mib(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}

/** Resolves at a time of `performance.now()`; never where it is infinite. */
function until(time: number): Promise<void> {
  const ms = time - performance.now();
  if (ms <= 0) return Promise.resolve();
  return ms === Infinity ? new Promise(() => {}) : new Promise((resolve) => setTimeout(resolve, ms));
}

function parseOptions(args: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      size: { type: "string", default: "1GiB" },
      rate: { type: "string", default: "1MiB" },
      seconds: { type: "string", default: "15" },
      engine: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  const size = (flag: "size" | "rate") => {
    const bytes = parseSize(values[flag]);
    if (bytes === undefined || bytes < 1) {
      throw new Error(`--${flag} ${JSON.stringify(values[flag])}: give a size like 1MiB`);
    }
    return bytes;
  };
  const seconds = wholeNumber("seconds", values.seconds, 0);
  return { size: size("size"), rate: size("rate"), seconds, engine: values.engine ?? null };
}

try {
  const options = parseOptions(Deno.args);
  if (options === null) console.log(USAGE);
  Deno.exit(options === null ? 0 : await inWorkplace("slow", (place) => measure(options, place)));
} catch (error) {
  console.error(`slow reader: ${error instanceof Error ? error.message : error}`);
  Deno.exit(2);
}
