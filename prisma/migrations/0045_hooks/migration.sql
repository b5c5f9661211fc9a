-- CreateTable
CREATE TABLE "HookDelivery" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "target" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "nextAt" DATETIME,
    "doneAt" DATETIME,
    "failure" TEXT NOT NULL DEFAULT ''
);

-- CreateIndex
CREATE INDEX "HookDelivery_nextAt_idx" ON "HookDelivery"("nextAt");

-- CreateIndex
CREATE INDEX "HookDelivery_target_id_idx" ON "HookDelivery"("target", "id");
