/** What was thrown, in words. Anything can be thrown, also what is no text and cannot be made one: none of this throws. @module */

const NO_TEXT = "it threw something that is no text";

/** The message of an error, or the text of anything else. */
export function thrownMessage(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown);
  } catch {
    return NO_TEXT;
  }
}

/** The stack of an error where it has one. */
export function thrownStack(thrown: unknown): string {
  try {
    return thrown instanceof Error && thrown.stack !== undefined ? String(thrown.stack) : thrownMessage(thrown);
  } catch {
    return NO_TEXT;
  }
}

/** What kind of error it is: few, as authors name them. */
export function thrownName(thrown: unknown): string {
  try {
    return thrown instanceof Error ? String(thrown.name) : "Error";
  } catch {
    return "Error";
  }
}
