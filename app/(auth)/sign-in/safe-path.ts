const BASE = "http://panel.invalid";

/** Where to go after signing in: a path of this panel, never another site. */
export function safePath(next: unknown): string {
  if (typeof next !== "string" || !/^\/(?![/\\])/.test(next) || !URL.canParse(next, BASE)) return "/";
  const { origin, pathname, search } = new URL(next, BASE);
  // "/.//elsewhere" is a path until its dot is gone: then it is another host to a browser.
  return origin === BASE && !pathname.startsWith("//") ? `${pathname}${search}` : "/";
}
