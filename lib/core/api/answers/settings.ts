import { z } from "zod";

/** A setting's value; null: as the server's own files have it. */
const settingValue = z.union([z.boolean(), z.number(), z.string(), z.array(z.string()).readonly(), z.null()]);

/** By key; docs/settings.md names them all. */
export const settingsValues = z.record(z.string(), settingValue).meta({ id: "Settings" });

export const fieldProblem = z.object({ key: z.string(), message: z.string() }).meta({ id: "FieldProblem" });

export const settingChange = z
  .object({
    key: z.string(),
    label: z.string(),
    from: settingValue,
    to: settingValue,
    need: z.string().describe("what the daemon needs in order to obey"),
    sentence: z.string(),
  })
  .meta({ id: "SettingChange" });
