/** The blocks around a line, from the outside in: `[["service", "stats"]]`; `[["plugin"]]` has no name. */
export type BlockPath = ReadonlyArray<readonly [type: string, name?: string]>;

/**
 * What a setting asks of the generated file, before it is text. Settings say directives; the renderer
 * orders and prints them, so that two settings can share a block and neither knows the other.
 */
export type Directive =
  | {
      kind: "set";
      /** Empty at top level. */
      block: BlockPath;
      name: string;
      value: string | number | boolean;
    }
  | {
      /** One more word for a list that the server's own files begin; 2.3 only, where a list is a text. */
      kind: "append";
      block: BlockPath;
      name: string;
      word: string;
    }
  | {
      /** A member of a list that others may add to as well; today only `protocols`. */
      kind: "member";
      list: "protocols";
      member: string;
      on: boolean;
    };
