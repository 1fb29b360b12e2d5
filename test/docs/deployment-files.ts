import { expect } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { page } from './markdown.ts';

/** A part of a file whose form is somebody else's, of which each test knows what it looks at. */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Known = any;

/** A JSON file of config/deployment. */
export function deploymentJson(name: string): Known {
  return JSON.parse(page(`config/deployment/${name}`).text);
}

/** The objects of a file for Kubernetes. */
export function kubernetesObjects(name: string): Known[] {
  return parseAllDocuments(page(`config/deployment/${name}`).text).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
}
