import Link from "next/link";
import { Notice } from "@/components/ui/notice";
import type { ProfileView } from "@/lib/core/views";

interface ProfileChoiceProps {
  profiles: readonly { key: string; label: string; help: string }[];
  /** The one that the form is filled with. */
  chosen: ProfileView | null;
}

/** States to start from; what one would change is shown before anything is set. */
export function ProfileChoice({ profiles, chosen }: ProfileChoiceProps) {
  return (
    <section aria-labelledby="profiles-head" className="text-sm">
      <h2 id="profiles-head" className="text-base">
        Start from a profile
      </h2>
      <ul className="mt-1 grid gap-x-6 gap-y-1 sm:grid-cols-3">
        {profiles.map(({ key, label, help }) => (
          <li key={key}>
            <Link
              href={`/mailserver?preset=${key}`}
              prefetch={false}
              aria-current={chosen?.key === key ? "true" : undefined}
            >
              {label}
            </Link>{" "}
            <span className="text-ink-soft">{help}</span>
          </li>
        ))}
      </ul>
      {chosen ? <Preview chosen={chosen} /> : null}
    </section>
  );
}

function Preview({ chosen }: { chosen: ProfileView }) {
  const { label, changes } = chosen;
  if (changes.length === 0)
    return (
      <div className="mt-3">
        <Notice tone="plain" title={`${label}: everything is so already.`} />
      </div>
    );
  return (
    <div className="mt-3">
      <Notice
        tone="plain"
        title={`${label} would change ${changes.length === 1 ? "this" : `these ${changes.length} settings`}. Nothing is set yet.`}
      >
        <p>
          The form below is filled in with it: change what you like, then save.{" "}
          <Link href="/mailserver">Discard</Link>
        </p>
        <div className="overflow-x-auto">
          <table className="w-full text-left">
            <thead>
              <tr className="border-line border-b">
                <th scope="col" className="py-1 pr-4 font-medium">
                  Setting
                </th>
                <th scope="col" className="py-1 pr-4 font-medium">
                  Now
                </th>
                <th scope="col" className="py-1 font-medium">
                  Would be
                </th>
              </tr>
            </thead>
            <tbody>
              {changes.map((change) => (
                <tr key={change.label} className="border-line border-b align-top">
                  <th scope="row" className="py-1 pr-4 font-normal">
                    {change.label}
                  </th>
                  <td className="py-1 pr-4 break-words">{change.from}</td>
                  <td className="py-1 break-words">{change.to}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Notice>
    </div>
  );
}
