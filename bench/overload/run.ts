/**
 * A whole run: every variant, every load.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { Child, Children } from "../load/children.ts";
import { freePort } from "../load/free_port.ts";
import { untilServing } from "../load/ready.ts";
import type { Options } from "./options.ts";
import type { Tally } from "./tally.ts";
import { configOf, type Variant } from "./variants.ts";

/** The gateway has a core of its own; clients and origin, which have little to do, share the other. */
const GATEWAY_CORE = 0, OTHER_CORE = 1;

const CLI = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const ORIGIN = fileURLToPath(new URL("origin.ts", import.meta.url));
const GENERATOR = fileURLToPath(new URL("generator.ts", import.meta.url));

/** Loads by the origin's capacity, in this order: next to none, around the peak, and far too much. */
export const FACTORS = [0.2, 0.9, 1, 3] as const;

/** The least of them, at which nobody waits. */
export const UNLOADED = FACTORS[0];

/** The greatest of them, which it is all about. */
export const OVERLOAD = FACTORS[FACTORS.length - 1]!;

/** What a run is given. */
export interface RunSpec {
  readonly children: Children;
  /** An empty folder; everything that is written goes below it. */
  readonly dir: string;
  readonly options: Options;
  readonly variants: readonly Variant[];
  /** Hears of each load as it begins. */
  readonly onStep: (text: string) => void;
}

/** One variant's figures, in the order of {@link FACTORS}. */
export interface VariantFigures {
  readonly id: string;
  readonly loads: readonly Tally[];
}

/** Answers that the origin can give in a second, if its timers are exact. */
export function capacityOf({ places, work }: Options): number {
  return places * 1000 / work;
}

/** Runs every variant. @throws {Error} at a program that does not start, or not do what it should */
export async function run(spec: RunSpec): Promise<VariantFigures[]> {
  const figures: VariantFigures[] = [];
  for (const variant of spec.variants) figures.push({ id: variant.id, loads: await runVariant(spec, variant) });
  return figures;
}

async function runVariant({ children, dir: parent, options, onStep }: RunSpec, variant: Variant): Promise<Tally[]> {
  const { places, work, warmup, seconds, patience, seed } = options;
  const dir = await Deno.makeTempDir({ dir: parent, prefix: `${variant.id}-` });
  const originPort = freePort(), originDir = `${dir}/origin`, gatewayDir = `${dir}/gateway`;
  await Promise.all([originDir, gatewayDir].map((path) => Deno.mkdir(path)));
  const origin = children.start({
    name: "origin",
    core: OTHER_CORE,
    command: Deno.execPath(),
    args: ["run", "-A", "--quiet", ORIGIN, `${originPort}`, `${places}`, `${work}`],
    dir: originDir,
  });
  await untilServing(origin, originPort);
  const port = freePort(), file = `${gatewayDir}/gateway.config.ts`;
  await Deno.writeTextFile(file, configOf(variant, port, originPort, options));
  const gateway = children.start({
    name: variant.id,
    core: GATEWAY_CORE,
    command: Deno.execPath(),
    args: ["run", "-A", "--quiet", CLI, "start", file],
    dir: gatewayDir,
  });
  await untilServing(gateway, port);
  const loads: Tally[] = [];
  for (const factor of FACTORS) {
    const rate = capacityOf(options) * factor;
    onStep(`${variant.id}: ${rate.toFixed(0)} requests a second`);
    const stdout = `${dir}/tally-${factor}.json`, clientsDir = `${dir}/clients-${factor}`;
    await Deno.mkdir(clientsDir);
    const args = [port, rate, warmup, seconds, patience, seed].map(String);
    const clients = children.start({
      name: "clients",
      core: OTHER_CORE,
      command: Deno.execPath(),
      args: ["run", "-A", "--quiet", GENERATOR, ...args],
      dir: clientsDir,
      stdout,
    });
    loads.push(await tallyOf(clients, stdout));
    await children.stop(clients);
  }
  await children.stop(gateway);
  await children.stop(origin);
  return loads;
}

async function tallyOf(clients: Child, stdout: string): Promise<Tally> {
  const { code } = await clients.ended;
  if (code !== 0) throw new Error(`the clients ended with ${code}:\n${await clients.lastWords()}`);
  return JSON.parse(await Deno.readTextFile(stdout));
}
