import type { OperatorView } from "@/lib/core/operators/views";

export function scopeWords(scope: readonly string[] | null): string {
  if (scope === null) return "Whole server";
  return scope.length === 0 ? "No domain" : scope.map((name) => name || "@").join(", ");
}

export function secondFactorWords({ hasCodes, passkeys }: OperatorView): string {
  const words = [
    ...(hasCodes ? ["app"] : []),
    ...(passkeys > 0 ? [passkeys === 1 ? "1 passkey" : `${passkeys} passkeys`] : []),
  ];
  return words.length === 0 ? "none" : words.join(", ");
}

export const ROLE_CHOICES = [
  { value: "reviewer", label: "Reviewer: sees everything, writes notes, changes nothing" },
  { value: "operator", label: "Operator: accounts and domains" },
  { value: "administrator", label: "Administrator: everything" },
];
