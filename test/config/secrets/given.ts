import { entriesOf } from '../../../src/config/read/config-entry.ts';
import { resolveEntries } from '../../../src/config/read/config-providers.ts';
import type { Environment } from '../../../src/config/read/environment.ts';
import { askStores } from '../../../src/config/secrets/ask-stores.ts';
import type { SecretStore } from '../../../src/config/secrets/secret-store.ts';

/** A store that is declared by the name of its kind, or by one of its own. */
export function storeOf(
  kind: SecretStore['kind'],
  params: Readonly<Record<string, string>> = {},
  name: string = kind,
): SecretStore {
  return { name, kind, params };
}

/** What becomes of a value with references to stores: itself resolved, or what is wrong with it. */
export async function given(
  text: string,
  stores: readonly SecretStore[],
  environment: Environment = {},
): Promise<string | null | undefined> {
  const asked = await askStores(entriesOf({ key: text }, 'feed.yaml'), stores, environment);
  const { entries, problems } = resolveEntries(asked, { environment: {}, allowedPaths: [] });
  return problems[0]?.message ?? entries.get('key')?.value;
}
