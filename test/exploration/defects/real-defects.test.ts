import { defects } from "./catalogue/index.js";
import { checkDefects } from "./check-defects.js";
import { isReal } from "./layers.js";

if (process.platform === "linux")
  checkDefects(
    "a deliberate defect that real processes or sockets show",
    defects.filter(({ caughtBy }) => isReal(caughtBy)),
  );
