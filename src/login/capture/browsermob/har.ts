import { isAcs } from '../../../session/acs.ts'
import type { Captured } from '../../../session/captured.ts'
import { samlResponseOf } from '../form.ts'

/** Of a HAR (w3c.github.io/web-performance/specs/HAR) what the assertion is found by. */
interface Har {
  readonly log?: { readonly entries?: readonly Entry[] }
}

interface Entry {
  readonly request?: {
    readonly method?: string
    readonly url?: string
    readonly postData?: {
      readonly mimeType?: string
      /** An urlencoded form, decoded. */
      readonly params?: readonly { readonly name?: string; readonly value?: string }[]
      /** Any other body, of which the daemon makes characters by its type's charset. */
      readonly text?: string
    }
  }
}

/**
 * The first assertion that `har` holds a POST to an ACS of; undefined when it holds none. Base64 has no character that one
 * charset reads otherwise than another.
 */
export function assertionOfHar(har: unknown, acsHosts: readonly string[]): Captured | undefined {
  const entries = (har as Har | null)?.log?.entries
  for (const entry of Array.isArray(entries) ? (entries as Entry[]) : []) {
    const { method, url: acs, postData } = entry?.request ?? {}
    if (method !== 'POST' || acs === undefined || !isAcs(acs, acsHosts)) continue
    const samlResponse =
      postData?.params?.find(({ name }) => name === 'SAMLResponse')?.value ||
      samlResponseOf(Buffer.from(postData?.text ?? '', 'utf8'), postData?.mimeType)
    if (samlResponse) return { samlResponse, acs }
  }
  return undefined
}
