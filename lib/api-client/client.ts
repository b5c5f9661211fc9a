// Made from lib/core/api/routes.ts by `npm run docs`: change that.
import { type AnswerFrom, ApiCaller, type CallOf } from "./caller";

/** Calls the HTTP API of a panel; docs/api.md tells of it. */
export class ApiClient extends ApiCaller {
  /** What is wanted, in force and seen, looked at now. */
  showStatus(call: CallOf<"showStatus"> = {}): AnswerFrom<"showStatus"> {
    return this.call("GET", "/status", call);
  }

  /** What the token that asks may do now. */
  showToken(call: CallOf<"showToken"> = {}): AnswerFrom<"showToken"> {
    return this.call("GET", "/token", call);
  }

  /** Whom closing a protocol would shut out. */
  showImpact(call: CallOf<"showImpact"> = {}): AnswerFrom<"showImpact"> {
    return this.call("GET", "/impact", call);
  }

  /** Long work, newest first. */
  listJobs(call: CallOf<"listJobs"> = {}): AnswerFrom<"listJobs"> {
    return this.call("GET", "/jobs", call);
  }

  /** One job, and how far it is. */
  showJob(call: CallOf<"showJob">): AnswerFrom<"showJob"> {
    return this.call("GET", "/jobs/{id}", call);
  }

  /** Stop it after the step that is under way; what was done by then stays. */
  cancelJob(call: CallOf<"cancelJob">): AnswerFrom<"cancelJob"> {
    return this.call("POST", "/jobs/{id}/cancel", call);
  }

  /** Let a cancelled or failed job go on from where it stopped. */
  resumeJob(call: CallOf<"resumeJob">): AnswerFrom<"resumeJob"> {
    return this.call("POST", "/jobs/{id}/resume", call);
  }

  /** Who is connected now. */
  listSessions(call: CallOf<"listSessions"> = {}): AnswerFrom<"listSessions"> {
    return this.call("GET", "/sessions", call);
  }

  /** End the sessions that match; whoever is allowed can sign in again at once. */
  endSessions(call: CallOf<"endSessions">): AnswerFrom<"endSessions"> {
    return this.call("POST", "/sessions/end", call);
  }

  /** The wanted settings; null is as the server's own files have it. */
  getMailserver(call: CallOf<"getMailserver"> = {}): AnswerFrom<"getMailserver"> {
    return this.call("GET", "/mailserver", call);
  }

  /** What a change would do, and to whom; changes nothing. */
  planMailserver(call: CallOf<"planMailserver">): AnswerFrom<"planMailserver"> {
    return this.call("POST", "/mailserver/plan", call);
  }

  /** Check, save as one revision, apply and confirm. */
  setMailserver(call: CallOf<"setMailserver">): AnswerFrom<"setMailserver"> {
    return this.call("PATCH", "/mailserver", call);
  }

  /** The revisions of the settings, newest first. */
  listRevisions(call: CallOf<"listRevisions"> = {}): AnswerFrom<"listRevisions"> {
    return this.call("GET", "/mailserver/history", call);
  }

  /** One revision: its settings, and what it changed. */
  showRevision(call: CallOf<"showRevision">): AnswerFrom<"showRevision"> {
    return this.call("GET", "/mailserver/history/{number}", call);
  }

  /** Take a revision back by a new one: only the settings that it changed. */
  undoRevision(call: CallOf<"undoRevision">): AnswerFrom<"undoRevision"> {
    return this.call("POST", "/mailserver/history/{number}/undo", call);
  }

  /** Domains with accounts or rules. */
  listDomains(call: CallOf<"listDomains"> = {}): AnswerFrom<"listDomains"> {
    return this.call("GET", "/domains", call);
  }

  /** One domain: what holds for an account there without a rule of its own. */
  showDomain(call: CallOf<"showDomain">): AnswerFrom<"showDomain"> {
    return this.call("GET", "/domains/{domain}", call);
  }

