/**
 * The fuzzer's command: generated and mutated messages into everything that reads what others wrote.
 *
 * See `bench/README.md` for what is checked and how to repeat a run.
 *
 * @module
 */
import { Worker } from "node:worker_threads";
import { choose } from "../load/choose.ts";
import { abridged, escaped } from "./escaped.ts";
import type { Report, Task } from "./fuzz_worker.ts";
import { type Options, parseOptions, USAGE } from "./options.ts";
import { SUBJECTS } from "./subjects.ts";
import { type Fault, inputAt, type Order } from "./trial.ts";

/** Milliseconds between two looks at the worker, and looks without progress after which it counts as hanging. */
const LOOK = 2000, PATIENCE = 15;
/** Faults of one subject that are shown: the rest will be more of the same. */
const SHOWN = 5;
/** Characters of a message: what it cannot tell, the shorter input does. */
const LONGEST = 800;

/** Runs the fuzzer. Returns the number of faults. */
function fuzz(options: Options, order: Order): Promise<number> {
  const progress = new SharedArrayBuffer(4), current = new Int32Array(progress);
  const task: Task = { order, against: options.against, progress };
  const worker = new Worker(new URL("fuzz_worker.ts", import.meta.url), { workerData: task });
  const shown = new Map<string, number>();
  let faults = 0, last = -1, still = 0;
  return new Promise((resolve, reject) => {
    const finish = (text: string) => {
      clearInterval(look);
      void worker.terminate();
      console.log(text);
      resolve(faults);
    };
    const look = setInterval(() => {
      const at = Atomics.load(current, 0);
      console.error(`${at - order.from} of ${order.to - order.from} inputs, ${faults} faults`);
      still = at === last ? still + 1 : 0;
      last = at;
      if (still < PATIENCE) return;
      faults++;
      console.log(describeInput(order, at, "it hangs"));
      finish(`${at - order.from} inputs, ${faults} faults; stopped`);
    }, LOOK);
    worker.on("message", (data: Report) => {
      if ("fault" in data) {
        const { subject } = data.fault, before = shown.get(subject) ?? 0;
        faults++;
        shown.set(subject, before + 1);
        if (before < SHOWN) console.log(describeFault(order, data.fault));
      } else {
        if (data.tally !== null) {
          const { both, onlyOurs, onlyNode, neither, known } = data.tally;
          console.log(
            `\naccepted by both ${both}, only by us ${onlyOurs}, only by node ${onlyNode}, by neither ${neither}`,
          );
          for (const [why, count] of known) console.log(`known: ${count} × ${why}`);
        }
        finish(`${order.to - order.from} inputs, ${faults} faults`);
      }
    });
    worker.on("error", (error) => {
      clearInterval(look);
      reject(error);
    });
  });
}

function describeFault(order: Order, { index, subject, message, input, shrunk }: Fault): string {
  return `\n${subject}: ${message.slice(0, LONGEST)}
  input ${index} of seed ${order.seed} (${input.oddities.join(", ") || "nothing odd"}${
    input.method === "HEAD" ? ", HEAD" : ""
  })
  ${abridged(input.text)}
  shorter: ${escaped(shrunk)}`;
}

function describeInput(order: Order, index: number, message: string): string {
  const { subject, input } = inputAt(order, index);
  return describeFault(order, { index, subject: subject.id, message, input, shrunk: input.text });
}

try {
  const options = parseOptions(Deno.args);
  if (options.help) {
    console.log(USAGE);
    Deno.exit(0);
  }
  choose("only", SUBJECTS, options.only);
  const { seed, runs, at } = options, only = options.against === null ? options.only : ["responses"];
  const order: Order = at === null ? { seed, from: 0, to: runs, only } : { seed, from: at, to: at + 1, only };
  if (at !== null) console.log(describeInput(order, at, "this input was asked for"));
  console.log(`seed ${seed}`);
  Deno.exit(await fuzz(options, order) === 0 ? 0 : 1);
} catch (error) {
  console.error(`fuzz: ${error instanceof Error ? error.message : error}`);
  Deno.exit(2);
}
