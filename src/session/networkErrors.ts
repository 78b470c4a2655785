import { AwsfedError, codeOf } from '../base/errors.ts'

/** System and TLS errors of Node, by code. */
const networkMeanings: readonly { codes: RegExp; meaning: (host: string) => string; hint: string }[] = [
  {
    codes: /^(ENOTFOUND|EAI_AGAIN)$/,
    meaning: (host) => `${host} has no address here`,
    hint: 'check the network and its DNS, and AWS_ENDPOINT_URL_STS if it is set',
  },
  {
    codes: /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ECONNRESET|EPIPE|EACCES)$/,
    meaning: (host) => `${host} cannot be reached`,
    hint: 'check the network, the VPN, and AWS_ENDPOINT_URL_STS if it is set',
  },
  {
    codes: /^CERT_HAS_EXPIRED$|^CERT_NOT_YET_VALID$/,
    meaning: (host) => `the certificate of ${host} is not valid now`,
    hint: 'check the clock of this machine',
  },
  {
    codes: /^(ERR_SSL_|EPROTO)/,
    meaning: (host) => `${host} does not speak TLS as AWS does`,
    hint: 'something between here and AWS may answer in its place: check the network, its proxy, and AWS_ENDPOINT_URL_STS',
  },
  {
    codes: /CERT|^(UNABLE_TO_|ERR_TLS_|CRL_|HOSTNAME_MISMATCH)/,
    meaning: (host) => `the certificate of ${host} is not trusted`,
    hint: 'if your company reads TLS traffic, let AWS_CA_BUNDLE name the PEM file of its certificate authority',
  },
]

/** What a failed connection to `host` means, or undefined when `error` is of another kind. */
export function networkError(error: Error, host: string): AwsfedError | undefined {
  const code = codeOf(error) ?? codeOf(error.cause)
  const row = code === undefined ? undefined : networkMeanings.find(({ codes }) => codes.test(code))
  return row && new AwsfedError('failed', `${row.meaning(host)} (${code})`, { hint: row.hint, cause: error })
}
