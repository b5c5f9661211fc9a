-- CreateTable
CREATE TABLE "PanelSettings" (
    "group" TEXT NOT NULL PRIMARY KEY,
    "version" INTEGER NOT NULL,
    "typed" TEXT NOT NULL,
    "sentences" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "savedAt" DATETIME NOT NULL
);
