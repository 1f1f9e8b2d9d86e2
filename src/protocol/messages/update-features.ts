import { api, array, bool, type DecodedMessage, type EncodableMessage, int8, int16, int32, message, string } from '../schema.js';

/**
 * Raises or lowers finalized feature levels (KIP-584). Version 1 adds validateOnly and upgradeType; from 2 the
 * response has no results of single features.
 */
export const updateFeatures = api({
  key: 57,
  name: 'UpdateFeatures',
  listeners: ['broker', 'controller'],
  request: message('UpdateFeaturesRequest', '0-2', '0+', {
    timeoutMs: int32('0+', { default: 60000 }),
    featureUpdates: array({
      feature: string(),
      maxVersionLevel: int16(),
      allowDowngrade: bool('0'),
      upgradeType: int8('1+', { default: 1 }),
    }),
    validateOnly: bool('1+'),
  }),
  response: message('UpdateFeaturesResponse', '0-2', '0+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+' }),
    results: array(
      {
        feature: string(),
        errorCode: int16(),
        errorMessage: string('0+', { nullable: '0+' }),
      },
      '0-1',
      { ignorable: true },
    ),
  }),
});

export interface UpdateFeaturesRequest extends DecodedMessage<typeof updateFeatures.request> {}
export interface UpdateFeaturesRequestInput extends EncodableMessage<typeof updateFeatures.request> {}
export interface UpdateFeaturesResponse extends DecodedMessage<typeof updateFeatures.response> {}
export interface UpdateFeaturesResponseInput extends EncodableMessage<typeof updateFeatures.response> {}
