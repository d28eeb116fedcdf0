/** From an input that shows a fault to a short one that shows it too. @module */

/**
 * Takes pieces out, large ones first, for as long as `fails` holds (delta debugging, Zeller and Hildebrandt, 2002, in its
 * plainest form), and for at most `tries` looks.
 */
export async function shrink(text: string, fails: (text: string) => Promise<boolean>, tries = 600): Promise<string> {
  let left = tries;
  for (let size = text.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < text.length && left > 0;) {
      const shorter = text.slice(0, at) + text.slice(at + size);
      left--;
      if (shorter !== "" && await fails(shorter)) text = shorter;
      else at += size;
    }
  }
  return text;
}
