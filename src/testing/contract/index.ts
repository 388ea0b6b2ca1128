export { connectionPortContract, type PortRule, type PortUnderTest } from "./connection-port-contract.js";
export { ContractError } from "./contract-error.js";
