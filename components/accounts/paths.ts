/** A link is server-rendered where a client could decode it differently: everything is encoded that could part a path. */
export function accountPath(address: string): string {
  return `/accounts/${encodeURIComponent(address)}`;
}

/** "@" stands for accounts without a domain. */
export function domainPath(name: string): string {
  return `/domains/${encodeURIComponent(name === "" ? "@" : name)}`;
}
