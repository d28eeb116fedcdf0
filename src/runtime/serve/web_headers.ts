/** A web request's fields. @module */

import type { DropSet } from "../../core/drop_set.ts";
import type { HeaderSource } from "../../core/header_list.ts";

/** Reads a `Headers` object only when something asks: the first look at it costs more than all later ones. */
export class WebHeaders implements HeaderSource {
  constructor(readonly headers: Headers) {}

  get(name: string): string | null {
    return this.headers.get(name);
  }

  flat(): string[] {
    const flat: string[] = [];
    this.headers.forEach((value, name) => flat.push(name, value));
    return flat;
  }

  text(drop: DropSet): string {
    let text = "";
    this.headers.forEach((value, name) => {
      if (!drop.has(name)) text += name + ": " + value + "\r\n";
    });
    return text;
  }
}
