// What happens at night is told in the morning; what is urgent is told all the same.
import { notifier } from "ilt-plugin";
import settings from "./settings.json";

type Settings = { hour: number };

export const { about, noticing } = notifier<Settings>({
  name: "{{name}}",
  version: "1.0.0",
  summary: "What happens at night is told in the morning.",
  settings,
  advise: ({ notices }, { hour }) =>
    notices.flatMap(({ pace, minute }, notice) =>
      pace === "at-once" && minute < hour * 60
        ? [{ change: { tag: "at-minute", val: [notice, hour * 60] }, reason: "It waits until the morning." }]
        : [],
    ),
});
