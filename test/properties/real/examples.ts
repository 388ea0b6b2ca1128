import type { Command } from "./commands.js";
import type { WorldPlan } from "./worlds.js";

/** Every life that ever failed, as small as it was found. */
export const examples: [WorldPlan, Command[]][] = [];
