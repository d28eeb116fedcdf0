export { timing } from "./clash.ts";
