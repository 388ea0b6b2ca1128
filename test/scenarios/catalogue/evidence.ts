import type { LeakPath } from "./leak-path.js";

export const evidence: readonly LeakPath[] = [
  {
    id: "LP-51",
    elsewhere: "A cleanup rejects with nobody attached, and that ends the gateway: 18 crashes in a day.",
    seen: "openclaw 144911, 146887",
    here: "A cleanup that fails is a state and no exception. Listeners and loggers of the host are contained.",
  },
  {
    id: "LP-52",
    elsewhere: "A cleanup that failed is forgotten, and success is reported.",
    here: "`closed` is reached through proof alone; a proof that comes later is a second receipt.",
  },
  {
    id: "LP-53",
    elsewhere: "Cancelling again renews the deadline; progress renews a timeout for ever.",
    seen: "openclaw 149005, copilot-cli 3698",
    here: "Deadlines are absolute.",
  },
  {
    id: "LP-54",
    elsewhere: "Each connection adds a listener to the process: 8,183 of them.",
    seen: "inkeep 2206",
    here: "A process has one.",
  },
  {
    id: "LP-55",
    elsewhere: "Closed sessions stay in maps and listeners, 326 KB each.",
    seen: "mcp-use 1623",
    here: "After them the supervisor holds what it held before.",
  },
  {
    id: "LP-56",
    elsewhere:
      "The gateway is pid 1 of a container: orphans become zombies, and a group of zombies answers as if it lived.",
    seen: "measured",
    here: "A zombie runs nothing: it is listed as `unreaped` and is no leak.",
  },
  {
    id: "LP-57",
    elsewhere: "A gateway within a gateway overwrites the mark by which the outer one finds its own.",
    seen: "measured",
    here: "Each connection marks its tree by a name of its own; a nested tree is found by both.",
  },
];
