-- CreateTable
CREATE TABLE "ApplyStep" (
    "runId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "step" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "at" DATETIME NOT NULL,

    PRIMARY KEY ("runId", "number")
);

-- CreateTable
CREATE TABLE "Proposal" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "baseRevision" INTEGER NOT NULL,
    "patch" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "acceptWarnings" TEXT NOT NULL DEFAULT '[]',
    "authenticationOnly" BOOLEAN NOT NULL DEFAULT false,
    "replaceEdited" BOOLEAN NOT NULL DEFAULT false,
    "undoesNumber" INTEGER,
    "keepWithin" INTEGER,
    "state" TEXT NOT NULL,
    "applyAt" DATETIME,
    "decidedBy" TEXT,
    "startedAt" DATETIME,
    "finishedAt" DATETIME,
    "runId" TEXT,
    "revisionNumber" INTEGER,
    "result" TEXT
);

-- CreateTable
CREATE TABLE "FreezeWindow" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "startsAt" DATETIME NOT NULL,
    "endsAt" DATETIME NOT NULL,
    "reason" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "Trial" (
    "revisionNumber" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "seconds" INTEGER NOT NULL,
    "deadline" DATETIME NOT NULL,
    "state" TEXT NOT NULL,
    "endedBy" TEXT,
    "endedAt" DATETIME,
    "revertedBy" INTEGER
);

-- CreateIndex
CREATE INDEX "Proposal_state_applyAt_idx" ON "Proposal"("state", "applyAt");

-- CreateIndex
CREATE INDEX "Proposal_createdAt_idx" ON "Proposal"("createdAt");

-- CreateIndex
CREATE INDEX "FreezeWindow_endsAt_idx" ON "FreezeWindow"("endsAt");

-- CreateIndex
CREATE INDEX "Trial_state_idx" ON "Trial"("state");
