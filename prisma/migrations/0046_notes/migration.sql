-- CreateTable
CREATE TABLE "Note" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "subject" TEXT NOT NULL,
    "domain" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "ticket" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "authorId" TEXT,
    "at" DATETIME NOT NULL
);

-- CreateIndex
CREATE INDEX "Note_subject_idx" ON "Note"("subject");
