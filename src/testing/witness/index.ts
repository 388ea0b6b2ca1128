export { createWitness, type Witness } from "./fifo-witness.js";
export { type PidWatch, watchPids } from "./pid-watch.js";
export { type SeenProcess } from "./seen-process.js";
export { type Deadline, WitnessError } from "./witness-error.js";
