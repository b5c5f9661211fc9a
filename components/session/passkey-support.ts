import { useSyncExternalStore } from "react";

/** Whether this browser can read what the server asks of a passkey; false without JavaScript and while the page is loading. */
export function usePasskeySupport(): boolean {
  return useSyncExternalStore(
    () => () => {},
    () =>
      typeof PublicKeyCredential !== "undefined" &&
      typeof PublicKeyCredential.parseRequestOptionsFromJSON === "function",
    () => false,
  );
}
