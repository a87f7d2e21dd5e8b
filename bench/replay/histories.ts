/** One history that bench/README.md tells of. */
export interface KnownHistory {
  /** `owner/name` at GitHub; a clone is called after it. */
  readonly repository: string;
  /** The last commit that is looked at. */
  readonly head: string;
  /**
   * Apps, each with its S3r: percent of the steps at which what its install depends on changed, the root's own packages with it. It was counted
   * once over these commits by a program that shares nothing with Stowage or oracle.ts; not of the histories with yarn 1.
   */
  readonly apps: Readonly<Record<string, number | undefined>>;
}

export const histories: Readonly<Record<string, KnownHistory>> = {
  langfuse: { repository: 'langfuse/langfuse', head: '62751446149b702b419a9292ddfc2280cdf74b8c', apps: { web: 5.0, worker: 6.0 } },
  documenso: { repository: 'documenso/documenso', head: '75330166cc00b29c14399bc2e391e4b4d8080c00', apps: { '@documenso/remix': 8.5 } },
  plane: {
    repository: 'makeplane/plane',
    head: '4ca6d6c7b807ad09bb571af2c43e85bf47c3ec6b',
    apps: { web: 11.2, live: 10.7, admin: 10.2, space: 10.2 },
  },
  hedgedoc: {
    repository: 'hedgedoc/hedgedoc',
    head: 'd706c2b2adc9c066125d08936b9f416ba911ef4e',
    apps: { '@hedgedoc/backend': 17.1, '@hedgedoc/frontend': 17.6 },
  },
  typebot: {
    repository: 'baptisteArno/typebot.io',
    head: '830ba7139bc1e4146ee078c8241bd0b7b25cc218',
    apps: { builder: 13.1, workflows: 9.0 },
  },
  excalidraw: { repository: 'excalidraw/excalidraw', head: '4872083c044491b6d5c96ae134a75464f96d6831', apps: { 'excalidraw-app': undefined } },
  'plane-yarn1': {
    repository: 'makeplane/plane',
    head: 'd8f58d28edac25a076cfac53652673de91926a90',
    apps: { web: undefined, live: undefined, admin: undefined, space: undefined },
  },
};

/** Points that Stowage may be above S3r. */
export const allowedAbove = 0.5;
