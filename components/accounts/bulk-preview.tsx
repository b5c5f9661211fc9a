import { StateMark } from "@/components/access/state-mark";
import type { BulkPreviewView } from "@/lib/core/access/views";

/** How many an act would change, how many are so already, and what becomes of the first few. */
export function BulkPreview({ preview }: { preview: BulkPreviewView }) {
  const { examples, accounts, isMore } = preview;
  return (
    <div className="space-y-3">
      <p className="text-lg font-medium">{preview.sentence}</p>
      <BulkCounts preview={preview} />
      {examples.length > 0 ? (
        <table className="w-full text-left text-sm">
          <caption className="pb-1 text-left text-ink-soft">
            {isMore || accounts > examples.length ? "The first of them" : "All of them"}
          </caption>
          <thead>
            <tr className="border-line-strong border-b text-ink-soft">
              <th scope="col" className="h-9 px-2 font-medium">
                Address
              </th>
              {(examples[0]?.states ?? []).map(({ protocol }) => (
                <th key={protocol} scope="col" className="px-2 font-medium">
                  {protocol.toUpperCase()}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {examples.map(({ address, states }) => (
              <tr key={address} className="border-line border-b">
                <th scope="row" className="px-2 py-1.5 font-normal break-all">
                  {address}
                </th>
                {states.map(({ protocol, now, afterwards, because }) => (
                  <td key={protocol} className="px-2 align-top">
                    <StateMark state={now} />
                    {now === afterwards ? (
                      <span className="text-ink-soft"> as now</span>
                    ) : (
                      <>
                        {" → "}
                        <StateMark state={afterwards} />
                      </>
                    )}
                    <span className="block text-ink-soft max-md:hidden">{because}</span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </div>
  );
}

export function BulkCounts({ preview }: { preview: BulkPreviewView }) {
  const { accounts, isMore, changing, alreadySo, notAllowed, used, only } = preview;
  const many = (count: number) => count.toLocaleString("en");
  return (
    <ul className="list-disc pl-5">
      <li>
        {isMore ? `Of the first ${many(accounts)}: ` : ""}
        <strong>{many(changing)}</strong> {changing === 1 ? "changes" : "change"}
      </li>
      <li>
        <strong>{many(alreadySo)}</strong> {alreadySo === 1 ? "is" : "are"} so already
      </li>
      {used === null || only === null ? null : (
        <li>
          <strong>{many(used)}</strong> used it within 30 days, and <strong>{many(only)}</strong>{" "}
          {only === 1 ? "uses" : "use"} nothing else
        </li>
      )}
      {notAllowed > 0 ? (
        <li>
          {many(notAllowed)} {notAllowed === 1 ? "suspension was" : "suspensions were"} set by a higher rank
          and {notAllowed === 1 ? "stays" : "stay"}
        </li>
      ) : null}
    </ul>
  );
}
