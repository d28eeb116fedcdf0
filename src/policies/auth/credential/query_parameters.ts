/** One parameter of a raw query, while the rest stays as it was sent. @module */

/**
 * The value of a parameter, decoded as in forms (https://url.spec.whatwg.org/#urlencoded-parsing).
 *
 * @param query raw, with its `?`
 * @returns `""` where it is absent or empty, `null` where it stands more than once
 */
export function parameterOnce(query: string, name: string): string | null {
  const next = finderIn(query), at = next(query, name, 1);
  if (at < 0) return "";
  const end = endOf(query, at);
  if (next(query, name, end + 1) >= 0) return null;
  const equals = query.indexOf("=", at);
  return equals < 0 || equals > end ? "" : decoded(query.slice(equals + 1, end));
}

/** The query without the parameters of this name; `""` where nothing else is left. */
export function queryWithout(query: string, name: string): string {
  const next = finderIn(query);
  let left = query;
  for (let at = next(left, name, 1); at >= 0; at = next(left, name, at)) {
    const end = endOf(left, at);
    // The last one goes with the separator before it, every other with the one behind it.
    left = end < left.length ? left.slice(0, at) + left.slice(end + 1) : left.slice(0, at - 1);
    if (left === "?") return "";
  }
  return left;
}

/** Finds where the next parameter of a name begins, at `from` or behind; -1: nowhere. */
type Find = (query: string, name: string, from: number) => number;

function finderIn(query: string): Find {
  return query.includes("%") || query.includes("+") ? nextDecoded : nextLiteral;
}

/** In a query without escapes, which most are. */
function nextLiteral(query: string, name: string, from: number): number {
  for (let at = query.indexOf(name, from); at >= 0; at = query.indexOf(name, at + 1)) {
    if (at > 1 && query.charCodeAt(at - 1) !== AND) continue;
    const after = query.charCodeAt(at + name.length);
    if ((after === EQUALS || after === AND || Number.isNaN(after)) && isPlain(name)) return at;
  }
  return -1;
}

const AND = 0x26, EQUALS = 0x3d;

/** Separators can be in a name as escapes only. */
function isPlain(name: string): boolean {
  return !name.includes("=") && !name.includes("&");
}

function nextDecoded(query: string, name: string, from: number): number {
  for (let start = from; start < query.length;) {
    const end = endOf(query, start), equals = query.indexOf("=", start);
    if (decoded(query.slice(start, equals < 0 || equals > end ? end : equals)) === name) return start;
    start = end + 1;
  }
  return -1;
}

function endOf(query: string, start: number): number {
  const and = query.indexOf("&", start);
  return and < 0 ? query.length : and;
}

function decoded(part: string): string {
  return /[%+\u0080-\uffff]/.test(part) ? new URLSearchParams(`=${part}`).get("") ?? "" : part;
}
