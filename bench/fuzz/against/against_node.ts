/** Generated answers, read by our client and by Node's parser. @module */

import { nominated } from "../../../src/http/hop_by_hop.ts";
import { Xorshift } from "../generate/xorshift.ts";
import { generateResponse } from "../generate/response.ts";
import type { Input } from "../generate/input.ts";
import type { Answer } from "../models/response_model.ts";
import { knownDifference } from "../known_difference.ts";
import { shrink } from "../shrink.ts";
import { ClientAnswers } from "../subjects/client_answer.ts";
import type { Fault, Order } from "../trial.ts";
import { KNOWN } from "./known.ts";
import { NodeOracle, type NodeVerdict } from "./node_oracle.ts";

/** Inputs that are judged together. */
const BATCH = 500;

/** How many answers were accepted by whom. */
export interface Tally {
  readonly both: number;
  readonly onlyOurs: number;
  readonly onlyNode: number;
  readonly neither: number;
  /** How many differences there were that we know, by what is known about them. */
  readonly known: ReadonlyMap<string, number>;
}

/**
 * Compares all inputs of the order; `mark` is told the index that is looked at, `report` each kind of difference once.
 * @returns who accepted how many
 */
export async function againstNode(
  order: Order,
  mark: (index: number) => void,
  report: (fault: Fault) => void,
): Promise<Tally> {
  using node = new NodeOracle();
  const client = new ClientAnswers();
  const tally = { both: 0, onlyOurs: 0, onlyNode: 0, neither: 0 };
  const known = new Map<string, number>(), seen = new Set<string>();
  for (let from = order.from; from < order.to; from += BATCH) {
    const inputs: Input[] = [], answers = [];
    for (let index = from; index < Math.min(order.to, from + BATCH); index++) {
      mark(index);
      const input = generateResponse(new Xorshift(order.seed, index));
      inputs.push(input);
      answers.push(await client.read(input.text, [], input.method));
    }
    const verdicts = await node.judge(inputs);
    for (const [at, input] of inputs.entries()) {
      const ours = answers[at], accepted = !("error" in verdicts[at]);
      tally[ours === null ? accepted ? "onlyNode" : "neither" : accepted ? "both" : "onlyOurs"]++;
      const message = difference(ours, verdicts[at]);
      if (message === null) continue;
      const why = knownDifference(KNOWN, message, input.text);
      if (why !== null) known.set(why, (known.get(why) ?? 0) + 1);
      if (why !== null || seen.has(message)) continue;
      seen.add(message);
      const fails = async (text: string) => {
        const [verdict] = await node.judge([{ ...input, text }]);
        return difference(await client.read(text, [], input.method), verdict) === message;
      };
      report({ index: from + at, subject: "responses", message, input, shrunk: await shrink(input.text, fails) });
    }
  }
  return { ...tally, known };
}

/**
 * What we accept, Node must accept too, and read in the same way: what is wrong with it, or `null`. We may be stricter:
 * where `ours` is `null`, nothing is.
 */
function difference(ours: Answer | null, node: NodeVerdict): string | null {
  if (ours === null) return null;
  if ("error" in node) return `node refuses what we accept: ${node.error}`;
  for (const part of ["status", "body"] as const) if (ours[part] !== node[part]) return `another ${part}`;
  if (joined(ours.fields) !== joined(withoutNominated(inLowerCase(node.fields)))) return "other fields";
  return joined(ours.trailers) === joined(inLowerCase(node.trailers)) ? null : "other trailers";
}

function inLowerCase(fields: readonly string[]): string[] {
  return fields.map((part, at) => at % 2 === 0 ? part.toLowerCase() : part);
}

/** Node leaves what Connection names to its user. */
function withoutNominated(fields: readonly string[]): string[] {
  const connection = fields.filter((_, at) => fields[at - 1] === "connection" && at % 2 === 1).join(",");
  const dropped = nominated(connection);
  return dropped === null ? [...fields] : fields.filter((_, at) => !dropped.includes(fields[at - at % 2]));
}

function joined(fields: readonly string[]): string {
  return fields.join("\n");
}
