/** An `OAuthClientProvider` that hangs in the middle of a refresh until it is told to go on. */
export interface SlowAuth {
  readonly provider: object;
  /** Resolves when the refresh hangs. */
  readonly hangs: Promise<void>;
  readonly goOn: () => void;
  /** Resolves when the refresh has failed and the user would be asked. */
  readonly failed: Promise<void>;
}

export function slowAuth(): SlowAuth {
  let arrived: () => void = () => undefined;
  let goOn: () => void = () => undefined;
  const hangs = new Promise<void>((resolve) => (arrived = resolve));
  let fail: () => void = () => undefined;
  const failed = new Promise<void>((resolve) => (fail = resolve));
  const released = new Promise<void>((resolve) => (goOn = resolve));
  return {
    hangs,
    failed,
    goOn: () => goOn(),
    provider: {
      redirectUrl: "http://localhost/callback",
      clientMetadata: { redirect_uris: [] },
      tokens: () => ({ access_token: "old", refresh_token: "r", token_type: "bearer" }),
      saveTokens: () => undefined,
      saveCodeVerifier: () => undefined,
      redirectToAuthorization: () => fail(),
      clientInformation: async () => {
        arrived();
        await released;
        return { client_id: "c" };
      },
    },
  };
}

/** What a server answers to all but the MCP endpoint, so that a refresh succeeds. */
export function isTokenRequest({ method, path }: { method: string; path: string }): boolean {
  return method === "POST" && path === "/token";
}
