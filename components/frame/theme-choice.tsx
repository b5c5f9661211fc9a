const CHOICES = [
  { value: "system", label: "System" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const;

interface ThemeChoiceProps {
  theme: string;
  action: (form: FormData) => Promise<void>;
}

/** Light and dark by system or by choice; one small form, so that it works without JavaScript. */
export function ThemeChoice({ theme, action }: ThemeChoiceProps) {
  return (
    <form action={action} className="flex items-center gap-1 text-sm" aria-label="Colours">
      {CHOICES.map(({ value, label }) => (
        <button
          key={value}
          name="theme"
          value={value}
          aria-pressed={theme === value}
          className="cursor-pointer rounded px-2 py-1 text-ink-soft hover:bg-raised hover:text-ink aria-pressed:bg-raised aria-pressed:font-medium aria-pressed:text-ink"
        >
          {label}
        </button>
      ))}
    </form>
  );
}
