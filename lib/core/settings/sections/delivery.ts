import { choice } from "../kinds/choice";
import { integer } from "../kinds/number";
import { place } from "../kinds/spec";
import { section } from "../setting";
import { spareUnderLimit } from "./spare";

const LMTP_PROCESSES = { spare: "lmtp_spare_processes", most: "lmtp_max_processes", services: ["lmtp"] };

export const delivery = section({
  key: "delivery",
  label: "Delivery (LMTP)",
  settings: [
    choice({
      key: "quota_full_response",
      label: "Disk Quota Delivery Failure Response",
      help: "What the sending server is told when a mailbox is full: that the mail is refused, or to try again later.",
      default: "reject",
      options: [
        { value: "reject", label: "Reject the message permanently", written: "no" },
        { value: "defer", label: "Defer delivery temporarily", written: "yes" },
      ],
      risk: {
        level: "low",
        sentence: "Deferred mail waits in the queue, and its sender hears of it days later.",
      },
      protocols: ["lmtp"],
      at: place("quota_full_tempfail"),
    }),
    integer({
      key: "lmtp_spare_processes",
      label: "Minimum Available LMTP Processes",
      help: "Kept waiting for mail to deliver.",
      unit: "processes",
      default: 0,
      range: { min: 0, max: 100 },
      risk: { level: "low", sentence: "Each takes some 10 MB of memory." },
      protocols: ["lmtp"],
      rules: [spareUnderLimit("lmtp_spare_processes", LMTP_PROCESSES)],
      at: place("process_min_avail", ["service", "lmtp"]),
    }),
    integer({
      key: "lmtp_max_processes",
      label: "LMTP Process Limit",
      help: "How many messages can be delivered at once.",
      unit: "processes",
      default: 500,
      dovecotDefault: "100",
      range: { min: 1, max: 10_000 },
      risk: { level: "low", sentence: "Too few, and mail waits in the queue of the sending program." },
      protocols: ["lmtp"],
      rules: [spareUnderLimit("lmtp_max_processes", LMTP_PROCESSES)],
      at: place("process_limit", ["service", "lmtp"]),
    }),
    integer({
      key: "lmtp_user_concurrency",
      label: "LMTP User Concurrency Limit",
      help: "How many messages can be delivered to one mailbox at once. 0 sets no limit.",
      unit: "deliveries",
      default: 4,
      dovecotDefault: "no limit (2.3), 10 (2.4)",
      range: { min: 0, max: 1000 },
      risk: { level: "low", sentence: "Too few, and mail to one busy mailbox waits." },
      protocols: ["lmtp"],
      zero: { "2.4": "unlimited" },
      at: place("lmtp_user_concurrency_limit"),
    }),
  ],
});
