/** Numbers on a command line. @module */

/** The value of a flag that takes a whole number. @throws Error naming the flag, the value seen and what it takes */
export function wholeNumber(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < least) {
    throw new Error(`--${flag} ${JSON.stringify(text)}: give a whole number, ${least} or more`);
  }
  return value;
}
