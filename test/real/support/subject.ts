import type { ServerConfig, SupervisorOptions } from "../../../src/index.js";

/** One way of being a server, as a row of the matrix. */
export interface SubjectKind {
  readonly name: string;
  /** `briefly`: it is lost by itself soon after, or in the middle of it. `never`: it fails every opening. */
  readonly opens: "for good" | "briefly" | "never";
  /** A call that is not answered while a test looks. */
  readonly call: { readonly tool: string; readonly args: Record<string, unknown> };
  /** Whether its leader can be killed from outside, and the rest be found then. */
  readonly losableLeader: boolean;
  /** `stalls`: its opening does not come to its end by itself. */
  start(options: { readonly stalls: boolean }): Promise<Subject>;
}

/** One server, seen from outside: what it says of itself here comes from the kernel or from the server, never from the library. */
export interface Subject extends AsyncDisposable {
  readonly config: ServerConfig;
  readonly supervisorOptions?: SupervisorOptions;
  /** Resolves when the opening has reached it. `pid` is the leader's, where there is one. */
  begun(pid: () => number | undefined): Promise<void>;
  /** To be called before the end: who is seen while its parent lives can be followed afterwards. */
  remember(pid: number | undefined): void;
  /** Whether anything ever reached it. If not, that nothing is left proves nothing. */
  touched(): Promise<boolean>;
  /** Rejects with a sentence that names what is left, or says that nothing ever reached it. */
  nothingLeft(): Promise<void>;
}
