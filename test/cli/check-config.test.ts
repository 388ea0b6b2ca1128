import { describe, expect, it } from "vitest";
import { runCli } from "./cli.js";
import { fileWith } from "./servers-file.js";

describe("mcp-lifecycle check-config", () => {
  it("should list the servers of a file that can be used, and warn of what is not done", async () => {
    const file = await fileWith(`{
      // ours
      "mcpServers": {
        "files": { "command": "no-such-program", "args": ["\${HOME}"], "alwaysAllow": ["read"] },
        "remote": { "url": "http://127.0.0.1:1/mcp", },
        "old": { "disabled": true },
      },
    }`);

    const cli = await runCli(["check-config", file]);

    expect(cli).toMatchObject({ code: 0, stdout: `${file}: 2 servers: files, remote; disabled: old; 1 warning` });
    expect(cli.stderr).toMatch(/mcp\.json:4:71: mcpServers\.files\.alwaysAllow: ignored: .* \(warning\)\n$/);
  });

  it("should exit with 2 and name each problem with its line, and no value", async () => {
    const file = await fileWith(`{ "mcpServers": {
      "a": { "comand": "s3cr3t", "env": { "TOKEN": "s3cr3t" } },
      "b": { "command": "x", "args": ["\${NOWHERE_TO_BE_FOUND}"] } } }`);

    const cli = await runCli(["check-config", file]);

    expect(cli).toMatchObject({ code: 2, stdout: "" });
    expect(cli.stderr.trim().split("\n")).toEqual([
      `${file}:2:7: mcpServers.a: has neither a command nor a url; did you mean command where it says comand?`,
      expect.stringMatching(/:3:39: mcpServers\.b\.args\[0\]: the environment variable NOWHERE_TO_BE_FOUND is not set/),
    ]);
    expect(cli.stderr).not.toContain("s3cr3t");
  });

  it("should exit with 2 for a text that is no JSON, and for no file", async () => {
    const file = await fileWith("{");
    const broken = await runCli(["check-config", file]);
    expect(broken).toMatchObject({
      code: 2,
      stdout: "",
      stderr: `${file}:1:2: expected }, found the end of the file\n`,
    });
    const missing = await runCli(["check-config", "/does/not/exist.json"]);
    expect(missing).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("no such file") });
  });
});
