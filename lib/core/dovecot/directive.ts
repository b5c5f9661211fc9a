/**
 * What a setting asks of the generated file, before it is text. Settings say directives; the renderer
 * orders and prints them, so that two settings can share a block and neither knows the other.
 */
export type Directive =
  | {
      kind: "set";
      /** The blocks around the line, from the outside in: `[["service", "stats"]]`. Empty at top level. */
      block: ReadonlyArray<readonly [type: string, name: string]>;
      name: string;
      value: string | number | boolean;
    }
  | {
      /** A member of a list that others may add to as well; today only `protocols`. */
      kind: "member";
      list: "protocols";
      member: string;
      on: boolean;
    };
