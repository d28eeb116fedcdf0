/** Regular expressions that can take very long. @module */

/** Repeats what stands before it without a bound. */
const UNBOUNDED = /[*+]|\{\d*,\}/y;

/**
 * Whether a repetition without bound stands in another: `(a+)+`. Trying every way to cut a text into such parts doubles
 * with each character. It looks at how a pattern is written only: not every slow pattern is found, nor is every one that
 * is found slow.
 */
export function isSlowPattern(pattern: string): boolean {
  /** Of each open group, whether something in it repeats without bound. */
  const groups: boolean[] = [];
  let inClass = false, repeats = false;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i];
    if (char === "\\") i++;
    else if (inClass) inClass = char !== "]";
    else if (char === "[") inClass = true;
    else if (char === "(") {
      groups.push(repeats);
      repeats = false;
    } else if (char === ")") {
      const outer = groups.pop() ?? false;
      if (repeats && isUnbounded(pattern, i + 1)) return true;
      repeats ||= outer;
    } else if (isUnbounded(pattern, i)) repeats = true;
  }
  return false;
}

function isUnbounded(pattern: string, at: number): boolean {
  UNBOUNDED.lastIndex = at;
  return UNBOUNDED.test(pattern);
}
