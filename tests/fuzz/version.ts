export function major(version: string): number {
  return Number(version.split('.')[0]);
}

export function minor(version: string): number {
  return Number(version.split('.')[1]);
}
