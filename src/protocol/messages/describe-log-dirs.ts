import {
  api,
  array,
  bool,
  type DecodedMessage,
  type EncodableMessage,
  int16,
  int32,
  int64,
  message,
  safeInt64,
  string,
} from '../schema.js';

/**
 * Log directories of the broker that is asked, and the replicas in them with their sizes (KIP-113). Version 4 adds the
 * volume's total and usable bytes (KIP-827), 5 whether it is cordoned (KIP-1066).
 */
export const describeLogDirs = api({
  key: 35,
  name: 'DescribeLogDirs',
  listeners: ['broker'],
  request: message('DescribeLogDirsRequest', '1-5', '2+', {
    topics: array(
      {
        topic: string(),
        partitions: array(int32()),
      },
      '0+',
      { nullable: '0+' },
    ),
  }),
  response: message('DescribeLogDirsResponse', '1-5', '2+', {
    throttleTimeMs: int32(),
    errorCode: int16('3+', { ignorable: true }),
    results: array({
      errorCode: int16(),
      logDir: string(),
      topics: array({
        name: string(),
        partitions: array({
          partitionIndex: int32(),
          partitionSize: safeInt64(),
          offsetLag: int64(),
          isFutureKey: bool(),
        }),
      }),
      totalBytes: safeInt64('4+', { default: -1, ignorable: true }),
      usableBytes: safeInt64('4+', { default: -1, ignorable: true }),
      isCordoned: bool('5+', { ignorable: true }),
    }),
  }),
});

export interface DescribeLogDirsRequest extends DecodedMessage<typeof describeLogDirs.request> {}
export interface DescribeLogDirsRequestInput extends EncodableMessage<typeof describeLogDirs.request> {}
export interface DescribeLogDirsResponse extends DecodedMessage<typeof describeLogDirs.response> {}
export interface DescribeLogDirsResponseInput extends EncodableMessage<typeof describeLogDirs.response> {}
