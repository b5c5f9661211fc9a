-- CreateTable
CREATE TABLE "Alert" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "key" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "sentence" TEXT NOT NULL,
    "href" TEXT NOT NULL,
    "firstSeenAt" DATETIME NOT NULL,
    "seenAt" DATETIME NOT NULL,
    "endedAt" DATETIME
);

-- CreateTable
CREATE TABLE "AlertTelling" (
    "alertId" INTEGER NOT NULL,
    "channel" TEXT NOT NULL,
    "toldAt" DATETIME,
    "toldAs" TEXT,
    "times" INTEGER NOT NULL DEFAULT 0,
    "overToldAt" DATETIME,

    PRIMARY KEY ("alertId", "channel"),
    CONSTRAINT "AlertTelling_alertId_fkey" FOREIGN KEY ("alertId") REFERENCES "Alert" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "AlertChannel" (
    "channel" TEXT NOT NULL PRIMARY KEY,
    "claimedUntil" DATETIME,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "nextTryAt" DATETIME,
    "triedVersion" INTEGER NOT NULL DEFAULT 0,
    "sent" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0
);

-- CreateTable
CREATE TABLE "AlertDelivery" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "channel" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "tookMs" INTEGER NOT NULL,
    "told" TEXT NOT NULL,
    "isTest" BOOLEAN NOT NULL,
    "failure" TEXT
);

-- CreateIndex
CREATE INDEX "Alert_endedAt_idx" ON "Alert"("endedAt");

-- CreateIndex
CREATE INDEX "Alert_key_idx" ON "Alert"("key");

-- CreateIndex
CREATE INDEX "AlertDelivery_channel_at_idx" ON "AlertDelivery"("channel", "at");
