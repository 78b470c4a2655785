import { donePage, emptyPage } from './donePage.ts'

/** A request that was stopped on its way to AWS. */
export interface Stopped {
  readonly method: string
  /** The value of a header by its name in small letters. */
  header(name: string): string | undefined
}

/** What the browser gets in the place of AWS's answer. */
export interface InPlace {
  readonly status: number
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  readonly body: string
}

/**
 * The answer in AWS's place. A script of the portal may read it from its own origin, or ask first whether it may (CORS preflight).
 * @param done whether the assertion was in the request
 */
export function answerInPlace(request: Stopped, done: boolean): InPlace {
  const origin = request.header('origin')
  const cors = {
    'Access-Control-Allow-Origin': origin ?? '*',
    'Access-Control-Allow-Methods': 'POST',
    'Access-Control-Allow-Headers': request.header('access-control-request-headers') ?? '*',
    ...(origin === undefined ? {} : { 'Access-Control-Allow-Credentials': 'true' }),
  }
  if (request.method === 'OPTIONS') return { status: 204, headers: listOf(cors), body: '' }
  const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store', ...cors }
  return { status: 200, headers: listOf(headers), body: done ? donePage : emptyPage }
}

function listOf(headers: Readonly<Record<string, string>>): InPlace['headers'] {
  return Object.entries(headers).map(([name, value]) => ({ name, value }))
}
