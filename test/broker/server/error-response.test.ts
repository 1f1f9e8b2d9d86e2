import { describe, expect, it } from 'vitest';
import { errorResponse } from '../../../src/broker/server/error-response.js';
import { KafkaError } from '../../../src/model/errors.js';
import { ZERO_UUID } from '../../../src/model/uuid.js';
import { alterConfigs } from '../../../src/protocol/messages/alter-configs.js';
import { createPartitions } from '../../../src/protocol/messages/create-partitions.js';
import { createTopics } from '../../../src/protocol/messages/create-topics.js';
import { deleteTopics } from '../../../src/protocol/messages/delete-topics.js';
import { electLeaders } from '../../../src/protocol/messages/elect-leaders.js';
import { incrementalAlterConfigs } from '../../../src/protocol/messages/incremental-alter-configs.js';
import { produce } from '../../../src/protocol/messages/produce.js';

const moved = new KafkaError('NOT_CONTROLLER', 'The active controller appears to be node 1.');
const told = { errorCode: 41, errorMessage: 'The active controller appears to be node 1.' };
const named = [{ name: 'a' }, { name: 'a' }, { name: 'b' }];
const resources = [{ resourceType: 2, resourceName: 'a' }];

describe('the response where nothing was done', () => {
  it.each([
    [createTopics, { topics: named }, { topics: [{ name: 'a' }, { name: 'b' }] }],
    [createPartitions, { topics: [{ name: 'a' }] }, { results: [{ name: 'a' }] }],
    [deleteTopics, { topics: [], topicNames: ['a'] }, { responses: [{ name: 'a' }] }],
    [deleteTopics, { topics: [{ name: null, topicId: ZERO_UUID }], topicNames: [] }, { responses: [{ name: null, topicId: ZERO_UUID }] }],
    [alterConfigs, { resources }, { responses: resources }],
    [incrementalAlterConfigs, { resources }, { responses: resources }],
  ])('has the error with each item, $0.name', (api, request, items) => {
    const withErrors = Object.entries(items).map(([name, all]) => [name, (all as readonly object[]).map((item) => ({ ...item, ...told }))]);
    expect(errorResponse(api as never, request, moved)).toEqual({ throttleTimeMs: 0, ...Object.fromEntries(withErrors) });
  });

  it('has it for the whole where the response can say so', () => {
    expect(errorResponse(electLeaders as never, {}, moved)).toMatchObject({ errorCode: 41, replicaElectionResults: [] });
    expect(errorResponse(electLeaders as never, {}, new Error('a mistake'))).toMatchObject({ errorCode: -1 });
  });

  it('is none where it has no place for an error', () => {
    expect(errorResponse(produce as never, {}, moved)).toBe(null);
  });
});
