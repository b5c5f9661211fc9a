import type { Edit } from "@/lib/core/access/edits";
import { NO_FILTER } from "@/lib/core/access/filter";
import { changeAccess } from "@/lib/server/access/change";
import { listAccounts } from "@/lib/server/accounts/list";
import { serverSource } from "@/lib/server/accounts/listing/sources";
import { syncAccounts } from "@/lib/server/accounts/listing/sync";
import { addJob, findJob } from "@/lib/server/jobs/store";
import { freePorts } from "../support/ports";
import { bundled, runToEnd } from "../support/run-script";
import type { TestSandbox } from "../support/sandbox";
import { wireLogin } from "../support/wire-login";
import { addresses, BIG, LARGE } from "./access/seed";
import { addRules, startSite, withoutLookup } from "./access/server";
import { type BenchReport, type BenchRow, figure, figuresOf, repeated } from "./measure";

const ACTOR = { name: "bench", origin: "cli" as const };
const ROUNDS = 60;

/** From a click to the next login refused, many at once, and what the lookup costs a login: on a server with a million accounts. */
export default async function accessChanges(): Promise<BenchReport> {
  const site = await startSite(LARGE);
  await syncAccounts(site.node, ACTOR, serverSource(site.node.instance));
  await addRules(site, LARGE);
  const [port = 0] = await freePorts(1);
  const bare = await withoutLookup(site, port);
  const rows = [...(await toggles(site)), ...(await logins(site, port)), ...(await bulk(site))];
  await bare.stop();
  await site.remove();
  return {
    title: "Accounts: changes, enforced",
    rows,
    notes: [
      "The floor of a toggle is the bare write of its row to the map, and one login; ours is everything an action does, up to the refused login.",
      "The floor of a login is the same login at the same Dovecot without the access lookup, taken in turns.",
    ],
  };
}

async function login(site: TestSandbox, user: string, port = site.ports.pop3): Promise<string> {
  return (
    await wireLogin({ protocol: "pop3", port, encryption: "none", mechanism: "PLAIN", user, password: "pw" })
  ).answer;
}

async function toggles(site: TestSandbox): Promise<BenchRow[]> {
  const names = [...addresses(LARGE)];
  const victim = (round: number) => names[names.length - 7 - (round + 10) * 997] ?? "";
  const set = async (subject: string, state: "deny" | "inherit") => {
    const edit: Edit = { kind: "policy", subject, protocol: "pop3", state, until: null };
    await changeAccess(site.node, { actor: ACTOR, rank: "administrator", reason: "bench", edits: [edit] });
  };
  const refused = async (user: string, want: string) => {
    const answer = await login(site, user);
    if (answer !== want) throw new Error(`${user}: ${answer}`);
  };
  const single = await repeated(
    ROUNDS,
    async (round) => {
      await set(victim(round), "deny");
      await refused(victim(round), "disabled");
    },
    5,
  );
  const alone = await repeated(ROUNDS, async (round) => await set(victim(round), "inherit"), 5);
  const bare = await repeated(
    ROUNDS,
    async (round) => {
      const row = {
        k: victim(round),
        proto: "pop3" as const,
        kind: 1 as const,
        state: 0 as const,
        until: null,
      };
      await site.node.map.exclusively(async (map) => map.put([row]));
      await refused(victim(round), "disabled");
      await site.node.map.exclusively(async (map) => map.remove([row]));
    },
    5,
  );
  const someone = `anna.0@${BIG}`;
  const domain = await repeated(
    ROUNDS,
    async (round) => {
      await set(`@${BIG}`, round % 2 === 0 ? "deny" : "inherit");
      await login(site, someone);
    },
    5,
  );
  const floor = { what: "map row written and a login", figures: figuresOf(bare) };
  return [
    {
      what: "single toggle until the next login is refused",
      unit: "ms",
      ours: figuresOf(single),
      floor,
      target: "p95 ≤ floor + 25 ms",
    },
    { what: "single toggle, the action alone", unit: "ms", ours: figuresOf(alone) },
    {
      what: "rule of a domain with 100,000 mailboxes, and a login",
      unit: "ms",
      ours: figuresOf(domain),
      floor,
      target: "p95 ≤ floor + 25 ms",
    },
  ];
}

async function logins(site: TestSandbox, bare: number): Promise<BenchRow[]> {
  const names = [...addresses(LARGE)];
  const full: number[] = [];
  const without: number[] = [];
  for (let round = 0; round < 200; round++) {
    const user = names[round * 4999 + 1] ?? "";
    const time = async (port: number) =>
      (await repeated(1, async () => await login(site, user, port)))[0] ?? 0;
    if (round % 2 === 0) without.push(await time(bare));
    full.push(await time(site.ports.pop3));
    if (round % 2 === 1) without.push(await time(bare));
  }
  return [
    {
      what: "login with the full map",
      unit: "ms",
      ours: figuresOf(full),
      floor: { what: "the same without the lookup", figures: figuresOf(without) },
      target: "≤ floor + 1 ms",
    },
  ];
}

async function bulk({ node, home }: TestSandbox): Promise<BenchRow[]> {
  const script = await bundled("tests/bench/access/bulk-process");
  const input = {
    target: { filter: { ...NO_FILTER, domain: BIG } },
    act: { kind: "policy", protocols: ["imap"], state: "deny", until: 2_000_000_000 },
    reason: "bench",
  };
  const id = await addJob(node, { kind: "bulk-access", input, total: LARGE.inBig, actor: ACTOR });
  const begun = performance.now();
  const ran = runToEnd(process.execPath, [script, id], {
    PORTCULLIS_HOME: home.folder,
  });
  const pages: number[] = [];
  let changed = 0;
  for (;;) {
    const job = await findJob(node, id);
    if (job && job.done >= LARGE.inBig && changed === 0) changed = performance.now() - begun;
    if (job?.finishedAt) break;
    pages.push(
      (
        await repeated(
          1,
          async () => await listAccounts(node, { filter: NO_FILTER, sort: "domain", limit: 50 }),
        )
      )[0] ?? 0,
    );
  }
  const { stdout } = await ran;
  return [
    {
      what: "bulk of 100,000 overrides, all enforced",
      unit: "s",
      ours: figure(changed / 1000),
      target: "≤ 10 s",
    },
    {
      what: "  with its sample of 1,000 proved",
      unit: "s",
      ours: figure((performance.now() - begun) / 1000),
    },
    { what: "  a page meanwhile", unit: "ms", ours: figuresOf(pages) },
    { what: "  memory of its process", unit: "MB", ours: figure(Number(stdout.trim())), target: "≤ 400 MB" },
  ];
}
