export { type DockerExecutorOptions, default as dockerExecutor } from './executors/docker/executor.ts';
