// A dealer's own rules, written in TypeScript: export what `scorer` or `notifier` makes of them.
//
//     export const { about, scoring } = scorer<Settings>({ name: "close-to-home", …, adjust: (question, settings) => […] });
//
// A plugin that cannot answer throws an error with the reason, which its owner reads. There is no clock, no chance and no network.
/// <reference path="./journal.d.ts" />
import journal from "ilt:plugin/journal@0.1.0";
import { check, read, understood, type Schema } from "./settings";
import type {
  Adjustment,
  Advice,
  Description,
  Joining,
  NoticingQuestion,
  Priority,
  Problem,
  ScoringQuestion,
} from "./types";

export type * from "./types";

/** A line in the plugin's own log, which its owner reads. */
export const log = (line: string) => journal.log("info", line);

type Plugin<Settings> = {
  /** Small letters, digits and hyphens. */
  name: string;
  /** Such as 1.2.0. */
  version: string;
  /** What it does, in a sentence for whoever switches it on. */
  summary: string;
  settings: Schema;
  /** What is wrong with settings in which the schema finds nothing. */
  problems?: (settings: Settings) => Problem[];
};

export type Scorer<Settings> = Plugin<Settings> & {
  /** Changes of scores, each with a sentence that learners read; whatever is not named stays as it is. */
  adjust: (question: ScoringQuestion, settings: Settings) => Adjustment[];
  /** Whether somebody who joins a queue comes before others. */
  prioritise?: (joining: Joining, settings: Settings) => Priority | null;
};

export type Notifier<Settings> = Plugin<Settings> & {
  /** Changes of who is told and when; whatever is not named stays as it is. */
  advise: (question: NoticingQuestion, settings: Settings) => Advice[];
};

/** What a plugin with a say in alternatives and waitlists exports. */
export function scorer<Settings>(rules: Scorer<Settings>) {
  return {
    about: about(rules),
    scoring: {
      adjust: answers(rules, rules.adjust),
      prioritise: answers(rules, rules.prioritise ?? (() => null)),
    },
  };
}

/** What a plugin with a say in who is told of what, and when, exports. */
export function notifier<Settings>(rules: Notifier<Settings>) {
  return { about: about(rules), noticing: { advise: answers(rules, rules.advise) } };
}

function about<Settings>({ name, version, summary, ...rules }: Plugin<Settings>) {
  const schema = understood(rules.settings);
  return {
    describe: (): Description => ({ name, version, summary, settings: JSON.stringify(schema) }),
    checkConfig(text: string): Problem[] {
      const problems = check(schema, text);
      return problems.length > 0 ? problems : (rules.problems?.(read<Settings>(schema, text)) ?? []);
    },
  };
}

function answers<Settings, Question, Answer>(
  { settings }: Plugin<Settings>,
  rule: (question: Question, settings: Settings) => Answer,
) {
  return (question: Question, text: string): Answer => {
    try {
      return rule(question, read<Settings>(settings, text));
    } catch (error) {
      throw error instanceof Error ? error.message : String(error);
    }
  };
}
