/** A link is server-rendered where a client could decode it differently: everything is encoded that could part a path. */
export function accountPath(address: string): string {
  return `/accounts/${encodeURIComponent(pathName(address))}`;
}

/** A name without a domain ends in "@" there: it could be `import` or `..`, which the path means otherwise. */
export function pathName(address: string): string {
  return address.includes("@") ? address : `${address}@`;
}

/** The address that a path names. */
export function addressIn(name: string | undefined): string | undefined {
  return name?.replace(/^([^@]+)@$/, "$1");
}

/** "@" stands for accounts without a domain. */
export function domainPath(name: string): string {
  return `/domains/${encodeURIComponent(name === "" ? "@" : name)}`;
}
