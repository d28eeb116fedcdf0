/** Claims of an identity, by name or by the way to them. @module */

/** Reads a claim; `undefined` where it is absent. */
export type ClaimReader = (claims: Readonly<Record<string, unknown>> | undefined) => unknown;

/**
 * The reader of a claim: of that name, dots and colons being part of it, or, where it begins with `/`, of what a JSON
 * Pointer (RFC 6901) leads to: `/realm_access/roles`.
 */
export function claimReader(name: string): ClaimReader {
  const [first, ...rest] = stepsOf(name);
  return (claims) => {
    let value = claims === undefined ? undefined : memberOf(claims, first);
    for (let i = 0; i < rest.length && value !== undefined; i++) value = memberOf(value, rest[i]);
    return value;
  };
}

/** The claim that has to be there for this one. */
export function outermostClaim(name: string): string {
  return stepsOf(name)[0];
}

function stepsOf(name: string): string[] {
  if (!name.startsWith("/")) return [name];
  return name.slice(1).split("/").map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** RFC 6901 §4: of a list that is its index, without leading zeros. */
const INDEX = /^(?:0|[1-9]\d*)$/;

function memberOf(value: unknown, key: string): unknown {
  const isIn = typeof value === "object" && value !== null && Object.hasOwn(value, key) &&
    (!Array.isArray(value) || INDEX.test(key));
  return isIn ? (value as Record<string, unknown>)[key] : undefined;
}
