// Sessions that are further away than a dealer travels come last; those at weekends last, first, or as they are.
import { scorer, type Adjustment, type Candidate, type Place } from "ilt-plugin";
import settings from "./settings.json";

type Settings = { most_km: number; weekends: "as-they-are" | "last" | "first" };

/** As much as counts of an opinion. */
const MOST = 0.5;

function far(place: Place | undefined, { most_km }: Settings): string | undefined {
  const km = place?.distanceKm ?? 0;
  // Rounded up: what is further must not read as if it were not.
  return km > most_km ? `Further than your dealer travels: ${Math.ceil(km)} km, at most ${most_km}.` : undefined;
}

const isAtWeekend = ({ day }: Candidate) => day === "saturday" || day === "sunday";

function opinion(candidate: Candidate, place: Place | undefined, settings: Settings): Omit<Adjustment, "candidate"> | undefined {
  const reason = far(place, settings);
  if (reason) return { change: -MOST, reason };
  if (!isAtWeekend(candidate)) return undefined;
  switch (settings.weekends) {
    case "last":
      return { change: -MOST, reason: "At the weekend, when your dealer would rather not send you." };
    case "first":
      return { change: MOST, reason: "At the weekend, as your dealer prefers." };
    case "as-they-are":
      return undefined;
  }
}

export const { about, scoring } = scorer<Settings>({
  name: "close-to-home",
  version: "1.0.0",
  summary: "Sessions that are further away than we travel come last; those at weekends last or first.",
  settings,
  adjust: ({ candidates, places }, settings) =>
    candidates.flatMap((it, candidate) => {
      const found = opinion(it, places[it.place], settings);
      return found ? [{ candidate, ...found }] : [];
    }),
});
