let root = "";

/** Where this Portcullis is installed; the launcher knows, and its migrations lie there. */
export function installedIn(folder: string): void {
  root = folder;
}

export function installation(): string {
  return root;
}
