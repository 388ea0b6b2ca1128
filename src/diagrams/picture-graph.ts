import type { Block } from "./block.js";
import type { StateModel, TransitionKind, TransitionModel } from "./machine-model.js";

export type NodeKind = "card" | "group" | "outside" | "initial" | "choice" | "junction" | "anchor" | "history";

/** A box of a picture, before it has a place. */
export interface PictureNode {
  readonly id: string;
  readonly kind: NodeKind;
  /** What it shows; of a pseudo-state none. */
  readonly state: StateModel | undefined;
  readonly block: Block;
  readonly children: readonly PictureNode[];
  /** Name of the picture that shows more. */
  readonly link: string | undefined;
  /** Of a junction: that of its transitions. */
  readonly edgeKind?: PictureEdge["kind"];
}

/** An edge of a picture, before it has a place. `kind` is that of all its transitions, if they have one. */
export interface PictureEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly kind: TransitionKind | "mixed" | "initial";
  readonly label: Block | undefined;
  readonly transitions: readonly TransitionModel[];
}

export interface PictureGraph {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly PictureEdge[];
}
