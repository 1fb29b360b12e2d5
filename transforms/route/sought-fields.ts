import type { SoughtField } from '../../src/plugin/index.ts';
import type { Template } from '../shared/template.ts';
import type { Route } from './route-options.ts';

/** The fields of the row that a route names; constants and parts of the file's name come before them. */
export function soughtFields(route: Route): SoughtField[] {
  const { constants, filePattern } = route;
  const isField = (name: string) => !constants.has(name) && !(filePattern?.names.includes(name) ?? false);
  const refused = (key: string) => (name: string) => ({ name, key, lack: 'refused' }) as const;
  const inTemplate = (key: string, template: Template | null) => namesIn(template).map(refused(key));
  const sought = [
    ...inTemplate('topic', route.topic),
    ...route.key.map(refused('key')),
    ...inTemplate('partition', route.partition),
    ...(route.timestamp === null ? [] : [refused('timestamp')(route.timestamp)]),
    ...route.headers.flatMap(({ name, template }) => inTemplate(`headers.${name}`, template)),
  ];
  return sought.filter(({ name }) => isField(name));
}

function namesIn(template: Template | null): string[] {
  return (template?.parts ?? []).filter(({ from }) => from === 'name').map(({ name }) => name);
}
