/** What gateways tell each other about purges. @module */

import type { Purge, PurgeTarget } from "../../core/purge.ts";

/** A purge of one cache. */
export interface PurgeMessage {
  /** Who tells: those who told need not hear it. */
  readonly from: string;
  /** Id of the policy's node. */
  readonly id: string;
  readonly order: Purge;
}

/** As text. */
export function messageText(message: PurgeMessage): string {
  return JSON.stringify(message);
}

/** Of text; `null` for what nobody here has written, or will write only in a later version. */
export function parseMessage(text: string): PurgeMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(value) || !isObject(value.order) || typeof value.from !== "string") return null;
  const { from, id, order: { target, soft } } = value;
  if (typeof id !== "string" || typeof soft !== "boolean" || !isTarget(target)) return null;
  return { from, id, order: { target, soft } };
}

function isTarget(value: unknown): value is PurgeTarget {
  if (!isObject(value)) return false;
  const [[name, what] = [], ...more] = Object.entries(value);
  if (more.length > 0) return false;
  return name === "all" ? what === true : ["url", "prefix", "tag"].includes(name ?? "") && typeof what === "string";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
