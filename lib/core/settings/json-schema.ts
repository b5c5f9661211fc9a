import { settings } from "./catalogue";
import { unitOf } from "./describe";
import { FORMAT } from "./exchange";
import type { Setting } from "./setting";

/** The schema of a file of exported settings. What `import` takes is valid by it. */
export function settingsFileSchema() {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `urn:${FORMAT.replace("/", ":")}`,
    title: "Settings of Portcullis",
    description:
      "What `portcullis mailserver export` writes and `import` takes. A setting that isn't named stays as it is.",
    type: "object",
    required: ["format", "settings"],
    additionalProperties: false,
    properties: {
      $schema: { type: "string" },
      format: { const: FORMAT },
      settings: {
        type: "object",
        additionalProperties: false,
        properties: Object.fromEntries(settings.map((setting) => [setting.key, propertyFor(setting)])),
      },
    },
  };
}

function propertyFor(setting: Setting) {
  const unit = unitOf(setting);
  const described = {
    title: setting.label,
    description: `${setting.help}${unit ? ` In ${unit}.` : ""}${setting.mayBeUnset ? " null: as the server's own files have it." : ""}`,
    default: setting.default,
  };
  const value = valueFor(setting);
  return setting.mayBeUnset ? { ...described, anyOf: [value, { type: "null" }] } : { ...described, ...value };
}

function valueFor(setting: Setting) {
  switch (setting.type) {
    case "switch":
      return { type: "boolean" };
    case "integer":
    case "size":
    case "duration":
      return { type: "integer", minimum: setting.range.min, maximum: setting.range.max };
    case "choice":
      return { type: "string", enum: setting.options.map(({ value }) => value) };
    case "text":
      return {
        type: "string",
        minLength: setting.range.min,
        maxLength: setting.range.max,
        pattern: setting.pattern,
      };
    case "addresses":
      return {
        type: "array",
        items: { type: "string" },
        minItems: setting.range.min,
        maxItems: setting.range.max,
        uniqueItems: true,
      };
  }
}
