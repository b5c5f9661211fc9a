import { join } from "node:path";
import { z } from "zod";
import type { AccessMap } from "@/lib/core/access/map-port";
import type { MapKey, MapRow } from "@/lib/core/access/map-rows";
import type { Step } from "@/lib/core/apply/outcome";
import { MachineFailure, type MachinePorts } from "@/lib/core/apply/ports";
import { ACCESS_MAP } from "@/lib/core/dovecot/access-files";
import { withoutKeys } from "@/lib/core/dovecot/config";
import type { Asked, HelperAnswers, HelperLine } from "@/lib/core/helper/replies";
import {
  type HelperRequest,
  LONGEST_ROWS,
  MOST_REBUILT_ROWS,
  MOST_WRITTEN_ROWS,
  mapLineSchema,
  rebuildLineSchema,
} from "@/lib/core/helper/requests";
import { endAuthWorkers } from "../access/auth-workers";
import { accessMapAt } from "../access/map-file";
import { lookUpLogins } from "../dovecot/auth-lookup";
import { readConfig, readVersion } from "../dovecot/doveconf";
import { generatedDir, outside } from "../dovecot/instance";
import { machinePorts } from "../dovecot/machine";
import { mailboxSize } from "../dovecot/mailbox-size";
import { endSessionsOf, openSessions } from "../dovecot/sessions";
import { listUsers } from "../dovecot/user-listing";
import type { HelperConfig } from "./config";
import { Runs } from "./runs";
import { Turns } from "./turns";

/** The other side of a request, while it is answered. */
export interface Caller {
  isGone(): boolean;
  tell(line: HelperLine): Promise<void>;
  /** The next line, or undefined where there is none. @throws MachineFailure for one that is too long or too late. */
  next(longest: number, deadline: number): Promise<unknown>;
}

/** Names in one line of an answer. */
const NAMES = 2000;
/** Questions that are answered at once; each runs a program or two. */
const QUESTIONS_AT_ONCE = 4;
const TRIAL_LOOK_MS = 1000;
/** How long a transaction upon the map and one made anew may take, whoever sends it. */
const MAP_WRITE_MS = 30_000;
const MAP_REBUILD_MS = 10 * 60_000;

/** Does what is asked, with the files and the daemon that the helper's own configuration names. */
export class Answers {
  private readonly questions = new Turns(QUESTIONS_AT_ONCE);
  private readonly writing = new Turns(1);
  private readonly mapWriting = new Turns(1);
  private readonly map: AccessMap;
  private looking: NodeJS.Timeout | undefined;

  private constructor(
    private readonly config: HelperConfig,
    private readonly ports: MachinePorts,
    private readonly runs: Runs,
    private readonly log: (sentence: string) => void,
  ) {
    this.map = accessMapAt(outside(config.instance, join(generatedDir(config.instance), ACCESS_MAP)));
  }

  static async start(config: HelperConfig, log: (sentence: string) => void): Promise<Answers> {
    const ports = machinePorts({ instance: config.instance, journalPath: config.journal });
    const answers = new Answers(config, ports, await Runs.start(ports, config.record, log), log);
    answers.looking = setInterval(() => void answers.lookAtTrials(), TRIAL_LOOK_MS);
    return answers;
  }

  /** Whatever is under way is waited for. */
  async stop(): Promise<void> {
    clearInterval(this.looking);
    await Promise.all([this.writing, this.mapWriting].map((turns) => turns.takeNext(async () => {})));
  }

  async answer(request: HelperRequest, caller: Caller): Promise<HelperAnswers[Asked]> {
    const turns = isQuestion(request) ? this.questions : hasLines(request) ? this.mapWriting : this.writing;
    return await turns.take(async () => {
      // Nobody waits for it any more.
      if (caller.isGone()) return null;
      return isQuestion(request) ? await this.question(request, caller) : await this.act(request, caller);
    });
  }

  private async question(request: Question, caller: Caller): Promise<HelperAnswers[Asked]> {
    const { instance } = this.config;
    switch (request.ask) {
      case "version":
        return await readVersion(instance);
      case "config":
        return withoutKeys(await readConfig(instance, instance.configFile));
      case "target":
        return await this.ports.target();
      case "running":
        return await this.ports.isRunning();
      case "load":
        return (await this.ports.loadOf(request.mark)) ?? null;
      case "trial":
        return this.runs.trial(request.revision);
      case "who":
        return (await openSessions(instance)) ?? null;
      case "users":
        return await listUsers(instance, NAMES, (names) => caller.tell({ names: [...names] }));
      case "mailbox-size":
        return (await mailboxSize(instance, request.address)) ?? null;
      case "lookup":
        return [...(await lookUpLogins(instance, request.protocol, request.addresses))];
    }
  }

