export { default as dockerExecutor, type DockerExecutorOptions } from './executors/docker/executor.ts';
