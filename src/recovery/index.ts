export { defaultLedgerDirectory } from "./ledger-folder.js";
export { type LedgerOptions, type OpenLedger, openLedger } from "./open-ledger.js";
export { reap, type ReapFinding, type ReapOptions } from "./reap.js";
