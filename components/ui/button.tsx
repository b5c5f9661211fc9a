import type { ComponentProps } from "react";

const LOOKS = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong",
  quiet: "border border-line-strong bg-surface text-ink hover:bg-raised",
} as const;

type ButtonProps = ComponentProps<"button"> & { look?: keyof typeof LOOKS };

export function Button({ look = "primary", className = "", type = "submit", ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={`min-h-9 cursor-pointer rounded px-4 py-1.5 font-medium disabled:cursor-progress disabled:opacity-60 ${LOOKS[look]} ${className}`}
      {...rest}
    />
  );
}
