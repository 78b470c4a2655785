import { AwsfedError, type FailureKind } from '../../base/errors.ts'
import type { Status } from '../status.ts'

/**
 * What the owner of a lock tells those who wait for it, one JSON document a line. No message holds a secret: a session is
 * read from the cache. Kinds that this version does not know are passed over, for two versions may meet.
 */
export type Message =
  | { readonly kind: 'hello'; readonly pid: number; readonly what: string }
  | { readonly kind: 'status'; readonly status: Status }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** A login that failed, for those who asked for the same. */
export interface Failure {
  readonly errorKind: FailureKind
  readonly message: string
  readonly hint: string | undefined
  /** What was to be done, as `Asked.subject`. */
  readonly subject: string
  /** What the owner had tried, as `Asked.means`. */
  readonly means: number
  /** When, in milliseconds of the epoch. */
  readonly at: number
}

/** What one caller asks of the lock. */
export interface Asked {
  /** Two callers with the same subject want the same thing, so a failure of one is the failure of the other. */
  readonly subject: string
  /** How much the caller may try: one with more means does not take the failure of one with less. */
  readonly means: number
  /** When it was asked for, in milliseconds of the epoch. */
  readonly at: number
}

/**
 * Whether `failure` answers who asked `asked`. A wrong password that 24 callers have is sent once, not 24 times, after
 * which the account would be locked; so even who comes to the lock after the failure takes it, had he asked before.
 */
export function answers(failure: Failure, asked: Asked): boolean {
  return failure.subject === asked.subject && failure.means >= asked.means && failure.at >= asked.at
}

export function errorOf(failure: Failure): AwsfedError {
  return new AwsfedError(failure.errorKind, failure.message, { hint: failure.hint })
}

const longestLine = 64 * 1024

/** Splits what arrives on a socket into messages. What is not one, or is too long to be one, is passed over. */
export function messageReader(receive: (message: Message) => void): (chunk: string) => void {
  let rest = ''
  return (chunk) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > longestLine) rest = ''
    for (const line of lines) {
      const message = messageOf(line)
      if (message) receive(message)
    }
  }
}

const statusKinds = new Set<unknown>([
  'waiting-for-other',
  'opening',
  'window',
  'signing-in',
  'approval',
  'portal-says',
  'captured',
  'assumed',
] satisfies Status['kind'][])

function messageOf(line: string): Message | undefined {
  const message = objectOf(line)
  switch (message?.kind) {
    case 'hello':
      return typeof message.pid === 'number' && typeof message.what === 'string' ? (message as Message) : undefined
    case 'status':
      return isObject(message.status) && statusKinds.has(message.status.kind) ? (message as Message) : undefined
    case 'done':
      return { kind: 'done' }
    case 'failed':
      return isFailure(message.failure) ? { kind: 'failed', failure: message.failure } : undefined
    default:
      return undefined
  }
}

/** The failure that `text` holds; undefined when it holds none. */
export function failureOf(text: string): Failure | undefined {
  const value = objectOf(text)
  return isFailure(value) ? value : undefined
}

const failureKinds = new Set<unknown>(['failed', 'usage', 'login-needed', 'refused', 'cancelled'] satisfies FailureKind[])

function isFailure(value: unknown): value is Failure {
  return (
    isObject(value) &&
    failureKinds.has(value.errorKind) &&
    typeof value.message === 'string' &&
    (value.hint === undefined || typeof value.hint === 'string') &&
    typeof value.subject === 'string' &&
    typeof value.means === 'number' &&
    typeof value.at === 'number'
  )
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined // no message of ours
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
