/** A feed as it is sent. */
export const FEED = {
  'connector.class': 'directory',
  'tasks.max': '1',
  'input.path': './drop',
  transforms: 'parse,route',
  'transforms.parse.type': 'csv',
  'transforms.route.type': 'route',
  'transforms.route.topic': 'trades',
  name: 'v',
} as const;
