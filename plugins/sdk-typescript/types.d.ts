// The contract ilt:plugin@0.1.0, as TypeScript sees it. What is not known is null; positions count from 0.

/** Seconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

export type Weekday = "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday";

/** What is wrong with settings: where, as a JSON pointer, and what. */
export type Problem = { pointer: string; detail: string };

export type Description = { name: string; version: string; summary: string; settings: string };

// Which sessions are offered first, and who waits in front.

export type Course = {
  id: string;
  programmeType: string;
  topics: string[];
  track: string | null;
  prerequisites: string[];
};

export type Place = {
  id: string;
  country: string;
  /** From where the learner would rather be trained. */
  distanceKm: number | null;
};

export type Learner = {
  id: string;
  dealer: string | null;
  /** Courses that they hold now. */
  holds: string[];
};

/** A session that could be taken. Course and place are positions in the lists beside it. */
export type Candidate = {
  id: string;
  course: number;
  place: number;
  starts: Instant;
  ends: Instant;
  /** On the clock of the place where it begins. */
  day: Weekday;
  /** Minutes after midnight on that clock. */
  minute: number;
  parts: number;
  seatsOpen: number;
  waiting: number;
  /** Of the wanted course, or of one that counts as it: these come before all others, whatever they score. */
  same: boolean;
  daysLater: number;
  score: number;
  proximity: number;
  availability: number;
  relevance: number;
};

export type ScoringQuestion = {
  now: Instant;
  learner: Learner;
  /** The session that was wanted. */
  wanted: string;
  wantedCourse: number;
  courses: Course[];
  places: Place[];
  candidates: Candidate[];
};

/** What is added to a candidate's score, and why, in a short sentence that the learner reads. */
export type Adjustment = { candidate: number; change: number; reason: string };

export type Joining = {
  now: Instant;
  learner: Learner;
  course: Course;
  place: Place;
  session: string;
  starts: Instant;
  waiting: number;
};

/** 1 to 9, whoever has more comes first; and why, in a short sentence that everybody who sees the place reads. */
export type Priority = { level: number; reason: string };

// Who is told of what, and when.

export type Role = "learner" | "manager" | "approver" | "instructor" | "dealer-admin" | "admin";

/** What is urgent is never moved and never muted; a digest comes with everything else of the day. */
export type Pace = "urgent" | "at-once" | "digest";

/** What happened, as far as rules may know. */
export type Happening = {
  /** Its word, such as registration.cancelled. */
  kind: string;
  at: Instant;
  session: string | null;
  course: string | null;
  starts: Instant | null;
  learner: string | null;
  dealer: string | null;
  /** Of an attendance that is settled: attended, partial, excused or no-show. */
  outcome: string | null;
  /** How often this learner did not come in the 365 days up to now, this time included. */
  noShows: number;
  /** Whether it was given back inside the time that counts as late. */
  late: boolean;
};

/** Somebody who will be told; day and minute are what the clock says where they are. */
export type Notice = {
  person: string;
  role: Role;
  pace: Pace;
  mayBeMuted: boolean;
  day: Weekday;
  minute: number;
};

export type NoticingQuestion = { happening: Happening; notices: Notice[] };

/** Of a notice, by its position; or, with `add`, of somebody of the learner's dealer who is told too. */
export type Change =
  | { tag: "mute" | "to-digest"; val: number }
  | { tag: "at-minute"; val: [notice: number, minute: number] }
  | { tag: "add"; val: [Role, Pace] };

export type Advice = { change: Change; reason: string };
