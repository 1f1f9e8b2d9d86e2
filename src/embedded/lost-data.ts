/** What there is to say of brokers that have run, of so many, and whose data are not in their cluster's directory any more; [] where there are none. */
export function lostData(dataDirectory: string, brokerIds: readonly number[], brokerCount: number): readonly string[] {
  if (brokerIds.length === 0) return [];
  if (brokerIds.length === brokerCount) {
    return [`the data in ${dataDirectory} are gone: the cluster begins anew, without the topics that it had`];
  }
  const whose = brokerIds.length === 1 ? `broker ${brokerIds[0]}` : `brokers ${brokerIds.join(', ')}`;
  return [`the data of ${whose} in ${dataDirectory} are gone: what the other brokers have of them is copied anew, the rest is lost`];
}
