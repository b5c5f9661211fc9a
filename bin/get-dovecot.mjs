/** `npm run dovecot:2.4`: unpacks Debian 13's Dovecot into .cache/, for tests and for PORTCULLIS_DOVECOT=2.4. */
import { fetchDebian13 } from "./prepare/dovecot.mjs";
import { explain, say } from "./prepare/say.mjs";

try {
  say("Dovecot 2.4", await fetchDebian13());
} catch (error) {
  explain(error);
}
