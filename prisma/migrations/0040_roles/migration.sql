-- AlterTable
ALTER TABLE "User" ADD COLUMN "scope" TEXT;
ALTER TABLE "Job" ADD COLUMN "scope" TEXT;

-- The one role that there was.
UPDATE "User" SET "role" = 'administrator' WHERE "role" = 'admin';
