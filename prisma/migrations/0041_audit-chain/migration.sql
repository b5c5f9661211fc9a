-- RedefineTables
CREATE TABLE "new_AuditEntry" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "at" DATETIME NOT NULL,
    "actor" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "from" TEXT NOT NULL,
    "via" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "previousHash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "seal" TEXT NOT NULL
);
-- Entries from before have no hash: the next start chains them, and writes that it did (lib/server/audit/seal-earlier).
INSERT INTO "new_AuditEntry"
    SELECT ROW_NUMBER() OVER (ORDER BY "id"), "at", "actor", "origin", '', '', "action", "outcome", '', "detail", '', '', ''
    FROM "AuditEntry";
DROP TABLE "AuditEntry";
ALTER TABLE "new_AuditEntry" RENAME TO "AuditEntry";

-- CreateTable
CREATE TABLE "AuditAnchor" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "hash" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "removedAt" DATETIME NOT NULL,
    "seal" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "AuditCheck" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "at" DATETIME NOT NULL,
    "whole" BOOLEAN NOT NULL,
    "entries" INTEGER NOT NULL,
    "sentences" TEXT NOT NULL
);

-- CreateIndex
CREATE INDEX "AuditEntry_at_idx" ON "AuditEntry"("at");

-- CreateIndex
CREATE INDEX "AuditEntry_action_subject_actor_idx" ON "AuditEntry"("action", "subject", "actor");

-- CreateIndex
CREATE INDEX "AuditEntry_actor_idx" ON "AuditEntry"("actor");

-- Append-only, whoever asks by way of this file: an entry with a hash is never changed, and only one that the anchor stands
-- for can be removed.
CREATE TRIGGER "AuditEntry_never_changed" BEFORE UPDATE ON "AuditEntry" WHEN OLD."hash" <> ''
BEGIN
    SELECT RAISE(ABORT, 'entries of the audit are never changed');
END;
CREATE TRIGGER "AuditEntry_never_removed" BEFORE DELETE ON "AuditEntry"
WHEN OLD."number" > (SELECT coalesce(max("number"), 0) FROM "AuditAnchor")
BEGIN
    SELECT RAISE(ABORT, 'entries of the audit are removed by its retention only');
END;
