export { counted } from "../../good/parts/counted.ts";
