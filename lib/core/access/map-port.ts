import type { MapKey, MapRow } from "./map-rows";
import type { Subject } from "./subject";

/** One transaction upon the access map. Everything in it takes effect at once, or none of it. */
export interface MapWrite {
  remove(keys: readonly MapKey[]): void;
  put(rows: readonly MapRow[]): void;
  /** How far the panel's changes have come: the database holds the same number. */
  setSequence(sequence: number): void;
}

/**
 * The file that the daemon asks at each login: policies and suspensions, and nothing else. It is changed in place,
 * because the daemon keeps it open.
 */
export interface AccessMap {
  /**
   * Runs `action` while nobody else writes the map, and commits what it wrote. A login that comes meanwhile is
   * answered from the state before; one that comes after, from the new one.
   * @throws MachineFailure when others hold it too long, the disk refuses, or there is no map.
   */
  exclusively<T>(action: (write: MapWrite) => Promise<T>): Promise<T>;
  /** Every row, or those of the subjects beyond one, in byte order of its key. */
  rows(beyond?: Subject): Iterable<MapRow>;
  /** @throws MachineFailure where there is no map, or it can't be read. */
  sequence(): number;
  /**
   * Makes the map anew from these rows where there is none or it is damaged. It appears whole, under its name, in
   * one step.
   */
  rebuild(rows: AsyncIterable<readonly MapRow[]>, sequence: number): Promise<void>;
}
