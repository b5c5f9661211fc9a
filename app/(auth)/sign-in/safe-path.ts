/** Where to go after signing in: a path of this panel, never another site. */
export function safePath(next: unknown): string {
  if (typeof next !== "string" || !/^\/(?![/\\])/.test(next)) return "/";
  const url = new URL(next, "http://panel.invalid");
  return url.host === "panel.invalid" ? `${url.pathname}${url.search}` : "/";
}
