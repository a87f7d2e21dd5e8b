/** Hours until the next high tide after an hour of the day. */
export function nextTide(hour) {
  return 12.4 - (hour % 12.4);
}
