/** One way to leave a live transport behind. Texts are Markdown. */
export interface LeakPath {
  readonly id: string;
  /** What was reported of others, or measured on them. */
  readonly elsewhere: string;
  /** By whom: names of projects with the numbers of their public issues. */
  readonly seen?: string;
  readonly here: string;
  readonly pending?: Pending;
}

export interface Pending {
  /** What has no scenario yet; absent where that is all of it. */
  readonly part?: string;
  readonly why: string;
}
