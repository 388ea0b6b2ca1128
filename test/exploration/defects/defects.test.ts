import { defects } from "./catalogue/index.js";
import { checkDefects } from "./check-defects.js";
import { isReal } from "./layers.js";

checkDefects(
  "a deliberate defect",
  defects.filter(({ caughtBy }) => !isReal(caughtBy)),
);
