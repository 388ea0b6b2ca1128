import { canUseCgroups } from "../../../processes/containment/levels.js";
import type { Defect } from "../defect.js";
import { afterCloseDefects } from "./after-close.js";
import { closingDefects } from "./closing.js";
import { containmentDefects } from "./containment.js";
import { custodyDefects } from "./custody.js";
import { deadlinesDefects } from "./deadlines.js";
import { endsDefects } from "./ends.js";
import { httpDefects } from "./http.js";
import { processesDefects } from "./processes.js";
import { recoveryDefects } from "./recovery.js";
import { restartsDefects } from "./restarts.js";
import { runtimeDefects } from "./runtime.js";
import { sessionsDefects } from "./sessions.js";
import { sleepDefects } from "./sleep.js";

/** Every deliberate defect. */
export const defects: readonly Defect[] = [
  ...endsDefects,
  ...sleepDefects,
  ...deadlinesDefects,
  ...closingDefects,
  ...runtimeDefects,
  ...custodyDefects,
  ...sessionsDefects,
  ...processesDefects,
  // Where no cgroup can be made, no test shows them.
  ...(canUseCgroups ? containmentDefects : []),
  ...httpDefects,
  ...afterCloseDefects,
  ...recoveryDefects,
  ...restartsDefects,
];
