import type { ConnectCase } from '../connect-case.ts';
import { castCases } from './cast.ts';
import {
  extractFieldCases,
  flattenCases,
  hoistFieldCases,
  replaceFieldCases,
  valueToKeyCases,
} from './fields.ts';
import {
  dropHeadersCases,
  filterCases,
  hasHeaderKeyCases,
  insertHeaderCases,
  recordIsTombstoneCases,
  setSchemaMetadataCases,
} from './headers.ts';
import { timestampConverterCases } from './timestamps.ts';
import { regexRouterCases, timestampRouterCases, topicNameMatchesCases } from './topics.ts';
import { headerFromCases, insertFieldCases, maskFieldCases } from './values.ts';

export const allCases: readonly ConnectCase[] = [
  ...castCases,
  ...dropHeadersCases,
  ...extractFieldCases,
  ...filterCases,
  ...flattenCases,
  ...hasHeaderKeyCases,
  ...headerFromCases,
  ...hoistFieldCases,
  ...insertFieldCases,
  ...insertHeaderCases,
  ...maskFieldCases,
  ...recordIsTombstoneCases,
  ...regexRouterCases,
  ...replaceFieldCases,
  ...setSchemaMetadataCases,
  ...timestampConverterCases,
  ...timestampRouterCases,
  ...topicNameMatchesCases,
  ...valueToKeyCases,
];
