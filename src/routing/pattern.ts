/** Path patterns. @module */

import type { PatternError } from "./pattern_error.ts";
import { canonicalLiteral, parseSegment, type Segment } from "./segment.ts";

/**
 * A parsed pattern. It matches the whole canonical path:
 *
 * - `:id`, `{id}`: one segment that is not empty;
 * - `*` before the end: the same, without a name;
 * - `*` or `*rest` at the end: zero or more segments. `/api/*` matches `/api`, `/api/` and `/api/a/b`, not `/apix`; what
 *   it captures is the text after `/api/`: `""`, `""`, `"a/b"`;
 * - all else: literally. A trailing slash is significant.
 */
export interface Pattern {
  /** With parameters written `:id` and `*rest`. */
  readonly text: string;
  readonly segments: readonly Segment[];
  /** Names of the captures, in order; an unnamed final wildcard is called `*`. */
  readonly names: readonly string[];
  /** The pattern without names: patterns of one shape match the same paths. */
  readonly shape: string;
}

/** Raw or escaped. */
const CONTROLS = /\p{Cc}|%[01][0-9A-Fa-f]|%7[Ff]/gu;
/** What a canonical path has only as an escape. */
const FOREIGN = /[ \\]|\P{ASCII}/u;

/** Parses a pattern. Errors say what to write instead. */
export function parsePattern(text: string): Pattern | PatternError {
  const segments = parseSegments(text);
  if (!Array.isArray(segments)) return segments;
  const names = segments.flatMap((segment) => segment.kind === "literal" ? [] : segment.name ?? []);
  const twice = names.findIndex((name, at) => names.indexOf(name) < at);
  if (twice >= 0) {
    return {
      message: `the name "${names[twice]}" stands twice`,
      remedy: `two different names, such as "${names[twice]}" and "${freshName(names[twice], names)}"`,
    };
  }
  return { text: print(segments, true), segments, names, shape: print(segments, false) };
}

/** The segments of a pattern or of a rewrite, in which a name may stand twice. */
export function parseSegments(text: string): Segment[] | PatternError {
  const wrong = wrongCharacter(text);
  if (wrong !== null) return wrong;
  const parts = text.slice(1).split("/"), segments: Segment[] = [];
  for (let i = 0; i < parts.length; i++) {
    const segment = parseSegment(parts[i], i === parts.length - 1);
    if ("fix" in segment) {
      return { message: segment.message, remedy: `"/${parts.with(i, segment.fix).join("/")}"` };
    }
    segments.push(segment);
  }
  return wrongLiteral(parts) ?? segments;
}

function wrongCharacter(text: string): PatternError | null {
  if (text[0] !== "/") return { message: `the path does not begin with "/"`, remedy: `"/${text}"` };
  if (text.includes("?")) return wrongQuestionMark(text);
  if (text.includes("#")) {
    return {
      message: `"#" begins a fragment, which no client sends`,
      remedy: `"${text.slice(0, text.indexOf("#"))}", or %23 for the character`,
    };
  }
  if (text.search(CONTROLS) >= 0) {
    return {
      message: "no request that is let in has a control character in its path",
      remedy: `"${text.replace(CONTROLS, "")}"`,
    };
  }
  const foreign = FOREIGN.exec(text)?.[0];
  if (foreign !== undefined) {
    return {
      message: `${foreign === " " ? "a space" : `"${foreign}"`} cannot stand in a path as it is`,
      remedy: `"${text.replace(new RegExp(FOREIGN, "gu"), (char) => encodeURIComponent(char.toWellFormed()))}"`,
    };
  }
  const percent = /%(?![0-9A-Fa-f]{2})/.exec(text);
  return percent === null ? null : {
    message: `"%" is not followed by two hex digits`,
    remedy: `"${text.replace(/%(?![0-9A-Fa-f]{2})/g, "%25")}"`,
  };
}

function wrongQuestionMark(text: string): PatternError {
  const optional = /^(.*)\/([:*{][^/]*)\?$/.exec(text);
  return optional === null
    ? {
      message: `"?" begins the query, which is no part of a path`,
      remedy: `"${text.slice(0, text.indexOf("?"))}" and the route's "query", or %3F for the character`,
    }
    : {
      message: `"${optional[2]}?": a segment cannot be optional`,
      remedy: `two routes, "${optional[1] || "/"}" and "${optional[1]}/${optional[2]}"`,
    };
}

/** A literal that no canonical path has would never match. */
function wrongLiteral(parts: readonly string[]): PatternError | null {
  const canonical = parts.map(canonicalLiteral);
  const dot = canonical.findIndex((part) => part === "." || part === "..");
  if (dot >= 0) {
    return {
      message: `"${parts[dot]}" is resolved before routes are matched, so this matches nothing`,
      remedy: `"/${withoutDots(canonical).join("/")}"`,
    };
  }
  const at = parts.findIndex((part, i) => part !== canonical[i]);
  return at < 0 ? null : {
    message: `paths are matched in canonical form, in which "${parts[at]}" is "${canonical[at]}"`,
    remedy: `"/${canonical.join("/")}"`,
  };
}

/** Removes dot segments (RFC 3986 §5.2.4). */
function withoutDots(parts: readonly string[]): string[] {
  const out: string[] = [];
  parts.forEach((part, i) => {
    const last = i === parts.length - 1;
    if (part === "..") out.pop();
    else if (part !== ".") out.push(part);
    if (last && (part === "." || part === "..")) out.push("");
  });
  return out;
}

function print(segments: readonly Segment[], withNames: boolean): string {
  return segments.map((segment) => {
    if (segment.kind === "literal") return "/" + segment.text;
    if (segment.kind === "rest") return withNames && segment.name !== "*" ? "/*" + segment.name : "/*";
    return withNames ? (segment.name === null ? "/*" : "/:" + segment.name) : "/:";
  }).join("");
}

function freshName(name: string, taken: readonly string[]): string {
  let n = 2;
  while (taken.includes(`${name}${n}`)) n++;
  return `${name}${n}`;
}
