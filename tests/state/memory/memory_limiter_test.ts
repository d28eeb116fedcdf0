import { memoryStore } from "../../support/open_store.ts";
import { limiterConformance } from "../limiter_conformance.ts";

limiterConformance({ name: "memory()", runs: 200, open: memoryStore });
