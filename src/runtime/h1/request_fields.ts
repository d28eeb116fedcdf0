/** What frames a request, and what ends at this hop. @module */

/** What the fields of one head say; filled anew for each. */
export class RequestFields {
  hosts = 0;
  host = "";
  lengths = 0;
  length: string | null = null;
  coding: string | null = null;
  connection = "";
  upgrade = "";
  expect = "";
  te = "";
  /** Whether one of the last three is there. */
  get hopWishes(): boolean {
    return this.upgrade !== "" || this.expect !== "" || this.te !== "";
  }
  /** Places of the lines that do not count. */
  hidden: number[] | null = null;
}
