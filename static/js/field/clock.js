// The phone's clock beside the office's: a wrong one is noticed and said, never corrected in what was recorded.

/** A clock that is off by more seconds than this is told to its person. */
export const TOLD_S = 300;

/**
 * Seconds by which the phone is ahead of the office (negative: behind).
 * The office's moment lies between the sending and the answer; half of that time is the error at most.
 */
export function offset(serverAt, sentMs, answeredMs) {
  const office = Date.parse(serverAt);
  return Number.isNaN(office) ? null : (sentMs + (answeredMs - sentMs) / 2 - office) / 1000;
}

/** Whether the person should be told. */
export function isWrong(seconds) {
  return seconds !== null && Math.abs(seconds) > TOLD_S;
}
