-- DropIndex
DROP INDEX "Account_domain_address_idx";

-- DropIndex
DROP INDEX "Policy_level_protocol_domain_subject_idx";

-- CreateIndex
CREATE INDEX "Account_domain_address_vanishedAt_idx" ON "Account"("domain", "address", "vanishedAt");

-- CreateIndex
CREATE INDEX "Policy_level_protocol_domain_subject_state_until_idx" ON "Policy"("level", "protocol", "domain", "subject", "state", "until");
