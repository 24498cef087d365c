// Sessions that are further away than we travel come last.
import { scorer } from "ilt-plugin";
import settings from "./settings.json";

type Settings = { most_km: number };

export const { about, scoring } = scorer<Settings>({
  name: "{{name}}",
  version: "1.0.0",
  summary: "Sessions that are further away than we travel come last.",
  settings,
  adjust: ({ candidates, places }, { most_km }) =>
    candidates.flatMap(({ place }, candidate) => {
      const km = places[place]?.distanceKm ?? 0;
      return km > most_km ? [{ candidate, change: -0.3, reason: "Further than your dealer travels." }] : [];
    }),
});
