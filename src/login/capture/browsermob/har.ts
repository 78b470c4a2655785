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
    readonly postData?: PostData
  }
}

/** Is there when all of the body has been read, and filled a moment later. */
interface PostData {
  readonly mimeType?: string
  /** An urlencoded form, decoded. */
  readonly params?: readonly { readonly name?: string; readonly value?: string }[]
  /** Any other body, of which the daemon makes characters by its type's charset. */
  readonly text?: string
}

/**
 * The first assertion that `har` holds a POST to an ACS of. `undefined`: there are POSTs, and none has one; `unread`: there are
 * none, or the daemon has not read all of one yet. Base64 has no character that one charset reads otherwise than another.
 */
export function assertionOfHar(har: unknown, acsHosts: readonly string[]): Captured | 'unread' | undefined {
  const entries = (har as Har | null)?.log?.entries
  const posts = (Array.isArray(entries) ? (entries as (Entry | null)[]) : []).flatMap((entry) => {
    const { method, url: acs, postData } = entry?.request ?? {}
    return method === 'POST' && acs !== undefined && isAcs(acs, acsHosts) ? [{ acs, postData }] : []
  })
  for (const { acs, postData } of posts) {
    const samlResponse = postData && samlResponseIn(postData)
    if (samlResponse) return { samlResponse, acs }
  }
  const isRead = (postData: PostData | undefined) => Boolean(postData?.text || postData?.params?.length)
  return posts.length > 0 && posts.every(({ postData }) => isRead(postData)) ? undefined : 'unread'
}

function samlResponseIn({ params, text, mimeType }: PostData): string | undefined {
  const param = Array.isArray(params) ? params.find(({ name }) => name === 'SAMLResponse')?.value : undefined
  return param || samlResponseOf(Buffer.from(text ?? '', 'utf8'), mimeType)
}
