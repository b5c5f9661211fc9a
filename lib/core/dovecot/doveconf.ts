/** A `{ … }` of a configuration, or its top level (with empty type and name). */
export interface Block {
  type: string;
  name: string;
  settings: Record<string, string>;
  blocks: Block[];
}

/**
 * Reads what `doveconf` prints (not what people write: that is Dovecot's own business). One setting or brace a
 * line; values may stand in double quotes, as 2.4 prints those that need them.
 */
export function parseDoveconf(output: string): Block {
  const root: Block = { type: "", name: "", settings: {}, blocks: [] };
  const path: Block[] = [root];
  for (const raw of output.split("\n")) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const current = path.at(-1) ?? root;
    const opening = /^(\S+)(?:\s+(.*?))?\s*\{$/.exec(line);
    const setting = /^([^\s=]+)\s*=\s?(.*)$/.exec(line);
    if (line === "}") {
      if (path.length > 1) path.pop();
    } else if (setting) {
      current.settings[setting[1] ?? ""] = unquote(setting[2] ?? "");
    } else if (opening) {
      const block: Block = {
        type: opening[1] ?? "",
        name: unquote(opening[2] ?? ""),
        settings: {},
        blocks: [],
      };
      current.blocks.push(block);
      path.push(block);
    }
  }
  return root;
}

/** The words of a list: a text with blanks or commas, or 2.4's block of switches (`protocols { imap = yes }`). */
export function listIn(root: Block, name: string): string[] {
  const switches = root.blocks.findLast((block) => block.type === name && block.name === "")?.settings ?? {};
  return [
    ...(root.settings[name] ?? "").split(/[\s,]+/).filter(Boolean),
    ...Object.keys(switches).filter((word) => switches[word] === "yes"),
  ];
}

function unquote(text: string): string {
  const quoted = /^"(.*)"$/.exec(text)?.[1];
  return quoted === undefined ? text : quoted.replace(/\\(["\\])/g, "$1");
}
