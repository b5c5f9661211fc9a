import { expect, it } from "vitest";
import { isGuessedFirst } from "@/lib/server/operators/guessed-password";

it.each([
  "passwordpassword",
  "123456789012",
  "qwertyuiopas",
  "Password1234!",
  "iloveyouforever",
  "aaaaaaaaaaaa",
  "a".repeat(128),
  "portcullisportcullis",
  "administrator1",
])("%s is guessed first", (password) => {
  expect(isGuessedFirst(password)).toBe(true);
});

it.each(["correct horse battery staple", "a password of ben's own", "x7$kLm2!pQ9z", "größe ✉ 邮件 kahn 7"])(
  "%s is not",
  (password) => {
    expect(isGuessedFirst(password)).toBe(false);
  },
);
