/** Names what a function returned that should have returned something else. @module */

/** `nothing`, `null`, `a string`, `an object of class Headers`. */
export function describeResult(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (typeof value !== "object") return `a ${typeof value}`;
  return `an object of class ${value.constructor?.name ?? "Object"}`;
}
