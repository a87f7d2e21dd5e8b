import { describe, expect, it } from 'vitest';
import { Repository } from '../kit/repository.ts';
import { compareTrees } from '../kit/trees.ts';

describe('a pruned install holds what the whole install holds for the closure', () => {
  it.each([
    ['pnpm-node-and-vite', '@harbor/api'],
    ['pnpm-node-and-vite', '@harbor/web'],
    ['npm-node-and-vite', '@harbor/api'],
    ['npm-node-and-vite', '@harbor/web'],
  ])('%s: %s', async (example, app) => {
    const repository = Repository.ofExample(example);
    try {
      const { packages, differences } = await compareTrees(repository.folder, app);
      expect(differences).toEqual([]);
      expect(packages).toBeGreaterThan(3);
    } finally {
      repository.remove();
    }
  });
});
