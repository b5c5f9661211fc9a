-- The library's "account" makes room for a mail account's.
ALTER TABLE "Account" RENAME TO "Credential";
DROP INDEX "Account_userId_idx";
CREATE INDEX "Credential_userId_idx" ON "Credential"("userId");

-- CreateTable
CREATE TABLE "Account" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "address" TEXT NOT NULL,
    "domain" TEXT NOT NULL,
    "firstSeenAt" DATETIME NOT NULL,
    "vanishedAt" DATETIME
);
CREATE UNIQUE INDEX "Account_address_key" ON "Account"("address");
CREATE INDEX "Account_domain_address_idx" ON "Account"("domain", "address");
CREATE INDEX "Account_vanishedAt_idx" ON "Account"("vanishedAt");

-- CreateTable
CREATE TABLE "ListingSeen" (
    "accountId" INTEGER NOT NULL PRIMARY KEY
);

-- Any part of a local part is found by its trigrams; domains are few, and are searched as they are. Addresses never
-- change and are added in one place only (lib/server/accounts/listing), which fills this too: by triggers, row by row,
-- it takes half as long again.
CREATE VIRTUAL TABLE "AccountSearch" USING fts5("local", content='', tokenize='trigram');

-- CreateTable
CREATE TABLE "Domain" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "accounts" INTEGER NOT NULL
);

-- CreateTable
CREATE TABLE "Listing" (
    "number" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "source" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "startedAt" DATETIME NOT NULL,
    "finishedAt" DATETIME,
    "outcome" TEXT NOT NULL,
    "found" INTEGER NOT NULL DEFAULT 0,
    "added" INTEGER NOT NULL DEFAULT 0,
    "vanished" INTEGER NOT NULL DEFAULT 0,
    "returned" INTEGER NOT NULL DEFAULT 0,
    "notes" TEXT NOT NULL DEFAULT '[]'
);

-- CreateTable
CREATE TABLE "Policy" (
    "subject" TEXT NOT NULL,
    "protocol" TEXT NOT NULL,
    "level" TEXT NOT NULL,
    "domain" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "until" INTEGER,
    "changeId" INTEGER NOT NULL,

    PRIMARY KEY ("subject", "protocol"),
    CONSTRAINT "Policy_changeId_fkey" FOREIGN KEY ("changeId") REFERENCES "AccessChange" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Suspension" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "subject" TEXT NOT NULL,
    "protocol" TEXT NOT NULL,
    "level" TEXT NOT NULL,
    "domain" TEXT NOT NULL,
    "rank" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "ticket" TEXT NOT NULL,
    "until" INTEGER,
    "changeId" INTEGER NOT NULL,
    CONSTRAINT "Suspension_changeId_fkey" FOREIGN KEY ("changeId") REFERENCES "AccessChange" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "AccessChange" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "at" DATETIME NOT NULL,
    "actor" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "sentence" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "undoesId" INTEGER
);

-- CreateTable
CREATE TABLE "AccessChangeItem" (
    "changeId" INTEGER NOT NULL,
    "subject" TEXT NOT NULL,
    "protocol" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "ref" INTEGER NOT NULL,
    "before" TEXT,
    "after" TEXT,

    PRIMARY KEY ("changeId", "subject", "protocol", "kind", "ref"),
    CONSTRAINT "AccessChangeItem_changeId_fkey" FOREIGN KEY ("changeId") REFERENCES "AccessChange" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "AccessState" (
    "node" TEXT NOT NULL PRIMARY KEY,
    "sequence" INTEGER NOT NULL
);

-- CreateTable
CREATE TABLE "Proof" (
    "node" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "protocol" TEXT NOT NULL,
    "seen" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "differs" BOOLEAN NOT NULL,

    PRIMARY KEY ("node", "address", "protocol")
);

-- CreateTable
CREATE TABLE "Job" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "input" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "total" INTEGER NOT NULL,
    "done" INTEGER NOT NULL DEFAULT 0,
    "position" TEXT NOT NULL DEFAULT 'null',
    "notes" TEXT NOT NULL DEFAULT '[]',
    "actor" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "startedAt" DATETIME,
    "finishedAt" DATETIME,
    "beatAt" DATETIME
);

-- CreateTable
CREATE TABLE "Alarm" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "sentence" TEXT NOT NULL,
    "raisedAt" DATETIME NOT NULL,
    "seenAt" DATETIME NOT NULL,
    "clearedAt" DATETIME
);

-- CreateTable
CREATE TABLE "SavedView" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "page" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "query" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL
);

-- CreateIndex
CREATE INDEX "Policy_level_protocol_domain_subject_idx" ON "Policy"("level", "protocol", "domain", "subject");

-- CreateIndex
CREATE INDEX "Policy_until_idx" ON "Policy"("until");

-- CreateIndex
CREATE INDEX "Policy_changeId_idx" ON "Policy"("changeId");

-- CreateIndex
CREATE INDEX "Suspension_subject_idx" ON "Suspension"("subject");

-- CreateIndex
CREATE INDEX "Suspension_level_domain_subject_idx" ON "Suspension"("level", "domain", "subject");

-- CreateIndex
CREATE INDEX "Suspension_until_idx" ON "Suspension"("until");

-- CreateIndex
CREATE INDEX "Suspension_changeId_idx" ON "Suspension"("changeId");

-- CreateIndex
CREATE INDEX "AccessChange_undoesId_idx" ON "AccessChange"("undoesId");

-- CreateIndex
CREATE INDEX "AccessChangeItem_subject_idx" ON "AccessChangeItem"("subject");

-- CreateIndex
CREATE INDEX "Proof_differs_idx" ON "Proof"("differs");

-- CreateIndex
CREATE INDEX "Job_state_createdAt_idx" ON "Job"("state", "createdAt");

-- CreateIndex
CREATE INDEX "Alarm_clearedAt_idx" ON "Alarm"("clearedAt");

-- CreateIndex
CREATE UNIQUE INDEX "SavedView_page_owner_name_key" ON "SavedView"("page", "owner", "name");
