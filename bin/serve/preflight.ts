import { bindError } from "@/lib/system/bind";

export interface WantedPort {
  what: string;
  variable: string;
  host: string;
  port: number;
}

/** A sentence for each port that somebody else has or that may not be used, with the way out. */
export async function portProblems(wanted: readonly WantedPort[]): Promise<string[]> {
  const problems = wanted.flatMap((one, index) => {
    const same = wanted.findIndex(({ port, host }) => port === one.port && host === one.host);
    return same < index
      ? [`${one.variable} and ${wanted[same]?.variable} are both ${one.port}; each needs a port of its own.`]
      : [];
  });
  for (const one of wanted) {
    const code = await bindError(one.host, one.port);
    if (code === undefined) continue;
    const reason =
      code === "EADDRINUSE"
        ? "is in use by another program"
        : code === "EACCES"
          ? "needs root"
          : `can't be used (${code})`;
    problems.push(
      `Port ${one.port} on ${one.host}, for ${one.what}, ${reason}. Choose another: ${one.variable}=${one.port + 1} npm start`,
    );
  }
  return problems;
}
