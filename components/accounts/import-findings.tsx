import { Notice } from "@/components/ui/notice";
import type { ImportView } from "@/lib/core/access/views";

const many = (count: number, one: string, more: string) =>
  `${count.toLocaleString("en")} ${count === 1 ? one : more}`;

/** Every bad line by its number; or, of a file without one, what it would do. */
export function ImportFindings({ found }: { found: ImportView }) {
  const { name, lines, bad, changing, alreadySo, silent, exported } = found;
  if (bad > 0) return <BadLines found={found} />;
  return (
    <Notice
      tone={changing > 0 ? "good" : "plain"}
      title={`${name}: ${many(lines, "line", "lines")}, none of them bad.`}
    >
      <ul className="list-disc pl-5">
        <li>
          {many(changing, "line changes", "lines change")} something, {alreadySo.toLocaleString("en")}{" "}
          {alreadySo === 1 ? "is" : "are"} so already
          {silent > 0 ? `, ${many(silent, "says", "say")} nothing of any protocol` : ""}.
        </li>
        <Unknown found={found} />
        {exported ? (
          <li>
            It was exported here: imap_override and pop3_override are taken; imap and pop3 only tell what was
            effective.
          </li>
        ) : null}
      </ul>
    </Notice>
  );
}

function BadLines({ found }: { found: ImportView }) {
  const { name, bad, problems, problemsInAll, format } = found;
  const word = format === "csv" ? "Line" : "Entry";
  return (
    <Notice
      tone="bad"
      title={`${name}: ${many(bad, "line is", "lines are")} bad. Nothing of it can be imported.`}
    >
      <ul aria-label="Bad lines" className="space-y-0.5">
        {problems.map(({ line, sentence }) => (
          <li key={`${line} ${sentence}`} className="break-words">
            {line === null ? "" : <strong>{`${word} ${line}: `}</strong>}
            {sentence}
          </li>
        ))}
      </ul>
      {problemsInAll > problems.length ? (
        <p>and {(problemsInAll - problems.length).toLocaleString("en")} more</p>
      ) : null}
    </Notice>
  );
}

function Unknown({ found: { unknown, unknownNames } }: { found: ImportView }) {
  if (unknown === 0) return null;
  const rest = unknown - unknownNames.length;
  return (
    <li className="break-words">
      {many(unknown, "line names", "lines name")} what no listing knows; the rules are set all the same:{" "}
      {unknownNames.join(", ")}
      {rest > 0 ? ` and ${rest.toLocaleString("en")} more` : ""}.
    </li>
  );
}
