/** Texts in Huffman code (RFC 7541 §5.2), read four bits at a time. @module */

import { CODE_LENGTHS, CODES, END_OF_STRING } from "./huffman_code.ts";

/**
 * A tree of one node for each beginning of a code: `next[2 × node + bit]` is the node behind it, `~symbol` where a code
 * ends there. Node 0 is the root, which no code leads back to.
 */
type Tree = Int16Array;

/** A code has five bits or more, so `n` bytes are at most `n × 8 / 5` symbols. */
export const MOST_SYMBOLS_PER_BYTE = 1.6;

const STEP_BITS = 4, STEPS_PER_NODE = 1 << STEP_BITS;
/** Parts of a step: the symbol in the low byte, whether there is one, whether the code is broken, the node behind it. */
const SYMBOL = 0xff, EMITS = 1 << 8, BROKEN = 1 << 9, NODE_SHIFT = 16;

const TREE: Tree = treeOf();
/** For each node and four bits: a step. */
const STEPS: Int32Array = stepsOf(TREE);
/** For each node: 1 where a text may end, with fewer than eight bits of padding, all of them ones. */
const MAY_END: Uint8Array = endsOf(TREE);

/**
 * Decodes `bytes[start, end)` into `into`, which has room for {@link MOST_SYMBOLS_PER_BYTE} as many.
 *
 * @returns how many bytes the text has, or -1 where the code is broken: END_OF_STRING within the text, padding of eight
 *   bits or more, padding that is not the beginning of END_OF_STRING
 */
export function decodeHuffman(bytes: Uint8Array, start: number, end: number, into: Uint8Array): number {
  let node = 0, count = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i], high = STEPS[node * STEPS_PER_NODE + (byte >> STEP_BITS)];
    if (high & EMITS) into[count++] = high & SYMBOL;
    const low = STEPS[(high >> NODE_SHIFT) * STEPS_PER_NODE + (byte & (STEPS_PER_NODE - 1))];
    if (low & EMITS) into[count++] = low & SYMBOL;
    if ((high | low) & BROKEN) return -1;
    node = low >> NODE_SHIFT;
  }
  return MAY_END[node] === 1 ? count : -1;
}

function treeOf(): Tree {
  // A binary tree with a code at each leaf has one inner node less than leaves.
  const next = new Int16Array(2 * (CODES.length - 1));
  let nodes = 1;
  for (let symbol = 0; symbol < CODES.length; symbol++) {
    let node = 0;
    for (let bit = CODE_LENGTHS[symbol] - 1; bit > 0; bit--) {
      const at = 2 * node + (CODES[symbol] >>> bit & 1);
      if (next[at] === 0) next[at] = nodes++;
      node = next[at];
    }
    next[2 * node + (CODES[symbol] & 1)] = ~symbol;
  }
  return next;
}

function stepsOf(tree: Tree): Int32Array {
  const nodes = tree.length / 2, steps = new Int32Array(nodes * STEPS_PER_NODE);
  for (let node = 0; node < nodes; node++) {
    for (let bits = 0; bits < STEPS_PER_NODE; bits++) steps[node * STEPS_PER_NODE + bits] = stepOf(tree, node, bits);
  }
  return steps;
}

/** No code is shorter than four bits: a step gives one symbol at most. */
function stepOf(tree: Tree, from: number, bits: number): number {
  let node = from, step = 0;
  for (let bit = STEP_BITS - 1; bit >= 0; bit--) {
    const next = tree[2 * node + (bits >> bit & 1)];
    if (next >= 0) {
      node = next;
      continue;
    }
    if (~next === END_OF_STRING) return BROKEN;
    step |= EMITS | ~next;
    node = 0;
  }
  return step | node << NODE_SHIFT;
}

function endsOf(tree: Tree): Uint8Array {
  const ends = new Uint8Array(tree.length / 2);
  for (let node = 0, padding = 0; padding < 8; padding++) {
    ends[node] = 1;
    node = tree[2 * node + 1];
  }
  return ends;
}
