-- AlterTable
ALTER TABLE "InForce" ADD COLUMN "listeners" TEXT NOT NULL DEFAULT '[]';
