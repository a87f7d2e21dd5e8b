/** What a job of a child pipeline does for one image; `stowage affected --format gitlab` names it in each job. */
export function gitlabJob(stowage: string): string {
  return `# Builds and pushes one image. Written by \`stowage init\`: yours to change.
.stowage:
  image: docker:28
  services:
    - docker:28-dind
  variables:
    DOCKER_TLS_CERTDIR: /certs
  before_script:
    - apk add --no-cache git nodejs npm
    - echo "$CI_REGISTRY_PASSWORD" | docker login --username "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
    - docker context create stowage
    - docker buildx create --name stowage --use stowage
  script:
    - ${stowage} build "$STOWAGE_APP" --push --tag "$CI_REGISTRY_IMAGE/{app}:$CI_COMMIT_SHA" --cache "$CI_REGISTRY_IMAGE/cache" --metadata images.json
  artifacts:
    paths:
      - images.json
`;
}

/** The jobs of the pipeline itself: find the affected images, and start a pipeline of a job for each. */
export function gitlabPlan(stowage: string): string {
  return `# Finds the images that a change affects, and starts a pipeline that builds them. Written by \`stowage init\`: yours to change.
plan-images:
  image: node:22
  variables:
    GIT_DEPTH: "0" # the commit to compare with
  script:
    - ${stowage} affected --format gitlab --on-unknown-base all > affected-images.yml
  artifacts:
    paths:
      - affected-images.yml

images:
  needs:
    - plan-images
  trigger:
    include:
      - artifact: affected-images.yml
        job: plan-images
    strategy: depend
`;
}
