// Reads an AsyncAPI document with the specification's own parser, and prints whatever is wrong with it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [tools, file] = process.argv.slice(2);
const { Parser } = createRequire(`${tools}/`)("@asyncapi/parser");
const ERROR = 0;

const { document, diagnostics } = await new Parser().parse(readFileSync(file, "utf8"));
const errors = diagnostics.filter((it) => it.severity === ERROR);
for (const { path, message } of errors) console.error(`${file}: /${path.join("/")}: ${message}`);
const [messages, channels] = [document?.allMessages().length ?? 0, document?.channels().length ?? 0];
if (errors.length || !messages) process.exit(1);
console.log(`${messages} messages in ${channels} channels`);
