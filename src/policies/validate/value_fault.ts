/** What is wrong with a value, in words that do not repeat it. @module */

import type { ErrorObject } from "ajv";
import { pointerPart } from "../json/json_pointer.ts";

/** One thing that is wrong, and where. */
export interface ValueFault {
  /** A JSON pointer (RFC 6901). */
  readonly pointer: string;
  readonly message: string;
}

/** Names in a pointer may be the sender's own, and of any length. */
const LONGEST_POINTER = 256;

/** Keywords whose message is about a member: the place is that member's, and this is said of it. */
const ABOUT_MEMBERS: Readonly<Record<string, readonly [param: string, message: string]>> = {
  required: ["missingProperty", "is missing"],
  dependentRequired: ["missingProperty", "is missing"],
  dependencies: ["missingProperty", "is missing"],
  additionalProperties: ["additionalProperty", "is not allowed"],
  unevaluatedProperties: ["unevaluatedProperty", "is not allowed"],
};

/**
 * The faults that the schema compiler tells of, of a value that does not fit. There is at least one, even where none is
 * told: such a value must never look as if it fitted.
 */
export function faultsOf(errors: readonly ErrorObject[]): readonly ValueFault[] {
  // That a condition led to a failure says nothing beside the failure.
  const own = errors.filter(({ keyword }) => keyword !== "if"), told = own.length > 0 ? own : errors;
  return told.length > 0 ? told.map(faultOf) : [{ pointer: "", message: "is not valid" }];
}

/** Its messages hold what the schema says, and nothing of the value. */
function faultOf({ keyword, instancePath, message, params }: ErrorObject): ValueFault {
  const member = ABOUT_MEMBERS[keyword];
  const pointer = member === undefined ? instancePath : `${instancePath}/${pointerPart(String(params[member[0]]))}`;
  const text = member?.[1] ?? (keyword === "false schema" ? "is not allowed" : message ?? "is not valid");
  return { pointer: shortened(pointer), message: text };
}

/** A fault of a member by its name. */
export function memberFault(name: string, message: string): ValueFault {
  return { pointer: shortened(`/${pointerPart(name)}`), message };
}

function shortened(pointer: string): string {
  return pointer.length <= LONGEST_POINTER ? pointer : `${pointer.slice(0, LONGEST_POINTER)}…`;
}
