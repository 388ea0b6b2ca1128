export { diagramFiles, type GeneratedFile } from "./diagram-files.js";
export type { DocumentedEnd, DocumentedMachine } from "./documented-machine.js";
export { ownMachines } from "./own-machines.js";
export { sessionPicture } from "./session-picture.js";
export type { DelayNotes, TimerNote } from "./tables/delays.js";
export type { DeliberateIgnore } from "./tables/events.js";
