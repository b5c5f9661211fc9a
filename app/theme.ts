export const THEME_COOKIE = "portcullis-theme";

const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export function themeFrom(value: unknown): Theme {
  return THEMES.find((theme) => theme === value) ?? "system";
}
