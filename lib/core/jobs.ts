export type JobState = "waiting" | "running" | "cancelling" | "cancelled" | "done" | "failed";

/** A job as a page shows it. Instants in ISO 8601. */
export interface JobView {
  id: string;
  title: string;
  state: JobState;
  /** Null where it isn't known how much there is. */
  total: number | null;
  done: number;
  /** What is counted. */
  unit: string;
  notes: string[];
  actor: string;
  createdAt: string;
  finishedAt: string | null;
  canCancel: boolean;
  canResume: boolean;
  /** The change that it made so far. */
  changeId: number | null;
}
