import type { LeakPath } from "./leak-path.js";

export const gatewayEnd: readonly LeakPath[] = [
  {
    id: "LP-45",
    elsewhere: "The gateway is killed, or runs out of memory, and its servers live.",
    here: "A guardian ends every tree, and deletes every HTTP session, without anybody starting the gateway again.",
  },
  {
    id: "LP-46",
    elsewhere: "A signal, an exception or an exit in the middle of a close leaves servers.",
    here: "Nothing is left, and the exit code or signal is what it would have been.",
  },
  {
    id: "LP-47",
    elsewhere: "The machine restarts, and the next gateway trusts old records.",
    here: "The next start ends what is ours and ownerless, and touches nothing else.",
  },
  {
    id: "LP-48",
    elsewhere: "A restart within the process begins anew on top of what was.",
    here: "It is a shutdown, and then another supervisor.",
  },
  {
    id: "LP-49",
    elsewhere: "A shutdown spends its time twice, or on one server after the other.",
    here: "One deadline is handed down, and all trees end side by side.",
  },
  {
    id: "LP-50",
    elsewhere: "The process that was to clean up is left over itself.",
    seen: "hermes-agent 66590",
    here: "The guardian is shown while it waits, and gone when its work is done, or when there is none.",
  },
];
