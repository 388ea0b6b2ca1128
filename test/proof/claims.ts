export const introduction = `# What is proved

**No path leaves a live transport behind.** This page says by what that is shown, up to which bound, and what it rests on. The numbers are
those of the last recorded run; \`npm run docs:proof\` measures and writes them anew.

Six layers look at the code that runs, not at a model of it. *Structure* reads the three statecharts. *Exploration* walks all states of each
machine alone, and interleavings of all three under the supervisor that really runs them. *Simulated lives* have a host do anything to a
supervisor in a world of virtual processes, servers and time, and the gateway killed at any moment and started again; *real lives* do the same on processes and sockets. *Scenarios* tell the story of
each known leak. And *defects*, deliberate ones and random mutants, show that all of these can fail. Who survived is said by the kernel
(a pipe that every process of a tree holds) or by the server, never by the library's own books.`;

export const invariants = `| | invariant | structure | exploration | simulated lives | real lives |
| --- | --- | --- | --- | --- | --- |
| I1 | a live transport has exactly one custody record and one owner | | composed | | |
| I2 | a closed session has no process, socket, HTTP session, timer, slot or listener left | | composed | yes | processes, HTTP sessions |
| I3 | every terminal state invokes dispose, in every path, exactly once | yes | session alone, composed | yes | |
| I4 | no open starts after the end began, or after shutdown began | | session and runtime alone, composed | yes | |
| I5 | no call is cut before the drain deadline; nothing open and leased is closed by choice | | composed | no sleep cuts a call | |
| I6 | a signal goes only to a process proved ours | | | yes | scenario LP-33 |
| I7 | all who ask for an end get the same receipt, which lists every connection | | composed | one receipt | one receipt |
| I8 | admission is derived from state | | composed | nothing counted at the end | nothing counted at the end |
| I9 | in every state of an end a timer is armed; it is over by its deadline | yes | connection and session alone, composed | yes | yes |
| I10 | no rejection is unobserved, no error crosses sessions | | composed | yes | yes |
| I11 | no second tree of a server before the first is proved gone | | runtime alone, composed | yes | yes |
| I12 | no connection is open with a dead leader | | composed | | |
| I13 | where every port answers well, every end reaches closed without force | | composed | reaches closed | reaches closed |
| I14 | where a leaked world recovers, retries reach closed | | composed | yes | |
| I15 | a held lease has a runtime, or a failure that says why not | | session and runtime alone, composed | | |`;

export const assumptions = `- The kernel: a process that was killed runs nothing any more; a pid is not given out again while a process has it; a session is entered by
  birth only, and its number is not used again while anybody is in it.
- Nobody with the privileges for it chooses pids (\`ns_last_pid\`, \`set_tid\`): the kernel gives them in ascending order, until they begin anew.
- A child keeps its environment, or its group or session, or is seen by a look before its parent is gone. What sheds all three between two
  looks is not recognised by group containment.
- Node's timers fire, late perhaps; the event loop is not blocked for ever.
- XState runs a machine as its pure transition says (the explorations of one machine alone use that; the composed ones use real actors).
- An HTTP server that answers a DELETE with success has ended the session.`;

export const unproved = `- States of the composition are merged by an abstraction: delays beyond 150 ms count by order only, leaks beyond two are alike. What is
  found is lived again before it is reported; what is merged wrongly can be missed.
- Two generations of a key, children, adopted transports, \`forget\` and admission limits are not among the explorer's events; the simulated
  lives have them.
- Interleavings longer than the scripts of the table, and worlds other than those that are generated.
- Of a gateway that was killed, the simulated lives prove that the next starts end its process trees and HTTP sessions, and nobody else's. They
  do not end a tree whose record could not be written, whom SIGKILL does not end, a helper that shed everything, another user's process whose
  leader died before it was on record, and a session whose id was not on record, or whose server five starts could not reach. The guardian and
  the command after the close of a dead gateway are tested on real processes only.
- Windows and macOS: only the parsing of recorded outputs is tested.`;

export const replay = `\`\`\`sh
npx vitest run test/exploration            # EXPLORATION_K and EXPLORATION_SECONDS say how far
npx vitest run test/properties             # PROPERTY_RUNS, PROPERTY_SEED, PROPERTY_PATH; a failure prints its own line
npx vitest run test/scenarios
npx vitest run test/exploration/defects    # DEFECTS=all tries every layer
node test/mutation/run.js --part machines   # the mutants of one part; --pass first with the short tests only
npm run test:nightly                       # all of it, long, and the mutants
npm run docs:proof                         # the settings of npm test, and this page
\`\`\``;
