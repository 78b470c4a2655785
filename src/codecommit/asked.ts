import { type CredentialRequest, readRequest } from './credential.ts'
import { type CodeCommitHost, parseHost } from './host.ts'

/** What is to be done about a request of git's. */
export type Asked =
  /** It is about a host of ours, over https. */
  | { readonly kind: 'ours'; readonly host: CodeCommitHost; readonly request: CredentialRequest }
  /** It is not to be answered, and a person may want to know why. */
  | { readonly kind: 'refused'; readonly why: string }
  /** It is somebody else's: not a word. */
  | { readonly kind: 'silent' }

/** Whether `input`, the bytes that git writes to a helper, asks for credentials of CodeCommit. */
export function askedBy(input: Uint8Array): Asked {
  const request = readRequest(input)
  if ('malformed' in request) {
    // With a control character inside there is no telling whose host it is meant to look like.
    if (request.malformed === 'control character') return { kind: 'silent' }
    return { kind: 'refused', why: `this is no request of git's (${request.malformed}): not answered` }
  }
  const host = parseHost(request.host ?? '')
  if (host && request.protocol === 'https') return { kind: 'ours', host, request }
  if (host) {
    const why = `credentials for ${host.name} go over https only: not answered; change the URL by \`git remote set-url\``
    return { kind: 'refused', why }
  }
  // `protocol=cert` and others have no host, rightly; a request of git for https always has one.
  if (request.host || (request.protocol ?? 'https') !== 'https') return { kind: 'silent' }
  return { kind: 'refused', why: 'the request names no host: not answered' }
}
