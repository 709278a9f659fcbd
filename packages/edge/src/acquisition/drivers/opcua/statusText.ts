/** Status codes of servers as people know them (OPC 10000-6, A.2): those that tell why something is not read. */

const SUB_CODE_MASK = 0xffff_0000;

export const REFUSAL = {
  BadUnexpectedError: 0x8001_0000,
  BadInternalError: 0x8002_0000,
  BadOutOfMemory: 0x8003_0000,
  BadResourceUnavailable: 0x8004_0000,
  BadEncodingLimitsExceeded: 0x8008_0000,
  BadTimeout: 0x800a_0000,
  BadServiceUnsupported: 0x800b_0000,
  BadShutdown: 0x800c_0000,
  BadServerHalted: 0x800e_0000,
  BadTooManyOperations: 0x8010_0000,
  BadCertificateInvalid: 0x8012_0000,
  BadSecurityChecksFailed: 0x8013_0000,
  BadUserAccessDenied: 0x801f_0000,
  BadIdentityTokenInvalid: 0x8020_0000,
  BadIdentityTokenRejected: 0x8021_0000,
  BadSecureChannelIdInvalid: 0x8022_0000,
  BadSessionIdInvalid: 0x8025_0000,
  BadSessionClosed: 0x8026_0000,
  BadSessionNotActivated: 0x8027_0000,
  BadSubscriptionIdInvalid: 0x8028_0000,
  BadNodeIdInvalid: 0x8033_0000,
  BadNodeIdUnknown: 0x8034_0000,
  BadAttributeIdInvalid: 0x8035_0000,
  BadIndexRangeInvalid: 0x8036_0000,
  BadIndexRangeNoData: 0x8037_0000,
  BadNotReadable: 0x803a_0000,
  BadMonitoredItemFilterUnsupported: 0x8044_0000,
  BadSecurityModeRejected: 0x8054_0000,
  BadSecurityPolicyRejected: 0x8055_0000,
  BadTooManySessions: 0x8056_0000,
  BadTooManySubscriptions: 0x8077_0000,
  BadTooManyPublishRequests: 0x8078_0000,
  BadNoSubscription: 0x8079_0000,
  BadMessageNotAvailable: 0x807b_0000,
  BadTcpServerTooBusy: 0x807d_0000,
  BadTcpMessageTooLarge: 0x8080_0000,
  BadTcpEndpointUrlInvalid: 0x8083_0000,
  BadRequestTooLarge: 0x80b8_0000,
  BadResponseTooLarge: 0x80b9_0000,
  BadTooManyMonitoredItems: 0x80db_0000,
} as const;

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(REFUSAL).map(([name, code]) => [code, name]));

/** The code without its flags. */
export function subCode(status: number): number {
  return (status & SUB_CODE_MASK) >>> 0;
}

export function isBad(status: number): boolean {
  return status >>> 31 === 1;
}

/** `BadNodeIdUnknown`, or the code in hexadecimal. */
export function statusText(status: number): string {
  return NAMES.get(subCode(status)) ?? `status 0x${(status >>> 0).toString(16).padStart(8, '0')}`;
}
