import { testRows } from "./run.ts";
import { TABLE } from "./table.ts";

testRows(TABLE, "serve");
