import { evidence } from "./catalogue/evidence.js";
import { gatewayEnd } from "./catalogue/gateway-end.js";
import { http } from "./catalogue/http.js";
import type { LeakPath } from "./catalogue/leak-path.js";
import { owner } from "./catalogue/owner.js";
import { processTrees } from "./catalogue/process-trees.js";
import { starting } from "./catalogue/starting.js";

export type { LeakPath } from "./catalogue/leak-path.js";

/** Every known way to leave a live transport behind, or to end one too early. Each has a scenario, or the reason why it has none yet. */
export const catalogue: readonly { readonly heading: string; readonly paths: readonly LeakPath[] }[] = [
  { heading: "The owner forgets", paths: owner },
  { heading: "Starting", paths: starting },
  { heading: "Ending a process tree", paths: processTrees },
  { heading: "HTTP and SSE", paths: http },
  { heading: "The gateway itself ends", paths: gatewayEnd },
  { heading: "Evidence", paths: evidence },
];

export const leakPaths: readonly LeakPath[] = catalogue.flatMap(({ paths }) => paths);
