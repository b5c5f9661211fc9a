import { assignmentWords, type Point } from "./words";

export function fishScript(points: readonly Point[]): string {
  const assignments = assignmentWords();
  const paths = points.flatMap(({ path }) => (path ? [quoted(path)] : []));
  const lines = points.flatMap(({ path, commands, options, arguments: kind }) => {
    const here = `complete -c portcullis -f -n "__portcullis_at ${quoted(path)}"`;
    const files = kind === "files" ? [`complete -c portcullis -F -n "__portcullis_at ${quoted(path)}"`] : [];
    return [
      ...commands.map(({ value, description }) => `${here} -a ${value} -d ${quoted(description)}`),
      ...options.map(
        ({ value, description, takesValue }) =>
          `${here} -l ${value.replace(/^--/, "")}${takesValue ? " -r" : ""} -d ${quoted(description)}`,
      ),
      ...(typeof kind === "string" ? [] : kind.map(({ value }) => `${here} -a ${value}`)),
      ...(kind === "keys"
        ? assignments.map(({ key, label }) => `${here} -a ${key} -d ${quoted(label)}`)
        : []),
      ...(kind === "assignments"
        ? assignments.flatMap(({ key, label, values }) =>
            ["", ...values].map((value) => `${here} -a ${key}=${value} -d ${quoted(label)}`),
          )
        : []),
      ...files,
    ];
  });
  return `# Completion of portcullis for fish. Load it with: portcullis completion fish | source
function __portcullis_at
  set -l at
  for word in (commandline -opc)[2..-1]
    set -l further (string join " " $at $word)
    contains -- $further ${paths.join(" ")}; and set at $further
  end
  test "$at" = $argv[1]
end
${lines.join("\n")}
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
