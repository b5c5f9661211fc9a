/** It can't be read as a file of policies at all; the message is the sentence for whoever gave it. */
export class BadFile extends Error {
  override readonly name = "BadFile";

  constructor(
    message: string,
    /** Where it can't be read on; null for the file as a whole. */
    readonly line: number | null = null,
  ) {
    super(message);
  }
}

const MB = 1024 * 1024;

/** Passes the content on while it is no longer than `limit` bytes. */
export async function* atMost(content: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const piece of content) {
    size += piece.length;
    if (size > limit)
      throw new BadFile(
        `The file is larger than ${limit / MB} MB. Split it into several, each with its first line.`,
      );
    yield piece;
  }
}
