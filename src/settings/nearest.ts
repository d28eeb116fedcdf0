/** "Did you mean": the known word that a wrong one was probably meant to be. @module */

/** So many first letters make two words one, if not more than so many others follow. */
const SAME_START = 5, OTHER_END = 3;

/**
 * The nearest of `known` by edits (insert, delete, replace, swap neighbours; case is free): at most a third of the word
 * may differ. Else the first that begins as the word does: `policy`, `policies`. `undefined` when nothing is near.
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const lower = word.toLowerCase();
  let best: string | undefined, least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(lower, candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  if (best !== undefined) return best;
  for (const candidate of known) if (beginsAs(lower, candidate.toLowerCase())) return candidate;
}

/** Whether the word is the first part of the other, or both differ only in how they end. */
function beginsAs(word: string, other: string): boolean {
  let same = 0;
  while (same < word.length && word[same] === other[same]) same++;
  if (same < SAME_START) return false;
  return same === word.length || Math.max(word.length, other.length) - same <= OTHER_END;
}

/** Edits between two texts, neighbours swapped counting once (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let before: number[] = [], last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j], before[j - 2] + 1);
      }
    }
    [before, last] = [last, row];
  }
  return last[b.length];
}
