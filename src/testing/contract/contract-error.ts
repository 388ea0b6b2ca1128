import { LifecycleError } from "../../errors/index.js";

/** A port does not honour the contract of the machines; the message says which rule, and what it did instead. */
export class ContractError extends LifecycleError {
  constructor(rule: string, instead: string) {
    super("CONTRACT", `${rule}: ${instead}`);
  }
}
