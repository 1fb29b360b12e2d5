import { globSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { blocksOf, page, ROOT } from './markdown.ts';

/** What S3 and SQS ask rights for: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
const S3_ACTIONS = new Map(
  Object.entries({
    listObjectsV2: 's3:ListBucket',
    headBucket: 's3:ListBucket',
    headObject: 's3:GetObject',
    getObject: 's3:GetObject',
    deleteObject: 's3:DeleteObject',
    putObject: 's3:PutObject',
    copyObject: 's3:PutObject',
    createMultipartUpload: 's3:PutObject',
    uploadPartCopy: 's3:PutObject',
    completeMultipartUpload: 's3:PutObject',
    abortMultipartUpload: 's3:AbortMultipartUpload',
    getObjectTagging: 's3:GetObjectTagging',
    putObjectTagging: 's3:PutObjectTagging',
    receiveMessage: 'sqs:ReceiveMessage',
    deleteMessageBatch: 'sqs:DeleteMessage',
  }),
);
/** And Azure: https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory */
const AZURE_ACTIONS = new Map(
  Object.entries({
    listBlobsFlat: 'read',
    getProperties: 'read',
    download: 'read',
    delete: 'delete',
    beginCopyFromURL: 'write',
    upload: 'write',
    getTags: 'tags/read',
    setTags: 'tags/write',
  }),
);

/** What a connector calls, by what stands before the call. */
function callsOf(connector: string, call: RegExp): string[] {
  const modules = globSync(`connectors/${connector}/*.ts`, { cwd: ROOT }).map((path) => page(path).text);
  return [...new Set(modules.flatMap((text) => [...text.matchAll(call)].map(([, name = '']) => name)))];
}

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, unknown>>;
}

const blocks = blocksOf(page('docs/least-privilege.md')).filter(({ lang }) => lang === 'json');
const policies = blocks.filter(({ note }) => note.startsWith('policy '));
const statements = policies.flatMap(({ note, text }) => {
  const { Statement: all } = JSON.parse(text) as { readonly Statement: readonly Statement[] };
  return all.map((statement) => ({ policy: note.slice('policy '.length), ...statement }));
});
const listed = (value: string | readonly string[] | undefined) => [value ?? []].flat();

describe('every policy of AWS', () => {
  test('has the version of the language, and its statements a name of their own', () => {
    for (const { text } of policies) expect(JSON.parse(text)).toMatchObject({ Version: '2012-10-17' });
    const names = statements.map(({ Sid }) => Sid);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(statements.map((statement) => [statement.Sid, statement] as const))(
    '%s allows actions by their names, on what it names',
    (_, { policy, Effect, Action, Resource }) => {
      expect(Effect).toBe('Allow');
      for (const action of listed(Action)) expect(action).toMatch(/^(s3|kms|sts|sqs):[A-Z][A-Za-z]+$/);
      for (const resource of listed(Resource))
        expect(resource).toMatch(/^arn:aws:\w+:[\w-]*:\d*:[\w./:-]+\*?$/);
      // A role's trust is in the role itself.
      expect(listed(Resource).length > 0).toBe(policy !== 'trust');
    },
  );

  test('what lists is on the bucket, what reads and writes on objects below the prefix that is watched or moved to', () => {
    const ofS3 = statements.filter(({ policy }) => policy.startsWith('s3-'));
    for (const { Action, Resource } of ofS3) {
      const isOfBucket = listed(Action).includes('s3:ListBucket');
      for (const arn of listed(Resource))
        expect(/\/(drop\/trades|done|failed)\/\*$/.test(arn)).toBe(!isOfBucket);
    }
    expect(ofS3[0]?.Condition).toEqual({ StringLike: { 's3:prefix': 'drop/trades/*' } });
  });
});

test('the table of what a feed needs names the statements that there are', () => {
  const { text } = page('docs/least-privilege.md');
  const table = text.slice(text.indexOf('| the feed has '), text.indexOf('```json policy s3-finish'));
  const named = [...table.matchAll(/`([A-Z]\w+)`/g)].map(([, name]) => name);
  const finishing = statements.filter(({ policy }) => policy === 's3-finish').map(({ Sid }) => Sid);
  expect([...new Set(named)].sort()).toEqual(finishing.sort());
});

test('roles of Google and Azure have the permissions that the page tells', () => {
  const role = (note: string) => JSON.parse(blocks.find((block) => block.note === note)?.text ?? '');
  const told = [...page('docs/least-privilege.md').text.matchAll(/`(storage\.objects\.\w+)`/g)];
  expect(role('role gcs').includedPermissions).toEqual([...new Set(told.map(([, name]) => name))].sort());
  const actions = role('role azure').DataActions.map((action: string) => action.split('/blobs/')[1]);
  const calls = callsOf('azure-blob', /(?:\)|client)\.(\w+)\(/gi);
  const ofTags = ['tags/read', 'tags/write'];
  const needed = calls.flatMap((call) => AZURE_ACTIONS.get(call) ?? []);
  expect([...actions, ...ofTags].sort()).toEqual([...new Set(needed)].sort());
  for (const action of ofTags)
    expect(page('docs/least-privilege.md').text).toContain(`\`…/blobs/${action}\``);
});

test('the policies of S3 allow what the connector calls, and nothing else', () => {
  const calls = callsOf('s3', /\b(?:s3|client)\.(?!destroy)([a-z]\w+)\(/g);
  expect(calls.filter((call) => !S3_ACTIONS.has(call))).toEqual([]);
  const ofS3 = statements.filter(({ policy }) => policy.startsWith('s3-') || policy === 'sqs');
  const allowed = ofS3.flatMap(({ Action }) => listed(Action));
  const needed = calls.map((call) => S3_ACTIONS.get(call));
  expect([...new Set(allowed)].sort()).toEqual([...new Set(needed)].sort());
});
