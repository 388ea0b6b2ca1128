export { Gateway } from "./gateway.js";
export { answerJson, type Exchange, type Route } from "./http/exchange.js";
export type { GatewayLimits, GatewayOptions, GatewayView } from "./options.js";
export type { Overview, OverviewSession } from "./overview.js";
