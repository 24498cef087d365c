// Settings, checked by the JSON Schema from which a form is drawn: what the form says and what is taken cannot differ.
import type { Problem } from "./types";

type Value = string | number | boolean;

/** One setting. Other words of JSON Schema are refused when the plugin is built: they would promise what nobody checks. */
export type Setting = {
  title: string;
  description?: string;
  type: string;
  default?: Value;
  enum?: Value[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  pattern?: string;
};

export type Schema = {
  $schema?: string;
  type: string;
  additionalProperties: boolean;
  required?: string[];
  properties: Record<string, Setting>;
};

const WORDS = ["title", "description", "type", "default", "enum", "minimum", "maximum", "minLength", "pattern"];

/** Throws when a schema has words that are not checked here. */
export function understood(schema: Schema): Schema {
  for (const [name, setting] of Object.entries(schema.properties)) {
    const word = Object.keys(setting).find((word) => !WORDS.includes(word));
    if (word) throw new Error(`the schema of the setting ${name} says ${word}, which is not checked`);
  }
  if (schema.additionalProperties) throw new Error("the schema takes settings that nobody knows");
  return schema;
}

function wrong(setting: Setting, value: unknown): string | undefined {
  const { type, minimum = -Infinity, maximum = Infinity } = setting;
  const isOfType = type === "integer" ? Number.isInteger(value) : typeof value === type;
  if (!isOfType) return `must be of the type ${type}`;
  if (setting.enum && !setting.enum.includes(value as Value)) return `must be one of ${setting.enum.join(", ")}`;
  if (typeof value === "number" && !(value >= minimum && value <= maximum)) {
    if (maximum === Infinity) return `must be ${minimum} or more`;
    return minimum === -Infinity ? `must be ${maximum} or less` : `must be from ${minimum} to ${maximum}`;
  }
  if (typeof value === "string") {
    if ([...value].length < (setting.minLength ?? 0)) return `must have ${setting.minLength} characters or more`;
    if (setting.pattern && !new RegExp(setting.pattern, "u").test(value)) {
      return `must be written like ${setting.default ?? setting.pattern}`;
    }
  }
  return undefined;
}

/** All that is wrong, in the order of the schema; what nobody knows comes last. */
export function check(schema: Schema, text: string): Problem[] {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return [{ pointer: "", detail: "is no JSON" }];
  }
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    return [{ pointer: "", detail: "must be an object" }];
  }
  const settings = new Map(Object.entries(given));
  const problems: Problem[] = [];
  const say = (name: string, detail: string | undefined) => {
    const pointer = "/" + name.replaceAll("~", "~0").replaceAll("/", "~1");
    if (detail) problems.push({ pointer, detail });
  };
  for (const [name, setting] of Object.entries(schema.properties)) {
    if (settings.has(name)) say(name, wrong(setting, settings.get(name)));
    else if (schema.required?.includes(name)) say(name, "is missing");
  }
  for (const name of settings.keys()) {
    if (!Object.hasOwn(schema.properties, name)) say(name, "is no setting of this plugin");
  }
  return problems;
}

/** Settings with what is the default for those that were not given. */
export function read<Settings>(schema: Schema, text: string): Settings {
  const problems = check(schema, text).map(({ pointer, detail }) => `${pointer} ${detail}`.trim());
  if (problems.length > 0) throw new Error(`the settings cannot be used: ${problems.join("; ")}`);
  const defaults = Object.entries(schema.properties).flatMap(([name, setting]) =>
    setting.default === undefined ? [] : [[name, setting.default]],
  );
  return { ...Object.fromEntries(defaults), ...JSON.parse(text) };
}
