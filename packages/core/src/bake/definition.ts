/** The image's label that holds its whole identity. */
export const identityLabel = 'dev.stowage.identity';

/**
 * A target of a bake file, as buildx reads it. Lists hold buildx's own CSV words (`type=gha,scope=web`), which every release takes; the
 * object forms came later.
 */
export interface BakeTarget {
  readonly context: string;
  readonly args?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: readonly string[];
  readonly attest?: readonly string[];
  readonly contexts?: Readonly<Record<string, string>>;
  readonly platforms?: readonly string[];
  readonly tags?: readonly string[];
  readonly target?: string;
  readonly secret?: readonly string[];
  readonly ssh?: readonly string[];
  readonly output?: readonly string[];
  readonly network?: string;
  readonly ulimits?: readonly string[];
  readonly pull?: boolean;
  readonly 'cache-from'?: readonly string[];
  readonly 'cache-to'?: readonly string[];
  readonly 'extra-hosts'?: Readonly<Record<string, string>>;
  readonly 'shm-size'?: string;
  readonly 'no-cache'?: boolean;
  readonly 'no-cache-filter'?: readonly string[];
}

export interface BakeFile {
  readonly group: { readonly default: { readonly targets: readonly string[] } };
  /** Missing where there is none: buildx takes an empty one for a mistake. */
  readonly target?: Readonly<Record<string, BakeTarget>>;
}

/** The file's text. Every string of a bake file is a template of HCL, also in JSON: what would be evaluated is escaped. */
export function renderBakeFile(file: BakeFile): string {
  return `${JSON.stringify(file, null, 2).replaceAll(/[$%](?=\{)/g, (mark) => mark + mark)}\n`;
}

/** Whether a text is a bake file that Stowage wrote: JSON whose every target has the label of an identity, or a group that holds none. */
export function isOwnBakeFile(text: string): boolean {
  try {
    const file = JSON.parse(text) as BakeFile;
    if (file.target === undefined) return text === renderBakeFile({ group: { default: { targets: [] } } });
    return Object.values(file.target).every(({ labels }) => labels?.[identityLabel] !== undefined);
  } catch {
    return false;
  }
}
