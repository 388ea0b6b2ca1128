import * as fc from "fast-check";

interface Coverage {
  static: object;
  perTest: object;
}

// That a mutant is caught is all there is to know: the shortest counterexample takes longer than all else.
fc.configureGlobal({ endOnFailure: true });

// Files share their modules, and with these what Stryker counts: each is to report its own. A mutant that runs a hundred times as often as
// that is in an endless loop.
const { mutantCoverage } = (globalThis as { __stryker__?: { mutantCoverage?: Coverage } }).__stryker__ ?? {};
if (mutantCoverage !== undefined) Object.assign(mutantCoverage, { static: {}, perTest: {} });
