/** Field values written in one way. @module */

import { listMembers } from "./list_members.ts";
import { weightedList, weightedText } from "./weighted_list.ts";

/** Fields whose members have weights, no order, and no case (RFC 9110 §12.5.3, §12.5.4). */
const WEIGHTED: ReadonlySet<string> = new Set(["accept-encoding", "accept-language"]);

/** Fields that are no lists: a comma in them stands for itself, and white space beside it counts. */
const AS_THEY_ARE: ReadonlySet<string> = new Set([
  ...["date", "dpop", "from", "host", "if-modified-since", "if-unmodified-since", "location", "origin", "range"],
  "referer",
]);

/**
 * Names of fields that may say who is asking, whatever their grammar: somebody who is taken for another is shown the
 * other's answer, and all that could be won is an answer for those who write their own name in two ways.
 */
const WHO = /auth|cert|client|cookie|credential|email|identity|key|secret|session|signature|subject|tenant|token|user/;

/** Values of a field that are remembered: browsers send a handful, and what else comes must not fill the memory. */
const REMEMBERED = 200;
/** Fields whose values are. */
const MOST_FIELDS = 32;
/** Longer values are written anew each time. */
const LONGEST = 256;

/** Makes values one that mean the same. One for each cache: it remembers what it has seen. */
export class NormalForms {
  readonly #known = new Map<string, Map<string, string>>();

  /** @param name in lower case @param value the combined value */
  of(name: string, value: string): string {
    if (WEIGHTED.has(name)) return this.#written(name, value, weightedForm);
    // Most fields have no comma, and then nothing to be written in another way.
    if (!value.includes(",") || AS_THEY_ARE.has(name) || WHO.test(name)) return value;
    return this.#written(name, value, listForm);
  }

  #written(name: string, value: string, write: (value: string) => string): string {
    const values = this.#known.get(name), known = values?.get(value);
    if (known !== undefined) return known;
    const form = write(value);
    if (value.length <= LONGEST) this.#remember(values ?? this.#valuesOf(name), value, form);
    return form;
  }

  #valuesOf(name: string): Map<string, string> {
    if (this.#known.size >= MOST_FIELDS) this.#known.clear();
    const values = new Map<string, string>();
    this.#known.set(name, values);
    return values;
  }

  #remember(values: Map<string, string>, value: string, form: string): void {
    if (values.size >= REMEMBERED) values.clear();
    // Joining and cutting makes a new text: what arrives is a slice of a head, and would keep the whole head.
    values.set(` ${value}`.slice(1), form);
  }
}

function listForm(value: string): string {
  return listMembers(value).join(",");
}

/** What breaks the grammar stays as it is but for white space, and so is never like what does not. */
function weightedForm(value: string): string {
  const weights = weightedList(value);
  return weights === null ? listForm(value) : weightedText(weights);
}
