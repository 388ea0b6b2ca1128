import type { LeakPath } from "./leak-path.js";

export const http: readonly LeakPath[] = [
  {
    id: "LP-38",
    elsewhere:
      "A close deletes no session, cannot any more, waits for ever for the answer, or takes 404 and 405 for failures.",
    seen: "typescript-sdk, measured",
    here: "DELETE comes before the close and has a deadline of its own; 404 and 405 mean that nothing is kept.",
  },
  {
    id: "LP-39",
    elsewhere: "An initialize is given up after the server had made its session, whose id nobody learns.",
    seen: "typescript-sdk, measured",
    here: "The answer is awaited a little longer for the id. If it is never learned, that is a remote leak.",
  },
  {
    id: "LP-40",
    elsewhere: "A closed client reconnects, or its timer keeps the host alive for 20 to 40 s.",
    seen: "typescript-sdk, measured",
    here: "After the end there is no request, no timer and no socket.",
  },
  {
    id: "LP-41",
    elsewhere: "An SSE connect heeds neither deadline nor abort; a refused one opens its stream later.",
    seen: "typescript-sdk, measured",
    here: "All that a connection sends goes one way, which is closed as a whole.",
  },
  {
    id: "LP-42",
    elsewhere: "A session that the server forgot stays in the cache, or the call that found out is sent twice.",
    seen: "openclaw 115614",
    here: "That connection is closed, and opened again at its next use. No call is replayed.",
  },
  {
    id: "LP-43",
    elsewhere: "A call that timed out leaves its stream open.",
    here: "The stream is closed, and the server is told.",
  },
  {
    id: "LP-44",
    elsewhere: "A server that ends its streams politely is asked for them again for ever.",
    seen: "typescript-sdk 2682",
    here: "After a few times the connection is lost and closed.",
  },
];
