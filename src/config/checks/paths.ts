/** Whether what a route sends upstream can be made of its path. @module */

import { isPatternError } from "../../routing/pattern_error.ts";
import { compileRewrite } from "../../routing/rewrite.ts";
import type { Pattern } from "../../routing/pattern.ts";
import type { Draft, DraftRoute } from "../draft.ts";
import type { Finding } from "../finding.ts";
import { readPart } from "../read_part.ts";
import { routeSchema } from "../schema/route.ts";
import { seenText } from "../seen.ts";

/** Rewrites with unknown parameters, prefixes that the path does not have, and both at once. */
export function checkPaths({ routes }: Draft): Finding[] {
  return routes.flatMap((route) => {
    const { at, written: { rewrite, stripPrefix }, pattern } = route;
    const findings: Finding[] = [];
    if (rewrite !== undefined && stripPrefix !== undefined) {
      const message = "stripPrefix and rewrite both say what path goes upstream";
      findings.push({ at: [...at, "stripPrefix"], on: "key", message, remedy: "one of them" });
    }
    return pattern === undefined
      ? findings
      : [...findings, ...wrongRewrite(route, pattern), ...wrongPrefix(route, pattern)];
  });
}

function wrongRewrite({ at, written }: DraftRoute, pattern: Pattern): Finding[] {
  const rewrite = readPart(routeSchema.shape.rewrite, written.rewrite);
  if (rewrite === undefined) return [];
  const compiled = compileRewrite(rewrite, pattern);
  return isPatternError(compiled) ? [{ at: [...at, "rewrite"], seen: seenText(rewrite), ...compiled }] : [];
}

function wrongPrefix({ at, written }: DraftRoute, pattern: Pattern): Finding[] {
  const prefix = readPart(routeSchema.shape.stripPrefix, written.stripPrefix);
  if (prefix === undefined) return [];
  const dynamic = pattern.segments.findIndex(({ kind }) => kind !== "literal");
  const literal = pattern.segments.slice(0, dynamic < 0 ? undefined : dynamic)
    .flatMap((segment) => segment.kind === "literal" && segment.text !== "" ? segment.text : []);
  const cut = prefix.slice(1).split("/");
  if (cut.every((part, i) => part === literal[i])) return [];
  const longest = `"/${literal.join("/")}"`;
  const message = `the path "${pattern.text}" does not begin with this prefix`;
  return [{
    at: [...at, "stripPrefix"],
    message: literal.length === 0 ? `the path "${pattern.text}" begins with no literal segment` : message,
    seen: seenText(prefix),
    remedy: literal.length === 0 ? "no stripPrefix" : literal.length === 1 ? longest : `${longest}, or less of it`,
  }];
}
