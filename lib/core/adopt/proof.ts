import { type ConfigTree, configTree, placeWords } from "../dovecot/config";
import { type Block, parseDoveconf } from "../dovecot/doveconf";
import { type FileSet, SETTINGS_FILE } from "../dovecot/render";
import type { RenderTarget } from "../dovecot/target";
import type { Family } from "../dovecot/version";
import { type KnownSetting, type SettingsValues, settings } from "../settings/catalogue";
import { sameWanted } from "../settings/changes";

/** What `doveconf` prints of a tree of files, both ways. */
export interface Dump {
  /** `doveconf -a`: every setting, defaults too. */
  all: string;
  /** `doveconf -n`: what the files say. */
  changed: string;
  /** `doveconf NAME…`: what is asked of every configuration here. */
  asked: string;
}

/**
 * What adopting would do besides adding its own lines; empty is the proof that it does nothing else. Every difference
 * between what `doveconf` says before and after must be one of the lines that are added, at a place where it stands for
 * itself: a value that changes, goes, or brings a mailbox or a namespace along is told, a sentence each.
 */
export function besidesOurs(
  before: Dump,
  after: Dump,
  { files, family }: { files: FileSet; family: Family },
): Besides[] {
  const ours = { lines: linesOf(files), same: samePlaces(before, after, family) };
  const found = [
    ...differences(parseDoveconf(before.all), parseDoveconf(after.all), ours),
    ...differences(parseDoveconf(before.changed), parseDoveconf(after.changed), ours),
  ];
  return [...new Map(found.map((one) => [one.sentence, one])).values()];
}

interface Ours {
  lines: ReadonlySet<string>;
  same: ReadonlySet<string>;
}

/** The places of settings that come to the same before and after, however the two spell it: `0` and `0M`, `1 hours` and `3600s`. */
function samePlaces(before: Dump, after: Dump, family: Family): Set<string> {
  const [was, is] = [before, after].map(({ asked, changed }) => configTree(asked, changed)) as [
    ConfigTree,
    ConfigTree,
  ];
  const read = settings.map((setting) => {
    const [then, now] = [setting.read(was, family) ?? null, setting.read(is, family) ?? null];
    return {
      places: setting.places[family].map(placeWords),
      isKnown: then !== null,
      isSame: sameWanted(then, now),
    };
  });
  // Several may stand at one place: a port, and whether it is closed.
  const changed = new Set(read.filter(({ isSame }) => !isSame).flatMap(({ places }) => places));
  return new Set(
    read.flatMap(({ places, isKnown }) => (isKnown ? places.filter((place) => !changed.has(place)) : [])),
  );
}

/** Something that would change besides. */
export interface Besides {
  /** For instance `namespace inbox / mailbox Trash / autoexpunge`. */
  place: string;
  sentence: string;
}

/** The settings whose lines bring it about: they stand at the very place, or in the block that would come. */
export function culpritsOf(
  besides: readonly Besides[],
  values: SettingsValues,
  target: RenderTarget,
): { setting: KnownSetting; sentence: string }[] {
  return settings.flatMap((setting) => {
    const places = setting
      .render(values, target)
      .flatMap((one) => (one.kind === "member" ? [] : [placeWords(one)]));
    const found = besides.find(({ place }) =>
      places.some(
        (own) => own === place || own.startsWith(`${place} / `) || own.replace(/[^/]+$/, " ") === place,
      ),
    );
    return found && setting.mayBeUnset ? [{ setting, sentence: found.sentence }] : [];
  });
}

function differences(before: Block, after: Block, ours: Ours): Besides[] {
  const [was, is] = [flattened(before), flattened(after)];
  const found: Besides[] = [];
  const tell = (place: string, sentence: string) => found.push({ place, sentence });
  for (const [place, value] of was) {
    const now = is.get(place);
    if (place.endsWith(" / ") || ours.same.has(place)) continue;
    if (now === undefined) tell(place, `${place} = ${value} would go.`);
    else if (!sameValue(place, value, now)) tell(place, `${place} = ${value} would become ${now}.`);
  }
  for (const [place, value] of is) {
    if (was.has(place) || isLookup(place) || isMark(place)) continue;
    if (standsForItself(place) && ours.lines.has(lineOf(place, value))) continue;
    tell(place, `${place} = ${value} would come.`);
  }
  return found;
}

