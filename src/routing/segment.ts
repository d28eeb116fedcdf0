/** One segment of a path pattern. @module */

/** A literal, a parameter (`name` is `null` for a `*` before the end), or a wildcard (only at the end). */
export type Segment =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "param"; readonly name: string | null }
  | { readonly kind: "rest"; readonly name: string };

/** Why a text is no segment, and the segment that was probably meant. */
export interface SegmentError {
  readonly message: string;
  readonly fix: string;
}

const NAME = /^[A-Za-z_]\w*$/;

/**
 * Parses one segment, the text between two slashes. `:id` and `{id}` are parameters, `*` and `*rest` at the end are
 * wildcards, a `*` before the end is a parameter without a name, all else is literal: a `:` that does not begin the
 * segment too, as in `/v1/things:batch`.
 *
 * @param text the segment, free of characters that no path has
 * @param last whether no other segment follows
 */
export function parseSegment(text: string, last: boolean): Segment | SegmentError {
  if (text[0] === ":") return named(text, text.slice(1), ":", (name) => ({ kind: "param", name }));
  if (text[0] === "*") return star(text, last);
  if (/[{}]/.test(text)) return braces(text);
  const bracketed = /^(?:\[\.*([A-Za-z_]\w*)\]|<(?:\w+:)?([A-Za-z_]\w*)>)$/.exec(text);
  if (bracketed !== null) {
    return {
      message: `"${text}" is not how a parameter is written`,
      fix: `${last && text.startsWith("[...") ? "*" : ":"}${bracketed[1] ?? bracketed[2]}`,
    };
  }
  if (text.includes("*")) {
    return { message: `"*" stands inside the segment "${text}"; a wildcard takes whole segments`, fix: "*" };
  }
  return { kind: "literal", text: canonicalLiteral(text) };
}

/** A segment as a canonical path has it: escapes of unreserved characters decoded, hex digits in upper case (RFC 3986 §6.2.2). */
export function canonicalLiteral(text: string): string {
  return text.replace(/%[0-9A-Fa-f]{2}/g, (escape) => {
    const char = String.fromCharCode(parseInt(escape.slice(1), 16));
    return /[A-Za-z0-9\-._~]/.test(char) ? char : escape.toUpperCase();
  });
}

function star(text: string, last: boolean): Segment | SegmentError {
  if (text === "*") return last ? { kind: "rest", name: "*" } : { kind: "param", name: null };
  if (/^\*+$/.test(text)) return { message: `"${text}" is no wildcard; a final "*" takes all that follows`, fix: "*" };
  if (!last) {
    const name = text.slice(1);
    return { message: `"${text}" is not the last segment`, fix: NAME.test(name) ? `:${name}` : "*" };
  }
  return named(text, text.slice(1), "*", (name) => ({ kind: "rest", name }));
}

function braces(text: string): Segment | SegmentError {
  const whole = /^\{([^{}]*)\}$/.exec(text);
  if (whole === null) {
    const inner = /\{([A-Za-z_]\w*)\}/.exec(text);
    return inner === null
      ? { message: `the braces in "${text}" do not close`, fix: ":id" }
      : { message: `"${text}" is more than a parameter; a parameter takes a whole segment`, fix: `:${inner[1]}` };
  }
  if (whole[1][0] === "*") return { message: `a wildcard is not written in braces`, fix: whole[1] };
  return named(text, whole[1], ":", (name) => ({ kind: "param", name }));
}

function named(text: string, name: string, sigil: string, make: (name: string) => Segment): Segment | SegmentError {
  if (name === "") return { message: `"${text}" has no name`, fix: `${sigil}id` };
  if (!NAME.test(name)) {
    const start = /^[A-Za-z_]\w*/.exec(name)?.[0];
    return {
      message: start === undefined
        ? `"${name}" is no name: a name begins with a letter or _ and goes on with letters, digits and _`
        : `"${name}" is no name: a name is letters, digits and _, and a parameter takes a whole segment`,
      fix: sigil + (start ?? "id"),
    };
  }
  // On a plain object this name would set the prototype, not a property.
  if (name === "__proto__") return { message: `"__proto__" cannot be a name`, fix: `${sigil}proto` };
  return make(name);
}
