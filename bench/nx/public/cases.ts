/** An app of a public integrated Nx workspace, at a commit. */
export interface PublicCase {
  /** Of GitHub. The clone's folder is called like the repository's last part. */
  readonly repository: string;
  readonly commit: string;
  readonly app: string;
  readonly about: string;
  /** Files that are added: what a user of the repository would write for Stowage. */
  readonly files?: Readonly<Record<string, string>>;
  /** A text that is taken out, so that the build needs nothing of a network. */
  readonly without?: { readonly file: string; readonly text: RegExp };
  /** Absent where it can be packed and not built without a network. */
  readonly asked?: { readonly port: number; readonly path: string };
}

export const publicCases: readonly PublicCase[] = [
  {
    repository: 'stefanoslig/angular-ngrx-nx-realworld-example-app',
    commit: 'f773cdecccc674f5e145410cc0f88e4841a21a3c',
    app: 'conduit',
    about: 'Angular on esbuild, Nx 22.6, npm',
    // Angular writes Google's style sheet into the page.
    without: { file: 'apps/conduit/src/index.html', text: /<link\s+href="\/\/fonts\.googleapis[^>]*>/ },
    asked: { port: 8080, path: '/' },
  },
  {
    repository: 'rfprod/nx-ng-starter',
    commit: '3c2935d6a62750681a82871d7de220d2d92636a6',
    app: 'api',
    about: 'Nest on webpack (GraphQL, gRPC), Nx 22.6, yarn 4.13',
    files: {
      'apps/api/stowage.json': '{ "include": ["tools/proto/**"], "port": 8080 }\n',
      // As the repository's own Dockerfile does: the app reads both by paths that it makes at run time.
      'apps/api/stowage.Dockerfile': `FROM runtime
COPY --from=stowage-src /tools/proto /app/dist/apps/tools/proto
COPY --from=stowage-src /libs/backend-gql/schema.gql /app/apps/api/schema.gql
`,
    },
    asked: { port: 8080, path: '/index.html' },
  },
  {
    repository: 'ghostfolio/ghostfolio',
    commit: 'c542997d27990365b607c7a6c9fe4bc8835a55c8',
    app: 'api',
    about: 'Nest on webpack, Nx 23.1, npm; Prisma fetches its engines',
  },
];
