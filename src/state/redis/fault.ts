/** Whose fault it is that Redis did not do what it was asked. @module */

/** Redis 5 and 6 wrap what a command of a script was told: `ERR Error running script (…): @user_script: 1: -READONLY …`. */
const WITHIN = /^ERR Error running script .*?: -([A-Z]+) /s;
/** The client asks again where a slot's keys are on their way to another node, and tells at last what it was told last. */
const REDIRECTED = /^Too many Cluster redirections\. Last error: ReplyError: (?=[A-Z])/;

const FAULTS: Readonly<Record<string, Fault>> = {
  ERR: "request",
  WRONGTYPE: "request",
  // Of one slot that is being moved: the node is well.
  ASK: "request",
  MOVED: "request",
  TRYAGAIN: "request",
  READONLY: "server",
  LOADING: "server",
  MASTERDOWN: "server",
};

/**
 * - `request`: others may fare better.
 * - `server`: this one cannot be written to, now or ever; another connection may lead to one that can.
 * - `unknown`: whatever it is, it may be over soon.
 */
export type Fault = "request" | "server" | "unknown";

/** Of an error of the client's. */
export function faultOf({ name, message }: Error): Fault {
  const reply = message.replace(REDIRECTED, "");
  if (name !== "ReplyError" && reply === message) return "unknown";
  const code = (WITHIN.exec(reply) ?? /^([A-Z]+) /.exec(reply))?.[1] ?? "";
  return Object.hasOwn(FAULTS, code) ? FAULTS[code] : "unknown";
}
