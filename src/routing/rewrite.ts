/** Rewrite templates: the path that goes upstream, made of a route's captures. @module */

import { parseSegments, type Pattern } from "./pattern.ts";
import type { PatternError } from "./pattern_error.ts";

/** The path for a request's captures. The raw text is inserted, so that an escape stays the escape that was sent. */
export type Rewrite = (captures: readonly string[]) => string;

/**
 * Compiles a template in the pattern grammar, `/users/:id/x/*rest`. A parameter may stand in it twice or not at all. A
 * wildcard that captured nothing leaves the slash before it: `/v2/*` gives `/v2/`.
 *
 * @param pattern the route's pattern, which names the captures
 */
export function compileRewrite(template: string, pattern: Pattern): Rewrite | PatternError {
  if (template.includes("?")) {
    return {
      message: "a rewrite is a path; the query goes on as it came",
      remedy: `"${template.slice(0, template.indexOf("?"))}"`,
    };
  }
  const segments = parseSegments(template);
  if (!Array.isArray(segments)) return segments;
  const literals: string[] = [], sources: number[] = [];
  let literal = "";
  for (const segment of segments) {
    literal += "/";
    if (segment.kind === "literal") {
      literal += segment.text;
      continue;
    }
    if (segment.name === null) {
      return { message: `"*" before the end of a rewrite stands for no parameter`, remedy: choices(pattern) };
    }
    const source = pattern.names.indexOf(segment.name);
    if (source < 0) return unknownName(segment.name, segment.kind === "rest", pattern);
    literals.push(literal);
    sources.push(source);
    literal = "";
  }
  return writer(literals, sources, literal);
}

function writer(literals: readonly string[], sources: readonly number[], tail: string): Rewrite {
  if (sources.length === 0) return () => tail;
  return (captures) => {
    let path = "";
    for (let i = 0; i < sources.length; i++) path += literals[i] + captures[sources[i]];
    return path + tail;
  };
}

function unknownName(name: string, wildcard: boolean, pattern: Pattern): PatternError {
  const written = wildcard ? (name === "*" ? "*" : `*${name}`) : `:${name}`;
  const message = wildcard
    ? `the path "${pattern.text}" has no wildcard "${written}"`
    : `the path "${pattern.text}" has no parameter "${written}"`;
  return { message, remedy: choices(pattern) };
}

/** What can be written in a rewrite of this pattern. */
function choices(pattern: Pattern): string {
  const forms = pattern.segments.flatMap((segment) => {
    if (segment.kind === "literal" || segment.name === null) return [];
    if (segment.kind === "param") return `:${segment.name}`;
    return segment.name === "*" ? "*" : `*${segment.name}`;
  });
  if (forms.length === 0) return "a path without parameters";
  return forms.length === 1 ? forms[0] : `one of ${forms.join(", ")}`;
}
