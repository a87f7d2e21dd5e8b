/** What every app of this repository shows, so that a page proves that the shared package is in the image. */
export function greet(name: string): string {
  return `Ahoy, ${name}!`;
}
