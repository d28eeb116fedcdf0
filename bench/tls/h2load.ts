/**
 * One client that asks again and again over one connection: h2load, which speaks both protocols over TLS.
 *
 * @module
 */

/** What to ask. */
export interface Load {
  readonly url: string;
  readonly protocol: "h1" | "h2";
  /** The file to upload; a GET when absent. */
  readonly upload?: string;
  readonly seconds: number;
  /** A folder for h2load's log. */
  readonly dir: string;
  /** The core that h2load may use. */
  readonly core: number;
}

/** Latencies in microseconds, from the request's first byte to the answer's last. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly count: number;
}

/** @throws Error when an answer is anything but 200, or none comes */
export async function measure({ url, protocol, upload, seconds, dir, core }: Load): Promise<Latency> {
  const log = `${dir}/h2load.log`;
  await Deno.remove(log).catch(() => {});
  const { stdout, stderr } = await new Deno.Command("taskset", {
    args: [
      ...["-c", String(core), "h2load", "-c1", "-m1", "-t1", `--log-file=${log}`, "-D", String(seconds)],
      // Windows that never hold a MiB back: what is measured is the path, not the wait for a window.
      ...["-w", "22", "-W", "24"],
      ...protocol === "h1" ? ["--h1"] : [],
      ...upload === undefined ? [] : ["-d", upload],
      url,
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const said = () => new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  const text = await Deno.readTextFile(log).catch(() => "");
  const rows = text.split("\n").filter((line) => line !== "").map((line) => line.split("\t").map(Number));
  const bad = rows.find(([, status]) => status !== 200);
  if (bad !== undefined) throw new Error(`${url} over ${protocol} answered ${bad[1]}`);
  // The log's columns: start, status, microseconds.
  const times = rows.map(([, , micros]) => micros).sort((a, b) => a - b);
  if (times.length === 0) throw new Error(`${url} over ${protocol} did not answer:\n${said()}`);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  return { p50: at(0.5), p99: at(0.99), max: times.at(-1)!, count: times.length };
}
