import { createClient } from "@libsql/client";

export const CREATE_USERS =
  "CREATE TABLE users (userid TEXT, domain TEXT, email TEXT, password TEXT, quota INTEGER)";

/** The table that tutorials make, with these people in it, in an SQLite file. */
export async function fillUsers(
  file: string,
  people: readonly { address: string; password: string }[],
): Promise<void> {
  const client = createClient({ url: `file:${file}` });
  await client.execute(CREATE_USERS);
  for (const { address, password } of people)
    await client.execute({
      sql: "INSERT INTO users VALUES (?, ?, ?, ?, 0)",
      args: [...address.split("@"), address, password],
    });
  client.close();
}
