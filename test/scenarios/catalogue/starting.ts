import type { LeakPath } from "./leak-path.js";

export const starting: readonly LeakPath[] = [
  {
    id: "LP-18",
    elsewhere: "A dispose comes while a connect is under way, the connect succeeds, and nobody takes what it made.",
    seen: "LibreChat, qwen-code",
    here: "A late success is handed to the closing under way.",
  },
  {
    id: "LP-19",
    elsewhere: "A start fails, the failure is told, and the child lives on, up to four seconds or for ever.",
    seen: "typescript-sdk, measured",
    here: "The failure is told when the tree is gone.",
  },
  {
    id: "LP-20",
    elsewhere:
      "A retry uses the same client object; the late close event of the first child makes it forget the second.",
    seen: "typescript-sdk 2 (measured), mcp-use 2479",
    here: "A connection has one life. The next begins after the proof that the last is gone.",
  },
  {
    id: "LP-21",
    elsewhere:
      "A start is cancelled halfway and leaves what it had done so far, or takes the start from others who wait.",
    seen: "openclaw 149339",
    here: "Nothing stays, at whichever stage; who gives up waiting changes nothing for the rest.",
  },
  {
    id: "LP-22",
    elsewhere: "A job starts its servers after the shutdown collected what there was.",
    seen: "openclaw",
    here: "A shutdown is a fence: nothing is admitted, and what is still starting is ended.",
  },
  {
    id: "LP-23",
    elsewhere: "A server that crashes is restarted for ever, next to what its former lives left.",
    here: "Restarts back off, are counted, and each waits for the proof that the old tree is gone.",
  },
];
