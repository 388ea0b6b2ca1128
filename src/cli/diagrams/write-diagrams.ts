import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  diagramFiles,
  documentedLike,
  type DocumentedMachine,
  type GeneratedFile,
  ownMachines,
} from "../../diagrams/index.js";
import { modelOf } from "../../diagrams/machine-page.js";
import { remarksOn } from "../../diagrams/remarks.js";
import { ConfigError, isLifecycleError, messageOf } from "../../errors/index.js";
import { makeFolders } from "../../recovery/make-folders.js";
import { loadMachine } from "./load-machine.js";

export interface DiagramsOptions {
  readonly out: string;
  readonly machine: readonly string[];
}

/** Draws what was asked for and writes it; rejects with `ConfigError`, before anything is written, for what cannot be used. */
export async function writeDiagrams({ out, machine }: DiagramsOptions): Promise<void> {
  const machines: DocumentedMachine[] = [];
  for (const reference of machine) machines.push(documentedLike(await loadMachine(reference)));
  refuseSameNames(machines);
  const files = await drawn(machines.length === 0 ? ownMachines : machines);
  refuseSameFiles(files);
  await written(files, resolve(out));
  for (const remark of machines.flatMap((each) => remarksOn(modelOf(each)))) process.stderr.write(`note: ${remark}\n`);
  process.stdout.write(`${files.map(({ name }) => join(out, name)).join("\n")}\n`);
}

/** Their files would overwrite each other. */
function refuseSameNames(machines: readonly DocumentedMachine[]): void {
  const ids = machines.map(({ machine }) => machine.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined)
    throw new ConfigError(
      "--machine",
      `two machines have the id ${JSON.stringify(twice)}; draw them into folders of their own`,
    );
}

/** Where file systems do not tell upper case from lower case, too. */
function refuseSameFiles(files: readonly GeneratedFile[]): void {
  const names = files.map(({ name }) => name.toLowerCase());
  const twice = files.find(({ name }, index) => names.indexOf(name.toLowerCase()) !== index);
  if (twice === undefined) return;
  const first = files.find(({ name }) => name.toLowerCase() === twice.name.toLowerCase()) ?? twice;
  throw new ConfigError(
    "--machine",
    `two files would be ${JSON.stringify(first.name)}: files are called after the ids of machines and the paths of their states; give the machine or the state another name`,
  );
}

async function drawn(machines: readonly DocumentedMachine[]): Promise<GeneratedFile[]> {
  try {
    return await diagramFiles(machines);
  } catch (error) {
    if (isLifecycleError(error)) throw new ConfigError("diagrams", error.message, error);
    throw error;
  }
}

async function written(files: readonly GeneratedFile[], folder: string): Promise<void> {
  try {
    await makeFolders(folder);
    for (const { name, text } of files) await writeFile(join(folder, name), text);
  } catch (error) {
    throw new ConfigError("--out", `cannot write to ${folder}: ${messageOf(error)}`, error);
  }
}
