export { diagramFiles, type GeneratedFile } from "./diagram-files.js";
export type { DocumentedEnd, DocumentedMachine } from "./documented-machine.js";
export { documentedLike, ownMachines } from "./own-machines.js";
export type { Sequence, SequenceStep, StepLook } from "./sequence.js";
export { sequenceSvg } from "./sequence-svg.js";
export { sessionPicture } from "./session-picture.js";
export type { DelayNotes, TimerNote } from "./tables/delays.js";
export type { DeliberateIgnore } from "./tables/events.js";
