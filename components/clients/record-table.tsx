import { PublishedMark } from "@/components/clients/published-mark";
import { HostName } from "@/components/ui/host-name";
import type { PublishedView, RecordView } from "@/lib/core/client-config/views";

interface RecordTableProps {
  records: readonly RecordView[];
  /** In their order, where DNS was asked. */
  published: readonly PublishedView[] | null;
}

/** The records to publish, each with what DNS says of it where that was asked. */
export function RecordTable({ records, published }: RecordTableProps) {
  return (
    <table className="w-full text-left text-sm">
      <caption className="sr-only">Records to publish</caption>
      <thead>
        <tr className="border-line-strong border-b text-ink-soft">
          <th scope="col" className="h-9 px-2 font-medium sm:w-1/2">
            Record
          </th>
          <th scope="col" className="px-2 font-medium max-sm:hidden">
            For
          </th>
          {published ? (
            <th scope="col" className="px-2 font-medium max-sm:hidden">
              In DNS
            </th>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {records.map(({ name, type, data, about }, index) => {
          const found = published?.[index];
          return (
            <tr key={`${name} ${type}`} className="border-line border-b align-top">
              <th scope="row" className="px-2 py-1.5 font-normal">
                <code>
                  <HostName name={name} />
                </code>{" "}
                <code className="block text-ink-soft">
                  {type} <HostName name={data} />
                </code>
                <small className="block text-ink-soft sm:hidden">{about}</small>
                {found ? (
                  <span className="block sm:hidden">
                    <PublishedMark {...found} />
                  </span>
                ) : null}
              </th>
              <td className="px-2 py-1.5 max-sm:hidden">{about}</td>
              {published ? (
                <td className="px-2 py-1.5 max-sm:hidden">{found ? <PublishedMark {...found} /> : null}</td>
              ) : null}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
