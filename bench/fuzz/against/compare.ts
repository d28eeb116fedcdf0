/** What we accept, Node must accept too, and read in the same way. @module */

import { nominated } from "../../../src/http/hop_by_hop.ts";
import type { Answer } from "../models/answer_model.ts";
import type { NodeVerdict } from "./node_oracle.ts";

/**
 * What is wrong with accepting an answer that Node has judged so, or `null`. We may be stricter: where `ours` is `null`,
 * nothing is.
 */
export function difference(ours: Answer | null, node: NodeVerdict): string | null {
  if (ours === null) return null;
  if ("error" in node) return `node refuses what we accept: ${node.error}`;
  for (const part of ["status", "body"] as const) if (ours[part] !== node[part]) return `another ${part}`;
  if (text(ours.fields) !== text(withoutNominated(inLowerCase(node.fields)))) return "other fields";
  return text(ours.trailers) === text(inLowerCase(node.trailers)) ? null : "other trailers";
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

function text(fields: readonly string[]): string {
  return fields.join("\n");
}