/** `protocols` is a set; everything else is compared as it is printed. */
function sameValue(place: string, was: string, now: string): boolean {
  if (was === now) return true;
  if (place !== "protocols") return squeezed(was) === squeezed(now);
  const words = (text: string) => text.split(/\s+/).filter(Boolean).toSorted().join(" ");
  return words(was) === words(now);
}

/** 2.4 prints an amount as it was written: `256 M`, `256M`. */
function squeezed(value: string): string {
  return value.replace(
    /^(\d+) ?([A-Za-z]+)$/,
    (_, digits: string, unit: string) => `${digits}${unit[0]?.toLowerCase()}`,
  );
}

/** The lookup of the access map, and the socket that proves what is loaded: the lines that are added on purpose. */
function isLookup(place: string): boolean {
  return /^protocol (?:imap|pop3) \/ passdb(?: portcullis_(?:imap|pop3))?(?:#\d+)? \/ /.test(place);
}

function isMark(place: string): boolean {
  return /^service stats \/ unix_listener portcullis-rev-[0-9a-f]{16} \//.test(place);
}

/** A line that sets one value and makes nothing else: at the top, of a service, or of one of our two protocols. */
function standsForItself(place: string): boolean {
  const blocks = place.split(" / ").slice(0, -1);
  return (
    blocks.length === 0 ||
    /^service \S+$/.test(blocks[0] ?? "") ||
    /^protocol (?:imap|pop3)$/.test(blocks[0] ?? "") ||
    isFilter(blocks)
  );
}

/** 2.4 files a setting of a driver or a role under its filter, which has no name: `ssl_server { … }`. */
function isFilter(blocks: readonly string[]): boolean {
  return (
    blocks.length === 1 &&
    /^[a-z_0-9]+$/.test(blocks[0] ?? "") &&
    !["namespace", "passdb", "userdb", "plugin"].includes(blocks[0] ?? "")
  );
}

/** Every value by its place; blocks of one name are numbered in their order. */
function flattened(block: Block, path: readonly string[] = []): Map<string, string> {
  const found = new Map(
    Object.entries(block.settings).map(([name, value]) => [[...path, name].join(" / "), value]),
  );
  const seen = new Map<string, number>();
  for (const inner of block.blocks) {
    const head = [inner.type, inner.name].filter(Boolean).join(" ");
    const count = (seen.get(head) ?? 0) + 1;
    seen.set(head, count);
    const name = count === 1 ? head : `${head}#${count}`;
    // An empty block is something too.
    if (
      Object.keys(inner.settings).length === 0 &&
      inner.blocks.length === 0 &&
      !/^(?:service|protocol)$/.test(inner.type)
    )
      found.set([...path, name, ""].join(" / "), "{ }");
    for (const [place, value] of flattened(inner, [...path, name])) found.set(place, value);
  }
  return found;
}

function lineOf(place: string, value: string): string {
  return normal(`${place.split(" / ").at(-1)} = ${value}`);
}

/** As a generated file has it, whichever way the two write it: quotes, blanks, an amount's unit, a filter's prefix. */
function linesOf(files: FileSet): Set<string> {
  const lines = (files[SETTINGS_FILE] ?? "").split("\n").map((line) => line.trim());
  return new Set(
    lines.flatMap((line) => {
      const [, name = "", value = ""] = /^([^\s=]+)\s*=\s?(.*)$/.exec(line) ?? [];
      if (name === "") return [];
      const parts = name.split("_");
      // 2.4: `ssl_server_cert_file` comes back as `ssl_server { cert_file }`.
      return parts.map((_, index) => normal(`${parts.slice(index).join("_")} = ${value}`));
    }),
  );
}

function normal(line: string): string {
  const [name = "", value = ""] = line.split(" = ");
  return `${name} = ${squeezed(
    value
      .replace(/^"(.*)"$/, "$1")
      .replaceAll('\\"', '"')
      .replaceAll("\\\\", "\\"),
  )}`;
}
