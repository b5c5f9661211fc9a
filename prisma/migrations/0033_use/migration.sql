-- Without a rowid: each is read and written by its key alone, and a row takes half the room.
CREATE TABLE "AccountUse" (
    "protocol" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "domain" TEXT NOT NULL,
    "lastAt" INTEGER NOT NULL,
    "security" TEXT NOT NULL,
    "tlsVersion" TEXT NOT NULL,
    "webmailAt" INTEGER,
    "clientAt" INTEGER,
    "clearAt" INTEGER,

    PRIMARY KEY ("protocol", "address")
) WITHOUT ROWID;

CREATE INDEX "AccountUse_protocol_lastAt_idx" ON "AccountUse"("protocol", "lastAt");
CREATE INDEX "AccountUse_protocol_domain_lastAt_idx" ON "AccountUse"("protocol", "domain", "lastAt");
CREATE INDEX "AccountUse_protocol_clearAt_idx" ON "AccountUse"("protocol", "clearAt");

CREATE TABLE "UseDay" (
    "day" INTEGER NOT NULL,
    "protocol" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "tls" INTEGER NOT NULL,
    "starttls" INTEGER NOT NULL,
    "encrypted" INTEGER NOT NULL,
    "local" INTEGER NOT NULL,
    "cleartext" INTEGER NOT NULL,
    "webmail" INTEGER NOT NULL,

    PRIMARY KEY ("day", "protocol", "address")
) WITHOUT ROWID;

CREATE TABLE "UseHour" (
    "hour" INTEGER NOT NULL,
    "protocol" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "tls" INTEGER NOT NULL,
    "starttls" INTEGER NOT NULL,
    "encrypted" INTEGER NOT NULL,
    "local" INTEGER NOT NULL,
    "cleartext" INTEGER NOT NULL,
    "webmail" INTEGER NOT NULL,

    PRIMARY KEY ("hour", "protocol")
) WITHOUT ROWID;

CREATE TABLE "UseAddress" (
    "address" TEXT NOT NULL,
    "protocol" TEXT NOT NULL,
    "remote" TEXT NOT NULL,
    "firstAt" INTEGER NOT NULL,
    "lastAt" INTEGER NOT NULL,
    "count" INTEGER NOT NULL,

    PRIMARY KEY ("address", "protocol", "remote")
) WITHOUT ROWID;

CREATE INDEX "UseAddress_lastAt_idx" ON "UseAddress"("lastAt");

CREATE TABLE "UseSource" (
    "node" TEXT NOT NULL PRIMARY KEY,
    "source" TEXT NOT NULL,
    "position" TEXT NOT NULL,
    "since" INTEGER NOT NULL,
    "ignoreUntil" INTEGER NOT NULL DEFAULT 0,
    "readAt" INTEGER NOT NULL,
    "trouble" TEXT NOT NULL
);

CREATE TABLE "UseGap" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "node" TEXT NOT NULL,
    "fromAt" INTEGER NOT NULL,
    "toAt" INTEGER NOT NULL,
    "reason" TEXT NOT NULL
);

CREATE INDEX "UseGap_node_toAt_idx" ON "UseGap"("node", "toAt");

CREATE TABLE "MailboxSize" (
    "address" TEXT NOT NULL PRIMARY KEY,
    "bytes" BIGINT NOT NULL,
    "messages" INTEGER NOT NULL,
    "measuredAt" INTEGER NOT NULL,
    "earlierBytes" BIGINT,
    "earlierAt" INTEGER
);

CREATE INDEX "MailboxSize_bytes_idx" ON "MailboxSize"("bytes");

CREATE TABLE "SessionSeen" (
    "pid" INTEGER NOT NULL,
    "address" TEXT NOT NULL,
    "protocol" TEXT NOT NULL,
    "signedInAt" INTEGER,
    "security" TEXT NOT NULL,
    "tlsVersion" TEXT NOT NULL,
    "input" BIGINT,
    "activeAt" INTEGER,

    PRIMARY KEY ("pid", "address")
) WITHOUT ROWID;

CREATE TABLE "SessionCount" (
    "at" INTEGER NOT NULL,
    "node" TEXT NOT NULL,
    "protocol" TEXT NOT NULL,
    "open" INTEGER NOT NULL,

    PRIMARY KEY ("at", "node", "protocol")
) WITHOUT ROWID;
