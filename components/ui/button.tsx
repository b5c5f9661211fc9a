import type { ComponentProps } from "react";

const LOOKS = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong",
  quiet: "border border-line-strong bg-surface text-ink hover:bg-raised",
} as const;

const SIZES = {
  usual: "min-h-9 px-4 py-1.5 font-medium",
  /** In a row of a table. */
  small: "min-h-7 px-2 text-sm",
} as const;

interface Looks {
  look?: keyof typeof LOOKS;
  size?: keyof typeof SIZES;
}

export function Button({
  look = "primary",
  size = "usual",
  className = "",
  type = "submit",
  ...rest
}: ComponentProps<"button"> & Looks) {
  return (
    <button
      type={type}
      className={`cursor-pointer rounded disabled:cursor-progress disabled:opacity-60 ${LOOKS[look]} ${SIZES[size]} ${className}`}
      {...rest}
    />
  );
}
