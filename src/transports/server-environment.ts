import { getDefaultEnvironment } from "@modelcontextprotocol/sdk/client/stdio.js";
import { cookiePrefix } from "../processes/index.js";

const cookieSuffix = /^[0-9a-f]{16,}$/i;

/**
 * The whole environment of a server: the SDK's safe defaults, what is configured, and the cookies that this process itself was
 * started with. The latter are handed on because a gateway inside a gateway must not hide its servers from the outer one (LP-57).
 */
export function serverEnvironment(configured: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { ...getDefaultEnvironment(), ...configured, ...inheritedCookies() };
}

function inheritedCookies(): Record<string, string> {
  const cookies = Object.entries(process.env).filter(([name]) => isCookie(name));
  return Object.fromEntries(cookies.map(([name, value]) => [name, value ?? ""]));
}

function isCookie(name: string): boolean {
  return name.startsWith(cookiePrefix) && cookieSuffix.test(name.slice(cookiePrefix.length));
}
