import { duration, integer, size } from "../kinds/number";
import { place, set } from "../kinds/spec";
import { switchSetting } from "../kinds/switch";
import { section } from "../setting";
import { expungeDays, expungeSwitch } from "./expunge";
import { loadPlugin } from "./plugins";
import { ignoresTrash, trashRule } from "./quota";

export const storage = section({
  key: "storage",
  label: "Storage",
  settings: [
    switchSetting({
      key: "trash_in_quota",
      label: "Include Trash in Quota",
      help: "Off, what lies in Trash doesn't count against the quota, so that deleting makes room. It matters only where quotas are on.",
      default: false,
      dovecotDefault: "on",
      risk: {
        level: "low",
        sentence: "On, people who are over quota must empty their Trash before mail arrives again.",
      },
      protocols: ["imap"],
      at: {
        "2.3": [place("quota_rule", ["plugin"])],
        "2.4": [place("quota_ignore", ["namespace", "inbox"], ["mailbox", "Trash"])],
      },
      render: (included, { target }) => trashRule(included, target),
      read: (tree, family) => !ignoresTrash(tree, family),
    }),
    switchSetting({
      key: "compress",
      label: "Compress Messages",
      help: "New mail is stored compressed (gzip). Off, mail that was compressed before stays so and stays readable.",
      default: false,
      risk: { level: "low", sentence: "Programs other than Dovecot can't read compressed mail." },
      at: {
        "2.3": [place("zlib_save", ["plugin"])],
        "2.4": [place("mail_compress_write_method")],
      },
      written: { on: "gz", off: "" },
      // Off keeps the plugin: without it, mail that was compressed before can't be read (measured on 2.3 and 2.4).
      render: (on, { target }) => [
        ...loadPlugin(target, { "2.3": "zlib", "2.4": "mail_compress" }),
        target.family === "2.3"
          ? set(place("zlib_save", ["plugin"]), on ? "gz" : "")
          : set(place("mail_compress_write_method"), on ? "gz" : ""),
      ],
    }),
    integer({
      key: "compress_level",
      label: "Compression Level",
      help: "0 stores without compressing, 9 takes the most time and the least space. 6 is gzip's own.",
      unit: null,
      default: 6,
      range: { min: 0, max: 9 },
      risk: {
        level: "low",
        sentence: "Higher levels take more time when mail arrives, and hardly less space.",
      },
      idle: { when: ({ compress }) => compress !== true, why: "Messages aren't compressed." },
      at: { "2.3": [place("zlib_save_level", ["plugin"])], "2.4": [place("compress_gz_level")] },
    }),
    expungeSwitch("trash_expunge", "Auto Expunge Trash", "Trash"),
    expungeDays("trash_expunge_days", "Auto Expunge Trash After", "Trash"),
    expungeSwitch("spam_expunge", "Auto Expunge Spam", "Junk"),
    expungeDays("spam_expunge_days", "Auto Expunge Spam After", "Junk"),
    size({
      key: "mdbox_rotate_mb",
      label: "MDBOX Rotation Size",
      help: "Mailboxes in the mdbox format begin a new file when one has grown to this. Others don't care.",
      default: 10,
      range: { min: 1, max: 4096 },
      risk: { level: "low", sentence: "Larger files make purging deleted mail slower." },
      at: place("mdbox_rotate_size"),
    }),
    duration({
      key: "mdbox_rotate_days",
      label: "MDBOX Rotation Interval",
      help: "Mailboxes in the mdbox format begin a new file after so long, which suits incremental backups. 0 turns it off.",
      unit: "days",
      default: 0,
      range: { min: 0, max: 3650 },
      risk: { level: "low", sentence: "Short intervals make many small files." },
      at: place("mdbox_rotate_interval"),
    }),
  ],
});
