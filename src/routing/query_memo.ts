/** A query string, parsed when a route first asks for it. @module */

const NONE: readonly string[] = [];

/** Remembers the query that it parsed last: all conditions that one request meets share one parse. */
export class QueryMemo {
  #query = "";
  #params = new URLSearchParams();

  /** Whether the raw query (with its `?`) has this parameter. */
  has(query: string, name: string): boolean {
    return query !== "" && this.#parse(query).has(name);
  }

  /** The parameter's decoded values, in order. */
  values(query: string, name: string): readonly string[] {
    return query === "" ? NONE : this.#parse(query).getAll(name);
  }

  #parse(query: string): URLSearchParams {
    if (query !== this.#query) {
      this.#params = new URLSearchParams(query);
      this.#query = query;
    }
    return this.#params;
  }
}
