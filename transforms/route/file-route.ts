import { FILE_HEADERS } from '../../src/values/file-headers.ts';
import { filledIn, type Template, type TemplatePart } from '../shared/template.ts';
import type { HeaderTemplate, Route } from './route-options.ts';

/** The route of one file's rows: what the file says is filled in. */
export interface FileRoute {
  readonly topic: Template | null;
  readonly partition: Template | null;
  readonly headers: readonly HeaderTemplate[];
  /** Constants and the parts of the file's name, which come before fields of the same name. */
  readonly known: ReadonlyMap<string, string>;
}

/** null when the file's name does not match the pattern. */
export function fileRoute(route: Route, path: string, name: string): FileRoute | null {
  const { constants, filePattern } = route;
  const parts = filePattern === null ? NOTHING : filePattern.match(path);
  if (parts === null) return null;
  const fileHeaders = new Map([
    [FILE_HEADERS.path, path],
    [FILE_HEADERS.name, name],
  ]);
  const textOf = (part: TemplatePart) => (part.from === 'name' ? parts : fileHeaders).get(part.name);
  const bound = (template: Template | null) => (template === null ? null : filledIn(template, textOf));
  return {
    topic: bound(route.topic),
    partition: bound(route.partition),
    headers: route.headers.map((header) => ({ ...header, template: filledIn(header.template, textOf) })),
    known: new Map([...constants, ...parts]),
  };
}

const NOTHING: ReadonlyMap<string, string> = new Map();
