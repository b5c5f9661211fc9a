import { fileURLToPath } from "node:url";
import { type Ran, runToEnd } from "./run-script";

export const PORTCULLIS = fileURLToPath(new URL("../../bin/portcullis", import.meta.url));

/** The command line on one home, as a shell would run it. */
export class Cli {
  constructor(
    private readonly home: string,
    private readonly environment: Record<string, string> = {},
  ) {}

  async run(...args: string[]): Promise<Ran> {
    return await runToEnd(PORTCULLIS, args, { ...this.environment, PORTCULLIS_HOME: this.home });
  }

  /** What a command answers with --json, and its exit code. */
  async json<T = Record<string, unknown>>(...args: string[]): Promise<T & { code: number | null }> {
    const { code, stdout, stderr } = await this.run(
      ...(args.includes("--json") ? args : [...args, "--json"]),
    );
    try {
      return { code, ...(JSON.parse(stdout) as T) };
    } catch (error) {
      throw new Error(`portcullis ${args.join(" ")} ended with ${code} and said ${stdout}${stderr}`, {
        cause: error,
      });
    }
  }
}
