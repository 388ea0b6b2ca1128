const secretNames =
  /^(token|key|api[-_]?key|secret|access[-_]token|password|pass|auth|client[-_]secret|refresh[-_]token)$/i;

/** A text without the secrets that URLs carry: user, password, and query parameters that are named like one. */
export function redactUrls(text: string): string {
  return text
    .replaceAll(/\/\/[^@/?#\s]+@/g, "//***:***@")
    .replaceAll(/([?&])([^=&\s]+)=([^&#\s"')]*)/g, (all: string, start: string, name: string) =>
      secretNames.test(name) ? `${start}${name}=***` : all,
    );
}

/** A command line without the secrets in it: those of URLs, and values of flags that are named like one. It is told to the model. */
export function redactCommandLine(words: readonly string[]): string {
  const isSecretFlag = (word: string | undefined) =>
    secretNames.test(word?.replace(/^--?/, "") ?? "") && word?.[0] === "-";
  const shown = words.map((word, index) => {
    const [flag = "", ...value] = word.split("=");
    if (value.length > 0 && isSecretFlag(flag)) return `${flag}=***`;
    return isSecretFlag(words[index - 1]) ? "***" : word;
  });
  return redactUrls(shown.join(" "));
}
