-- DropIndex
DROP INDEX "AccountUse_protocol_domain_lastAt_idx";

-- CreateIndex
CREATE INDEX "AccountUse_protocol_domain_address_lastAt_idx" ON "AccountUse"("protocol", "domain", "address", "lastAt");
