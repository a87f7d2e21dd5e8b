import type { PackPlan } from './model.ts';

/**
 * The name of an app's image where nobody gives one: `acme-web` of `@acme/web`. Lower case letters, digits and single hyphens, which
 * image repositories, bake targets and folders all take.
 */
export function imageName({ app }: { readonly app: Pick<PackPlan['app'], 'name'> }): string {
  const name = app.name === '.' ? 'app' : app.name;
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
