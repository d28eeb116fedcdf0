/** The worker in which inputs are tried, so that one that never ends can be noticed from outside. @module */

import { parentPort, workerData } from "node:worker_threads";
import { againstNode, type Tally } from "./against/against_node.ts";
import { type Fault, type Order, tryInput } from "./trial.ts";

/** What the worker is given. */
export interface Task {
  readonly order: Order;
  readonly against: "node" | null;
  /** One number: the index that is being tried. */
  readonly progress: SharedArrayBuffer;
}

/** What the worker says. `tally` is there when answers were compared. */
export type Report = { readonly fault: Fault } | { readonly done: true; readonly tally: Tally | null };

async function work({ order, against, progress }: Task, say: (report: Report) => void): Promise<void> {
  const current = new Int32Array(progress);
  const mark = (index: number) => Atomics.store(current, 0, index);
  if (against !== null) {
    return say({ done: true, tally: await againstNode(order, mark, (fault) => say({ fault })) });
  }
  for (let index = order.from; index < order.to; index++) {
    mark(index);
    const fault = await tryInput(order, index);
    if (fault !== null) say({ fault });
  }
  say({ done: true, tally: null });
}

const task: Task = workerData;
await work(task, (report) => parentPort?.postMessage(report));
