-- CreateTable
CREATE TABLE "Drift" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "sentence" TEXT NOT NULL,
    "diff" TEXT NOT NULL,
    "since" DATETIME NOT NULL,
    "seenAt" DATETIME NOT NULL,
    "leftBy" TEXT,
    "endedAt" DATETIME
);

-- CreateIndex
CREATE INDEX "Drift_endedAt_idx" ON "Drift"("endedAt");
