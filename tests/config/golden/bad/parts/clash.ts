import { definePolicy } from "gatewright";

export const headers = definePolicy({ name: "headers", handle: (_ctx, next) => next() });
export const timing = definePolicy({ name: "timing", handle: (_ctx, next) => next() });
export const number = 5;
export const maker = () => 5;