  /** Set its policies, as one change. */
  setDomain(call: CallOf<"setDomain">): AnswerFrom<"setDomain"> {
    return this.call("PATCH", "/domains/{domain}", call);
  }

  /** Block the sign-ins of all its accounts above every policy. */
  suspendDomain(call: CallOf<"suspendDomain">): AnswerFrom<"suspendDomain"> {
    return this.call("POST", "/domains/{domain}/suspend", call);
  }

  /** Lift its suspensions; policies are then as they were. */
  resumeDomain(call: CallOf<"resumeDomain">): AnswerFrom<"resumeDomain"> {
    return this.call("POST", "/domains/{domain}/resume", call);
  }

  /** Accounts that the filters take, with what is effective for each. */
  listAccounts(call: CallOf<"listAccounts"> = {}): AnswerFrom<"listAccounts"> {
    return this.call("GET", "/accounts", call);
  }

  /** One account: what is effective, because of what, and its history. */
  showAccount(call: CallOf<"showAccount">): AnswerFrom<"showAccount"> {
    return this.call("GET", "/accounts/{address}", call);
  }

  /** Set its own policies, as one change. */
  setAccount(call: CallOf<"setAccount">): AnswerFrom<"setAccount"> {
    return this.call("PATCH", "/accounts/{address}", call);
  }

  /** Block its sign-ins above every policy. */
  suspendAccount(call: CallOf<"suspendAccount">): AnswerFrom<"suspendAccount"> {
    return this.call("POST", "/accounts/{address}/suspend", call);
  }

  /** Lift its own suspensions; policies are then as they were. */
  resumeAccount(call: CallOf<"resumeAccount">): AnswerFrom<"resumeAccount"> {
    return this.call("POST", "/accounts/{address}/resume", call);
  }

  /** When and from where it was seen to sign in. */
  showAccountUse(call: CallOf<"showAccountUse">): AnswerFrom<"showAccountUse"> {
    return this.call("GET", "/accounts/{address}/use", call);
  }

  /** What an act upon many would do; changes nothing. */
  previewBulk(call: CallOf<"previewBulk">): AnswerFrom<"previewBulk"> {
    return this.call("POST", "/accounts/bulk/preview", call);
  }

  /** One act upon many accounts, as a job. */
  startBulk(call: CallOf<"startBulk">): AnswerFrom<"startBulk"> {
    return this.call("POST", "/accounts/bulk", call);
  }

  /** Notes beside an account, newest first; 100 at most. */
  listAccountNotes(call: CallOf<"listAccountNotes">): AnswerFrom<"listAccountNotes"> {
    return this.call("GET", "/accounts/{address}/notes", call);
  }

  /** Write a note beside an account; changes no rule. */
  addAccountNote(call: CallOf<"addAccountNote">): AnswerFrom<"addAccountNote"> {
    return this.call("POST", "/accounts/{address}/notes", call);
  }

  /** Withdraw a note. */
  withdrawAccountNote(call: CallOf<"withdrawAccountNote">): AnswerFrom<"withdrawAccountNote"> {
    return this.call("DELETE", "/accounts/{address}/notes/{id}", call);
  }

  /** Notes beside a domain itself, newest first; 100 at most. */
  listDomainNotes(call: CallOf<"listDomainNotes">): AnswerFrom<"listDomainNotes"> {
    return this.call("GET", "/domains/{domain}/notes", call);
  }

  /** Write a note beside a domain; changes no rule. */
  addDomainNote(call: CallOf<"addDomainNote">): AnswerFrom<"addDomainNote"> {
    return this.call("POST", "/domains/{domain}/notes", call);
  }

  /** Withdraw a note of a domain. */
  withdrawDomainNote(call: CallOf<"withdrawDomainNote">): AnswerFrom<"withdrawDomainNote"> {
    return this.call("DELETE", "/domains/{domain}/notes/{id}", call);
  }
}
