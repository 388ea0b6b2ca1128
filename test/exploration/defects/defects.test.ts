import { closingDefects } from "./catalogue/closing.js";
import { checkDefects } from "./check-defects.js";

checkDefects("a deliberate defect", closingDefects);
