import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';

export interface NpmResult {
  readonly status: number;
  readonly output: string;
}

export interface ExactNpm {
  readonly version: string;
  run(folder: string, ...args: string[]): Promise<NpmResult>;
}

const quiet = { npm_config_audit: 'false', npm_config_fund: 'false', npm_config_update_notifier: 'false', npm_config_prefer_offline: 'true' };

/** One exact npm, fetched once by npx. */
export function exactNpm(version: string): ExactNpm {
  const options = ['--yes', `--package=npm@${version}`, '--call'];
  const path = execFileSync('npx', [...options, 'node -p "process.env.PATH.split(\':\')[0]"'], {
    encoding: 'utf8',
    env: { ...process.env, ...quiet },
  });
  const program = join(path.trim(), 'npm');
  return {
    version,
    run: (folder, ...args) =>
      new Promise((resolve) => {
        execFile(program, args, { cwd: folder, env: { ...process.env, ...quiet }, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
          const status = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
          resolve({ status, output: `${stdout}${stderr}` });
        });
      }),
  };
}
