import type { BlockPath } from "./directive";
import { type Block, parseDoveconf } from "./doveconf";
import type { Family } from "./version";

/** Where a value stands in Dovecot's configuration. */
export interface Place {
  block: BlockPath;
  name: string;
}

/**
 * What `doveconf` says of a whole tree of files. It takes two answers: asked by name it tells defaults too, but on
 * 2.4 it tells the *default* of whatever the version keeps in a filter (`mdbox { rotate_size }`, `ssl_server {
 * cert_file }`), and it never prints `protocol imap { … }`; `-n` prints those and no defaults.
 */
export interface ConfigTree {
  /** `doveconf NAME…` */
  asked: Block;
  /** `doveconf -n` */
  changed: Block;
}

export function configTree(asked: string, changed: string): ConfigTree {
  return { asked: parseDoveconf(asked), changed: parseDoveconf(changed) };
}

/**
 * The same without private keys: both versions take one as text in place of a file, and `doveconf` hides passwords, but not
 * always those (`doveconf ssl_key` of 2.3.19.1, `doveconf -n` of 2.4.1).
 */
export function withoutKeys({ asked, changed }: ConfigTree): ConfigTree {
  return { asked: blockWithoutKeys(asked), changed: blockWithoutKeys(changed) };
}

function blockWithoutKeys({ settings, blocks, ...block }: Block): Block {
  const told = Object.entries(settings).map(([name, value]) => [
    name,
    /PRIVATE KEY/.test(value) ? "" : value,
  ]);
  return { ...block, settings: Object.fromEntries(told), blocks: blocks.map(blockWithoutKeys) };
}

/** A value as Dovecot prints it, or undefined where it prints none. */
export function valueAt(tree: ConfigTree, { block, name }: Place): string | undefined {
  const [outer, ...inner] = block;
  if (!outer) return inFilter(tree.changed, name) ?? tree.asked.settings[name];
  // Without a value of its own a protocol has the one of all.
  if (outer[0] === "protocol")
    return within(tree.changed, block, name) ?? valueAt(tree, { block: inner, name });
  return within(tree.asked, block, name) ?? within(tree.changed, block, name);
}

/** The block at a path, or undefined. */
export function blockAt(root: Block, path: BlockPath): Block | undefined {
  let current: Block | undefined = root;
  for (const [type, name = ""] of path) {
    current = current?.blocks.findLast((block) => block.type === type && block.name === name);
  }
  return current;
}

/** 2.4 prints the names inside a block without the block's own (`autoexpunge` for `mailbox_autoexpunge`). */
export function withoutPrefix(type: string, name: string): string {
  return name.startsWith(`${type}_`) ? name.slice(type.length + 1) : name;
}

function within(root: Block, path: BlockPath, name: string): string | undefined {
  const found = blockAt(root, path);
  return found?.settings[name] ?? found?.settings[withoutPrefix(found.type, name)];
}

/** 2.4 files a setting that belongs to a driver or a role under its filter, whichever way it was written. */
function inFilter(root: Block, name: string): string | undefined {
  for (const block of root.blocks) {
    if (block.name !== "" || !name.startsWith(`${block.type}_`)) continue;
    const value = block.settings[withoutPrefix(block.type, name)] ?? block.settings[name];
    if (value !== undefined) return value;
  }
  return undefined;
}

/** How to ask the running system for a value, for instance `doveconf -h -f protocol=imap mail_plugins`. */
export function questionFor({ block, name }: Place, family: Family): string {
  const [outer] = block;
  // Asked by its name, 2.4 tells the default of what belongs to a driver.
  if (family === "2.4" && name.startsWith("mdbox_")) return "doveconf mdbox";
  if (outer?.[0] === "protocol") return `doveconf -h -f protocol=${outer[1]} ${name}`;
  return `doveconf -h ${[...block.flatMap(([type, label]) => (label ? [type, label] : [type])), name].join("/")}`;
}

/** For instance `service imap-login / process_limit`. */
export function placeWords({ block, name }: Place): string {
  return [...block.map(([type, label]) => (label ? `${type} ${label}` : type)), name].join(" / ");
}
