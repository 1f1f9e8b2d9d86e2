/**
 * The topics that a consumer subscribes to, from what it says of itself when it joins (ConsumerProtocolSubscription, of which all
 * versions begin alike): version int16, topics array of string. Null where the bytes are something else.
 */
export function subscribedTopics(metadata: Uint8Array): readonly string[] | null {
  const bytes = Buffer.from(metadata.buffer, metadata.byteOffset, metadata.length);
  if (bytes.length < 6) return null;
  const count = bytes.readInt32BE(2);
  const topics: string[] = [];
  let position = 6;
  for (let index = 0; index < count; index++) {
    if (position + 2 > bytes.length) return null;
    const length = bytes.readInt16BE(position);
    position += 2;
    if (length < 0 || position + length > bytes.length) return null;
    topics.push(bytes.toString('utf8', position, position + length));
    position += length;
  }
  return topics;
}
