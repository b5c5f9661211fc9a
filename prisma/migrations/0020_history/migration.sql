-- AlterTable
ALTER TABLE "Revision" ADD COLUMN "sentences" TEXT NOT NULL DEFAULT '';
ALTER TABLE "Revision" ADD COLUMN "undoesNumber" INTEGER;

-- CreateIndex
CREATE INDEX "Revision_undoesNumber_idx" ON "Revision"("undoesNumber");
