import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { sharedServer, uniqueName } from './stack.ts';

/** The server of queues that all test files share. It takes any credentials. */
export interface SharedSqs {
  readonly endpoint: string;
}

/** A queue with a client that reaches it. */
export interface SqsQueue extends SharedSqs {
  readonly url: string;
  readonly client: SQSClient;
  send(body: string): Promise<void>;
  /** Messages in it that nobody has deleted, whether somebody holds them or not. */
  count(): Promise<number>;
}

export function sharedSqs(): Promise<SharedSqs> {
  return sharedServer('sqs');
}

/** A new, empty queue on the shared server. @param attributes as SQS calls them, such as `VisibilityTimeout` in s */
export async function newSqsQueue(
  purpose = 'queue',
  attributes: Readonly<Record<string, string>> = {},
): Promise<SqsQueue> {
  const { endpoint } = await sharedSqs();
  const credentials = { accessKeyId: 'tests', secretAccessKey: 'any' };
  const client = new SQSClient({ endpoint, region: 'us-east-1', credentials });
  const created = await client.send(
    new CreateQueueCommand({ QueueName: uniqueName(purpose), Attributes: attributes }),
  );
  const QueueUrl = created.QueueUrl as string;
  return {
    ...{ endpoint, client, url: QueueUrl },
    async send(MessageBody) {
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    },
    async count() {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
      );
      return (
        Number(Attributes.ApproximateNumberOfMessages) +
        Number(Attributes.ApproximateNumberOfMessagesNotVisible)
      );
    },
  };
}
