export interface Deadline {
  signal: AbortSignal;
  /** The time was over; not that it was told to stop. */
  isLate(): boolean;
  /** Lets go of the timer and of `stop`. */
  end(): void;
}

/**
 * A signal that is aborted after a time, or when `stop` is. By a timer that holds it: what AbortSignal.any makes of
 * AbortSignal.timeout may be collected as garbage before its time, and is never aborted then (Node 20; seen).
 */
export function deadline(timeoutMs: number, stop: AbortSignal): Deadline {
  const controller = new AbortController();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    controller.abort(new DOMException("It took too long.", "TimeoutError"));
  }, timeoutMs);
  const onStop = () => controller.abort(stop.reason);
  if (stop.aborted) onStop();
  else stop.addEventListener("abort", onStop, { once: true });
  return {
    signal: controller.signal,
    isLate: () => isLate,
    end() {
      clearTimeout(timer);
      stop.removeEventListener("abort", onStop);
    },
  };
}
