import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { AnyStateMachine } from "xstate";
import { ConfigError, messageOf } from "../../errors/index.js";

/** The machine that `file.js#export` names; rejects with `ConfigError` where there is none. */
export async function loadMachine(reference: string): Promise<AnyStateMachine> {
  const at = reference.lastIndexOf("#");
  const [file, name] = at < 0 ? [reference, "default"] : [reference.slice(0, at), reference.slice(at + 1)];
  const path = resolve(file);
  if (file === "" || name === "")
    throw new ConfigError("--machine", `must be file.js#export, not ${JSON.stringify(reference)}`);
  if (!existsSync(path)) throw new ConfigError("--machine", `there is no file ${path}`);
  const exported = await exportsOf(path);
  if (!Object.hasOwn(exported, name))
    throw new ConfigError("--machine", `${file} exports no ${JSON.stringify(name)}; ${machinesIn(exported)}`);
  const value = exported[name];
  if (!isMachine(value))
    throw new ConfigError(
      "--machine",
      `${JSON.stringify(name)} of ${file} is no XState machine; ${machinesIn(exported)}`,
    );
  return value;
}

async function exportsOf(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const imported = import(pathToFileURL(path).href) as Promise<Readonly<Record<string, unknown>>>;
    return await Promise.race([imported, nothingMoreToCome()]);
  } catch (error) {
    throw new ConfigError("--machine", `${path} cannot be imported: ${messageOf(error)}`, error);
  }
}

/** Rejects when the process would end, because nothing is left that could happen. */
function nothingMoreToCome(): Promise<never> {
  return new Promise((_resolve, reject) => {
    process.once("beforeExit", () => reject(new RangeError("it waits for something that never comes")));
  });
}

function machinesIn(exported: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(exported)
    .filter((name) => isMachine(exported[name]))
    .toSorted();
  return names.length === 0 ? "it exports no machine" : `its machines are ${names.join(", ")}`;
}

/** By its shape: a machine may come from another copy of XState. */
function isMachine(value: unknown): value is AnyStateMachine {
  return (
    typeof value === "object" &&
    value !== null &&
    "root" in value &&
    typeof value.root === "object" &&
    value.root !== null &&
    "transitions" in value.root &&
    "implementations" in value
  );
}