  private async act(request: Act, caller: Caller): Promise<HelperAnswers[Asked]> {
    const { config, runs } = this;
    const report = (step: Step, detail = "") => void caller.tell({ step, detail });
    switch (request.ask) {
      case "prepare":
        return await runs.prepare(report, request);
      case "commit":
        return await runs.commit(report, request);
      case "keep":
        return await runs.keep(request.revision);
      case "recover":
        return runs.takeRecovered();
      case "restore":
        return await runs.restore(report, request.dryRun);
      case "kick":
        return await this.kick(request.sessions);
      case "end-auth-workers":
        return await endAuthWorkers(config.instance, request.which);
      case "map-write":
        return await this.writeMap(caller);
      case "map-rebuild":
        return await this.rebuildMap(request.sequence, caller);
    }
  }

  /** Only sessions that the daemon itself tells of. */
  private async kick(asked: Extract<Act, { ask: "kick" }>["sessions"]): Promise<number> {
    const open = (await openSessions(this.config.instance)) ?? [];
    const key = ({ pid, username, protocol }: (typeof asked)[number]) => `${pid} ${protocol} ${username}`;
    const wanted = new Set(asked.map(key));
    const ended = await endSessionsOf(
      this.config.instance,
      open.filter((session) => wanted.has(key(session))),
    );
    this.log(`${ended} sessions ended`);
    return ended;
  }

  private async writeMap(caller: Caller): Promise<null> {
    await this.map.exclusively(async (map) => {
      await caller.tell({ ready: true });
      const deadline = performance.now() + MAP_WRITE_MS;
      const remove: MapKey[] = [];
      const put: MapRow[] = [];
      for (;;) {
        const line = read(mapLineSchema, await caller.next(LONGEST_ROWS, deadline));
        if ("end" in line) {
          map.remove(remove);
          map.put(put);
          if (line.sequence !== null) map.setSequence(line.sequence);
          return;
        }
        remove.push(...line.remove);
        put.push(...line.put);
        if (remove.length + put.length > MOST_WRITTEN_ROWS)
          throw new MachineFailure("Too many rows for one change of the access map.");
      }
    });
    return null;
  }

  private async rebuildMap(sequence: number, caller: Caller): Promise<null> {
    await caller.tell({ ready: true });
    await this.map.rebuild(rowsFrom(caller), sequence);
    await endAuthWorkers(this.config.instance, "all");
    this.log("the access map was made anew");
    return null;
  }

  private async lookAtTrials(): Promise<void> {
    const trial = this.runs.dueTrial();
    if (!trial) return;
    try {
      await this.writing.takeNext(() => this.runs.takeBack(trial));
    } catch (error) {
      this.log(`revision ${trial.revision} could not be taken back: ${String(error)}`);
    }
  }
}

const QUESTIONS = [
  "version",
  "config",
  "target",
  "running",
  "load",
  "trial",
  "who",
  "users",
  "mailbox-size",
  "lookup",
] as const;
type Question = Extract<HelperRequest, { ask: (typeof QUESTIONS)[number] }>;
type Act = Exclude<HelperRequest, Question>;

function isQuestion(request: HelperRequest): request is Question {
  return QUESTIONS.some((one) => one === request.ask);
}

/** More comes after its first line. */
export function hasLines({ ask }: HelperRequest): boolean {
  return ask === "map-write" || ask === "map-rebuild";
}

async function* rowsFrom(caller: Caller): AsyncIterable<MapRow[]> {
  const deadline = performance.now() + MAP_REBUILD_MS;
  for (let rows = 0; rows <= MOST_REBUILT_ROWS; ) {
    const line = read(rebuildLineSchema, await caller.next(LONGEST_ROWS, deadline));
    if ("end" in line) return;
    rows += line.rows.length;
    yield line.rows;
  }
  throw new MachineFailure("Too many rows for an access map.");
}

function read<T>(schema: z.ZodType<T>, line: unknown): T {
  const parsed = schema.safeParse(line);
  if (!parsed.success) throw new MachineFailure("Broken off, or not of the form that it must have.");
  return parsed.data;
}
