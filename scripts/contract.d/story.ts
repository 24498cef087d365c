// The story of the demo, told by a client in TypeScript that is generated from the document and checked against it before it runs.
//
// sign in as a learner · find a session with filters, page by page · register · hear that it is full · take an alternative · cancel
import createClient from "openapi-fetch";
import type { components, paths } from "./contract.js";

type Session = components["schemas"]["SessionView"];

declare const process: { env: Record<string, string> };

const town: { course: string } = JSON.parse(process.env["TOWN"]!);
const client = createClient<paths>({
  baseUrl: process.env["BASE"]!,
  headers: { Authorization: `Bearer ${process.env["TOKEN"]}` },
});

function must(what: unknown, words: string, seen: unknown): asserts what {
  if (!what) throw new Error(`${words}: ${JSON.stringify(seen)}`);
}

/** Every session of the course that can be booked, two at a time. */
async function found(course: string): Promise<Session[]> {
  const lines: Session[] = [];
  let cursor: string | undefined;
  for (;;) {
    const query = { course, status: "published", limit: 2, ...(cursor && { cursor }) } as const;
    const { data, error } = await client.GET("/v1/sessions", { params: { query } });
    must(data && data.items.length <= 2, "a page of two at most", error ?? data);
    lines.push(...data.items);
    if (!data.next) return lines;
    cursor = data.next;
  }
}

const me = await client.GET("/v1/me");
must(me.data?.roles?.[0]?.role === "learner", "a learner has signed in", me.error ?? me.data);

const lines = await found(town.course);
must(lines.length === 7 && new Set(lines.map((line) => line.id)).size === 7, "each session once", lines);
const full = lines.find((line) => line.seats.open === 0);
must(full, "one is full", lines);

const path = { id: full.id };
const refused = await client.POST("/v1/sessions/{id}/registrations", { params: { path }, body: {} });
must(refused.error?.code === "session-full", "it is refused", refused.data);
const { alternatives } = refused.error as unknown as { alternatives: components["schemas"]["AlternativeView"][] };
const first = alternatives[0];
must(first && alternatives.length <= 3 && first.reason, "there are alternatives, with reasons", refused.error);

const taken = await client.POST("/v1/alternatives/{id}/take", { params: { path: { id: first.id } } });
must(taken.data?.status === "confirmed", "the alternative is taken", taken.error);

const gone = await client.POST("/v1/registrations/{id}/cancel", {
  params: { path: { id: taken.data.id } },
  body: { reason: "a client that was generated" },
});
must(gone.data?.status === "cancelled", "it is cancelled", gone.error);
