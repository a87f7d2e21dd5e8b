import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import type { ExecutorContext } from '@nx/devkit';
import { ErrorCode, StowageError } from '@stowage/core';
import { imageTags, tagOfBuild } from '../../image-tags.ts';
import { toldIfItFails } from '../../tell.ts';
import { tokenFacts } from '../../tokens.ts';

/** As `schema.json` describes them. */
export interface RunExecutorOptions {
  readonly tag?: string;
  readonly publish?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

/** `nx run <project>:docker-run`: the image of the project in a container, in the foreground, until it ends or is interrupted. */
export default function runImage(options: RunExecutorOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return toldIfItFails(async () => {
    const [image = ''] = imageTags(options.tag ?? tagOfBuild(context), appName(context), tokenFacts(context));
    const publish = options.publish ?? (await exposedPorts(image)).map((port) => `${port.replace(/\/.*/, '')}:${port}`);
    const status = await docker([
      ...['run', '--rm'],
      ...publish.map((ports) => `--publish=${ports}`),
      ...Object.entries(options.env ?? {}).map(([name, value]) => `--env=${name}=${value}`),
      ...(options.args ?? []),
      image,
    ]);
    return status === 0;
  });
}

/** The name that `docker` gives the image where no tag is told: the package's. */
function appName({ projectName = '', projectGraph }: ExecutorContext): string {
  return projectGraph.nodes[projectName]?.data.metadata?.js?.packageName ?? projectName;
}

async function exposedPorts(image: string): Promise<string[]> {
  try {
    const { stdout } = await promisify(execFile)('docker', ['image', 'inspect', '--format={{json .Config.ExposedPorts}}', image]);
    return Object.keys(JSON.parse(stdout) ?? {}).map((port) => port.replace(/\/tcp$/, ''));
  } catch (cause) {
    throw new StowageError(ErrorCode.ToolFailed, `Docker has no image "${image}", or does not answer.`, {
      hint: 'The target that builds it must give it that name: set the same "tag" for both.',
      cause,
    });
  }
}

function docker(words: readonly string[]): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn('docker', words, { stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', resolve);
  });
}
