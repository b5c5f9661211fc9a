import { amountIn } from "../../dovecot/amount";
import { type ConfigTree, type Place, valueAt } from "../../dovecot/config";
import type { Directive } from "../../dovecot/directive";
import { type SiteFacts, siteFacts } from "../../dovecot/target";
import { duration } from "../kinds/number";
import { place, set } from "../kinds/spec";
import { switchSetting } from "../kinds/switch";
import type { Rule } from "../setting";

const DAYS = 30;

/** Deletes for good what lies in a folder for long. */
export function expungeSwitch<const Key extends string>(key: Key, label: string, mailbox: string) {
  return switchSetting({
    key,
    label,
    help: `On, mail that has lain in ${mailbox} for long is deleted for good, when its owner signs in or out or mail arrives.`,
    default: false,
    risk: { level: "high", sentence: "Deleted mail can't be brought back." },
    protocols: ["imap"],
    rules: [
      {
        severity: "warning",
        check: (values) =>
          values[key] === true ? `deletes old mail in everybody's ${mailbox} for good` : undefined,
      },
      unnamedInbox(key),
    ],
    at: autoexpunge("inbox", mailbox),
    render(on, { values, target: { site } }) {
      if (!site.inbox) return [];
      const days = values[`${key}_days`];
      const after = on ? `${typeof days === "number" ? days : DAYS}d` : 0;
      return [holdsInbox(site.inbox), set(autoexpunge(site.inbox.namespace, mailbox), after)];
    },
    read(tree) {
      // A mailbox that no file speaks of keeps its mail.
      return (rawIn(tree, mailbox) ?? "0") !== "0";
    },
  });
}

export function expungeDays<const Key extends string>(key: Key, label: string, mailbox: string) {
  const switchKey = key.replace(/_days$/, "");
  return duration({
    key,
    label,
    help: `How long mail may lie in ${mailbox}.`,
    unit: "days",
    default: DAYS,
    range: { min: 1, max: 3650 },
    risk: {
      level: "high",
      sentence: "A shorter time deletes at once what has lain longer, and it can't be brought back.",
    },
    protocols: ["imap"],
    rules: [
      {
        severity: "error",
        with: [switchKey],
        check: (values) =>
          values[switchKey] === true && values[key] === null
            ? "must be set while mail is deleted by itself"
            : undefined,
      },
    ],
    idle: { when: (values) => values[switchKey] !== true, why: "Nothing is deleted by itself." },
    at: autoexpunge("inbox", mailbox),
    // The switch writes the line for both.
    render: () => [],
    read: (tree) => amountIn(rawIn(tree, mailbox) ?? "", "days"),
  });
}

/** A namespace that is written must say that it holds the inbox, else Dovecot finds none and nobody can sign in. */
export function holdsInbox({ namespace }: NonNullable<SiteFacts["inbox"]>): Directive {
  return set(place("inbox", ["namespace", namespace]), true);
}

/** Something can be added to a namespace only by its name; 2.3 knows some without. */
function unnamedInbox(key: string): Rule {
  return {
    severity: "error",
    check: (values, { site }) =>
      values[key] === true && !site.inbox
        ? "can't be on: the server's namespace with the inbox has no name; call it \"namespace inbox { … }\""
        : undefined,
  };
}

function autoexpunge(namespace: string, mailbox: string): Place {
  return place("autoexpunge", ["namespace", namespace], ["mailbox", mailbox]);
}

function rawIn(tree: ConfigTree, mailbox: string): string | undefined {
  const { inbox } = siteFacts(tree);
  return valueAt(tree, autoexpunge(inbox?.namespace ?? "", mailbox));
}
