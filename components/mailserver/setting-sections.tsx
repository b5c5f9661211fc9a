import type { FieldProblem } from "@/lib/core/settings/schema";
import type { SectionView, SettingView, Typed } from "@/lib/core/views";
import { SearchField } from "./search-field";
import { SettingRow } from "./setting-row";

interface SettingSectionsProps {
  sections: readonly SectionView[];
  typed: Typed | undefined;
  problemsAt: (key: string) => readonly string[];
  warnings: readonly FieldProblem[];
  search: string;
}

/** Every setting but the protocols themselves, in sections with an index that stays in view. */
export function SettingSections({ sections, typed, problemsAt, warnings, search }: SettingSectionsProps) {
  const found = (setting: SettingView) =>
    search
      .toLowerCase()
      .split(/\s+/)
      .every((word) => setting.search.includes(word));
  const shown = sections.map((section) => ({
    ...section,
    settings: section.settings.filter(({ key }) => key !== "imap" && key !== "pop3"),
  }));
  return (
    <div className="gap-6 lg:grid lg:grid-cols-[11rem_1fr]">
      <div className="self-start lg:sticky lg:top-20">
        <SearchField search={search} count={shown.flatMap(({ settings }) => settings).filter(found).length} />
        <nav aria-label="Sections" className="mt-3">
          <ul className="flex flex-wrap gap-x-3 gap-y-1 text-sm lg:flex-col">
            {shown.map(({ key, label, settings }) => (
              <li key={key} data-index={key} hidden={!settings.some(found)}>
                <a href={`#section-${key}`} className="no-underline hover:underline">
                  {label}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </div>
      <div className="mt-4 min-w-0 space-y-6 lg:mt-0">
        {shown.map(({ key, label, settings }) => (
          <section
            key={key}
            id={`section-${key}`}
            aria-labelledby={`section-${key}-head`}
            data-section={key}
            hidden={!settings.some(found)}
            className="scroll-mt-20 rounded border border-line bg-surface"
          >
            <h2 id={`section-${key}-head`} className="border-line border-b px-4 py-2">
              {label}
            </h2>
            {key === "tls" ? <Complaints messages={problemsAt("certificate")} /> : null}
            <div className="divide-y divide-line">
              {settings.map((setting) => (
                <SettingRow
                  key={setting.key}
                  setting={setting}
                  value={typed?.[setting.key] ?? setting.saved}
                  problems={problemsAt(setting.key)}
                  warnings={warnings
                    .filter(({ key: at }) => at === setting.key)
                    .map(({ message }) => message)}
                  hidden={!found(setting)}
                />
              ))}
            </div>
          </section>
        ))}
      </div>
    </div>
  );
}

/** About the certificate, which is the server's own and has no field here. */
function Complaints({ messages }: { messages: readonly string[] }) {
  return messages.length > 0 ? (
    <div className="border-line border-b px-4 py-2 text-sm text-bad">
      {messages.map((message) => (
        <p key={message}>{message}</p>
      ))}
    </div>
  ) : null;
}
