/** Names of users (RFC 7617 §2). @module */

/** Why no line of a file of users can be about this one; `null` where one can. */
export function lineFault(user: string): string | null {
  if (user.startsWith("#")) return "a line that begins with # says nothing in a file of users";
  if (user !== user.trim()) return "spaces around a user's name do not count in a file of users";
  return userFault(user);
}

/** Why nobody can log in by this name; `null` where one can. */
export function userFault(user: string): string | null {
  if (user === "") return "the user has no name";
  if (user.includes(":")) return "a user's name has no colon";
  // deno-lint-ignore no-control-regex -- RFC 7617 §2: there is none
  return /[\x00-\x1f\x7f]/.test(user) ? "a user's name has no control characters" : null;
}
