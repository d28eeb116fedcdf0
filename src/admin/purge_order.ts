/** Orders to purge, as people write them. @module */

import type { Purge, PurgeTarget } from "../core/purge.ts";
import { nearest } from "../settings/nearest.ts";

/** What is to be purged, and where. */
export interface PurgeOrder {
  readonly order: Purge;
  /** Id of the only cache that is meant. */
  readonly cache: string | undefined;
}

/** Ways to say what; one of them stands in an order. */
const TARGETS = ["url", "prefix", "tag", "all"] as const;
const KEYS = [...TARGETS, "soft", "cache"];

const ONE_OF = "one of url, prefix, tag and all says what is purged";
/** `https://…`, or a path. */
const ADDRESS = /^(?:https?:\/\/[^/]|\/)/i;
const EXAMPLE = { url: '"https://example.com/a" or "/a"', prefix: '"https://example.com/a/" or "/a/"' };
/** What no URL and no field has. */
// deno-lint-ignore no-control-regex -- it is about them
const CONTROL = /[\x00-\x1f\x7f]/;

/** Reads `{ url | prefix | tag | all, soft?, cache? }`, or says in a sentence what is wrong. */
export function purgeOrder(value: unknown): PurgeOrder | string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return 'Write an order such as { "url": "https://example.com/a" }.';
  }
  const written = value as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(written).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) {
    const near = nearest(unknown, KEYS);
    return `"${unknown}" is unknown here: ${
      near === undefined ? `there are ${KEYS.join(", ")}.` : `did you mean "${near}"?`
    }`;
  }
  const names = TARGETS.filter((name) => Object.hasOwn(written, name));
  if (names.length !== 1) return `${names.length === 0 ? "It says not" : "It says more than once"} what: ${ONE_OF}.`;
  const { soft = false, cache } = written, target = targetOf(names[0], written[names[0]]);
  if (typeof target === "string") return target;
  if (typeof soft !== "boolean") return '"soft" is true or false.';
  if (cache !== undefined && (typeof cache !== "string" || cache === "")) return '"cache" is the id of a cache.';
  return { order: { target, soft }, cache };
}

function targetOf(name: typeof TARGETS[number], value: unknown): PurgeTarget | string {
  if (name === "all") return value === true ? { all: true } : '"all" is true, or not there.';
  if (typeof value !== "string" || value === "" || CONTROL.test(value)) {
    return `"${name}" is a text without line breaks.`;
  }
  switch (name) {
    case "tag":
      return { tag: value };
    case "url":
      return ADDRESS.test(value) ? { url: value } : `"url" is ${EXAMPLE.url}.`;
    case "prefix":
      return ADDRESS.test(value) ? { prefix: value } : `"prefix" is ${EXAMPLE.prefix}.`;
  }
}
