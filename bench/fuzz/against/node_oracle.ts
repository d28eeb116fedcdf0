/** A Node process that says what its parser makes of an answer. @module */

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Input } from "../generate/input.ts";
import type { Answer } from "../models/response_model.ts";

/** What Node makes of an answer: the answer, or why it is refused. */
export type NodeVerdict = Answer | { readonly error: string };

const PARSER = fileURLToPath(new URL("node_parser.mjs", import.meta.url));

/** Reads answers with llhttp. One question at a time; dispose of it to end the process. */
export class NodeOracle implements Disposable {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor() {
    this.#child = spawn("node", [PARSER], { stdio: ["pipe", "pipe", "inherit"] });
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
  }

  /** The verdicts on these answers, in their order. @throws Error when there is no Node, or it ended */
  async judge(inputs: readonly Input[]): Promise<NodeVerdict[]> {
    this.#child.stdin!.write(JSON.stringify(inputs.map(({ text, method }) => [text, method])) + "\n");
    const line = await this.#lines.next();
    if (line.done) throw new Error("the Node process ended: is node in the PATH?");
    return JSON.parse(line.value);
  }

  [Symbol.dispose](): void {
    this.#child.kill();
  }
}
