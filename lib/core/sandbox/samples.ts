/** The sample mailboxes of the private Dovecot: two small sites, and mail that looks like mail. */
export const SAMPLE_MAILBOXES = [
  "anna@riverside.example",
  "ben@riverside.example",
  "office@riverside.example",
  "support@riverside.example",
  "chloe@harbour.example",
  "dmitri@harbour.example",
  "info@harbour.example",
] as const;

export interface SampleMessage {
  folder: "INBOX" | "Sent" | "Junk";
  from: string;
  to: string;
  subject: string;
  body: string;
  /** Days before the sandbox was made. */
  ageDays: number;
}

const LETTERS: readonly Omit<SampleMessage, "to" | "folder">[] = [
  {
    from: "chloe@harbour.example",
    subject: "Minutes of Monday's meeting",
    body: "Please see the three points below and answer by Thursday.",
    ageDays: 1,
  },
  {
    from: "billing@supplier.example",
    subject: "Invoice 2026-1187",
    body: "Your invoice for November. Payable within 14 days.",
    ageDays: 3,
  },
  {
    from: "ben@riverside.example",
    subject: "Photos from the slipway",
    body: "The big ones are on the share; these are small enough to mail.",
    ageDays: 9,
  },
  {
    from: "noreply@timetable.example",
    subject: "Ferry times change on Sunday",
    body: "The 07:40 now leaves at 07:25.",
    ageDays: 20,
  },
  {
    from: "anna@riverside.example",
    subject: "Keys for the boathouse",
    body: "I left them with the office, second drawer.",
    ageDays: 34,
  },
];

/** A few letters for each mailbox, not the same ones for all. */
export function sampleMessages(address: string): SampleMessage[] {
  const offset = SAMPLE_MAILBOXES.findIndex((mailbox) => mailbox === address);
  const letters = LETTERS.filter((letter, index) => letter.from !== address && (index + offset) % 5 !== 0);
  return [
    ...letters.map((letter): SampleMessage => ({ ...letter, to: address, folder: "INBOX" })),
    {
      folder: "Sent",
      from: address,
      to: "info@harbour.example",
      subject: "Berth for Saturday",
      body: "Is number 12 free?",
      ageDays: 5,
    },
    {
      folder: "Junk",
      from: "prize@winner.example",
      to: address,
      subject: "You have won",
      body: "Click here.",
      ageDays: 2,
    },
  ];
}

/** The message as it lies in a mailbox, RFC 5322. */
export function messageText(message: SampleMessage, at: Date, id: string): string {
  return [
    `Date: ${at.toUTCString().replace("GMT", "+0000")}`,
    `From: <${message.from}>`,
    `To: <${message.to}>`,
    `Subject: ${message.subject}`,
    `Message-ID: <${id}@portcullis.example>`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "",
    message.body,
    "",
  ].join("\r\n");
}
