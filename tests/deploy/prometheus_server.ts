/** A Prometheus that holds what a gateway told. @module */

import { strict as assert } from "node:assert";
import { promtool } from "../support/promtool.ts";
import { eventually } from "../support/redis_server.ts";
import type { Requirement } from "../support/requires.ts";
import { steadyPort } from "../support/steady_port.ts";
import { TempDir } from "../support/temp_dir.ts";

/** What a scrape came to. */
export interface TimedScrape {
  /** When, in seconds since 1970. */
  readonly at: number;
  /** An answer of `/metrics` in the format of OpenMetrics. */
  readonly text: string;
}

/** One series of an answer. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  /** Seconds since 1970, and the number as text. */
  readonly value: readonly [number, string];
}

/** A server with a history, which scrapes nothing itself. */
export class PrometheusServer implements AsyncDisposable {
  readonly #port = steadyPort();
  readonly #folder: TempDir;
  readonly #child: Deno.ChildProcess;

  /**
   * One that answers.
   *
   * @param programs `promtool` and `prometheus`
   * @param target labels that scraping gives to each series: job and instance
   */
  static async start(
    programs: Requirement,
    scrapes: readonly TimedScrape[],
    target: Readonly<Record<string, string>>,
  ): Promise<PrometheusServer> {
    const folder = await TempDir.make({ "prometheus.yml": "", "history.txt": history(scrapes, target) });
    let server: PrometheusServer | null = null;
    try {
      const blocks = ["tsdb", "create-blocks-from", "--quiet", "openmetrics", folder.join("history.txt")];
      assert.equal(await promtool(programs, [...blocks, folder.join("data")]), "");
      server = new PrometheusServer(programs.paths.get("prometheus")!, folder);
      await eventually(() => server!.#ready(), "prometheus");
      return server;
    } catch (error) {
      await (server ?? folder)[Symbol.asyncDispose]();
      throw error;
    }
  }

  private constructor(command: string, folder: TempDir) {
    this.#folder = folder;
    this.#child = new Deno.Command(command, {
      args: [
        `--config.file=${folder.join("prometheus.yml")}`,
        `--storage.tsdb.path=${folder.join("data")}`,
        `--web.listen-address=127.0.0.1:${this.#port}`,
      ],
      stdout: "null",
      stderr: "null",
    }).spawn();
  }

  /** What the expression is at this moment. @throws Error with Prometheus's words when it is none */
  async query(expression: string, at: number): Promise<readonly Series[]> {
    const data = await this.#ask("query", { query: expression, time: String(at) });
    const { resultType, result } = data as { resultType: string; result: Series[] };
    assert.equal(resultType, "vector", `${expression} is no list of series`);
    return result;
  }

  /** Values that a label has in the series that match. */
  async labelValues(label: string, match: string): Promise<readonly string[]> {
    return await this.#ask(`label/${label}/values`, { "match[]": match }) as string[];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.status;
    await this.#folder[Symbol.asyncDispose]();
  }

  async #ready(): Promise<boolean> {
    try {
      const response = await fetch(`http://127.0.0.1:${this.#port}/-/ready`);
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }

  async #ask(path: string, parameters: Readonly<Record<string, string>>): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${this.#port}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    const { status, data, error } = await response.json();
    if (status !== "success") throw new Error(`${Object.values(parameters)[0]}: ${error}`);
    return data;
  }
}

/** Scrapes as one file that Prometheus makes a history of: each sample with its time, and `up`, which it writes itself. */
function history(scrapes: readonly TimedScrape[], target: Readonly<Record<string, string>>): string {
  const labels = Object.entries(target).map(([name, value]) => `${name}="${value}"`).join(",");
  let text = "";
  for (const { at, text: scraped } of scrapes) {
    for (const { name, inside, value } of samples(scraped)) {
      text += `${name}{${inside === "" ? "" : inside + ","}${labels}} ${value} ${at}\n`;
    }
    text += `up{${labels}} 1 ${at}\n`;
  }
  return text + "# EOF\n";
}

/** The lines that are no comments, without exemplars. */
function* samples(text: string): Iterable<{ name: string; inside: string; value: string }> {
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const parts = /^(?<name>[\w:]+)(?:\{(?<inside>(?:[^"}]|"(?:[^"\\]|\\.)*")*)\})? (?<value>\S+)/.exec(line);
    assert.ok(parts?.groups, `no sample: ${line}`);
    const { name, inside = "", value } = parts.groups;
    yield { name, inside, value };
  }
}
