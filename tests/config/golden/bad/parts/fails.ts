throw new Error("no network here");
export {};
