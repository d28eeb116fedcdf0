/** Any value as JSON that may be shown. @module */

/** What JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/**
 * A copy that JSON can hold. Secrets are references already; functions become `(function name)`, regular expressions their
 * source, maps and sets arrays; members without a value are left out, and a cycle is named.
 */
export function plainJson(value: unknown): Json {
  return copy(value, []) ?? null;
}

function copy(value: unknown, above: readonly object[]): Json | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "bigint":
      return String(value);
    case "function":
      return `(function${value.name === "" ? "" : " " + value.name})`;
    case "object":
      break;
    default:
      return undefined;
  }
  if (value === null) return null;
  if (above.includes(value)) return "(cycle)";
  const below = [...above, value];
  if (value instanceof RegExp) return String(value);
  if (value instanceof Uint8Array) return `(${value.length} bytes)`;
  if (value instanceof Map || value instanceof Set) return list([...value], below);
  if (Array.isArray(value)) return list(value, below);
  const members = Object.entries(value).map(([name, member]) => [name, copy(member, below)] as const);
  return Object.fromEntries(members.filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

function list(values: readonly unknown[], above: readonly object[]): Json {
  return values.map((value) => copy(value, above) ?? null);
}
