export function nextTide(hour: number): number;
