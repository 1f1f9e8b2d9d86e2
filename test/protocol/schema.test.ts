import { describe, expectTypeOf, it } from 'vitest';
import type { CreateTopicsRequestInput } from '../../src/protocol/messages/create-topics.js';
import type { MetadataRequest, MetadataRequestInput, MetadataResponse } from '../../src/protocol/messages/metadata.js';
import type { OffsetCommitRequestInput } from '../../src/protocol/messages/offset-commit.js';
import type { PartitionChangeRecordInput } from '../../src/protocol/metadata-records/partition-change-record.js';

describe('types of messages', () => {
  it('have every field when decoded, null where some version has it', () => {
    expectTypeOf<MetadataRequest['allowAutoTopicCreation']>().toEqualTypeOf<boolean>();
    expectTypeOf<MetadataRequest['topics']>().extract<null>().toEqualTypeOf<null>();
    expectTypeOf<MetadataResponse['brokers'][number]>().toEqualTypeOf<{
      readonly nodeId: number;
      readonly host: string;
      readonly port: number;
      readonly rack: string | null;
    }>();
  });

  it('ask, when encoded, for the fields that every version has and that have no default', () => {
    expectTypeOf<{ topics: null }>().toExtend<MetadataRequestInput>();
    expectTypeOf<{ allowAutoTopicCreation: true }>().not.toExtend<MetadataRequestInput>();
    expectTypeOf<{ topics: []; timeoutMs: 1 }>().toExtend<CreateTopicsRequestInput>();
    expectTypeOf<{ topics: [{ name: 1 }]; timeoutMs: 1 }>().not.toExtend<CreateTopicsRequestInput>();
    expectTypeOf<{ topicId: string; leader: number }>().toExtend<PartitionChangeRecordInput>();
  });

  it('have offsets as bigint and times as number', () => {
    type Partition = OffsetCommitRequestInput['topics'][number]['partitions'][number];
    expectTypeOf<Partition['committedOffset']>().toEqualTypeOf<bigint>();
    expectTypeOf<OffsetCommitRequestInput['retentionTimeMs']>().toEqualTypeOf<number | undefined>();
  });

  it('take what was decoded', () => {
    expectTypeOf<MetadataRequest>().toExtend<MetadataRequestInput>();
  });
});
