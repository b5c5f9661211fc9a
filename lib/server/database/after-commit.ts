type Action = () => Promise<void>;

/** What is to be done once the open transaction of a database file is committed. Next may load this module twice. */
const shared = globalThis as { portcullisAfterCommit?: Map<string, Action[]> };

function waiting(): Map<string, Action[]> {
  shared.portcullisAfterCommit ??= new Map();
  return shared.portcullisAfterCommit;
}

/**
 * Has something done when the transaction that is open on this file is committed, and never when it is undone. There is
 * one at a time: each begins by taking the file's lock. What it throws doesn't undo anything any more, so it must not.
 */
export function afterCommit(file: string, action: Action): void {
  const actions = waiting().get(file) ?? [];
  waiting().set(file, [...actions, action]);
}

/** Takes what waits for the end of the transaction, so that it is done at most once. */
export function takeAfterCommit(file: string): Action[] {
  const actions = waiting().get(file) ?? [];
  waiting().delete(file);
  return actions;
}
