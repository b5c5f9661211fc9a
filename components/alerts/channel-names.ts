export const CHANNEL_NAMES = { webhook: "Webhook", email: "E-mail" } as const;
