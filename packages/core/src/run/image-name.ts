import type { PackPlan } from '../model.ts';

/** The app's name without its scope, as Docker accepts it for an image and every system in a path. */
export function imageName({ app }: PackPlan): string {
  const unscoped = app.name.slice(app.name.lastIndexOf('/') + 1).toLowerCase();
  return unscoped.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '') || 'app';
}
