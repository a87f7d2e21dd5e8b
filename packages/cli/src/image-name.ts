import type { PackPlan } from '@stowage/core';

/** The app's name without its scope, as Docker accepts it in a tag and every system in a path. */
export function imageName({ app }: PackPlan): string {
  const unscoped = app.name.slice(app.name.lastIndexOf('/') + 1).toLowerCase();
  return unscoped.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '') || 'app';
}
