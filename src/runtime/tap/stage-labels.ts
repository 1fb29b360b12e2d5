import type { ConnectorOutline } from '../../config/connector-outline.ts';

interface Stages {
  readonly parser: Pick<ConnectorOutline['parser'], 'label'>;
  readonly transformations: readonly Pick<ConnectorOutline['parser'], 'label'>[];
}

/** The stages behind which records are there, in order: the parser, and the transformations. */
export function stageLabels({ parser, transformations }: Stages): readonly string[] {
  return [parser, ...transformations].map(({ label }) => label);
}
