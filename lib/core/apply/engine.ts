import { commit } from "./commit";
import { prepare } from "./prepare";
import { recover } from "./recover";

/**
 * The runs of the engine. They happen in this process, or where the machine is another user's in a helper that has the right to
 * (lib/system/helper); `ports` then only tells what is seen and is told the steps.
 */
export interface Engine {
  prepare: typeof prepare;
  commit: typeof commit;
  recover: typeof recover;
}

/** In this process. */
export const localEngine: Engine = { prepare, commit, recover };
