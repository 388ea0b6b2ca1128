import { randomBytes } from "node:crypto";
import { cookiePrefix } from "./process-table.js";

/** A name that no other tree has, for the environment variable that marks one (`TreeSpec.cookie`). */
export function createCookie(): string {
  return `${cookiePrefix}${randomBytes(16).toString("hex")}`;
}
