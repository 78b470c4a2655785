import { printable, shortened } from '../base/text.ts'

/** How far a login is: what a person who waits for it should see, within a second. */
export type Status =
  | { readonly kind: 'waiting-for-other'; readonly pid: number; readonly what: string }
  | { readonly kind: 'opening'; readonly url: string }
  /** A window has opened to sign in in; `why` it is needed, where it was not asked for. */
  | { readonly kind: 'window'; readonly why?: string | undefined }
  | { readonly kind: 'signing-in'; readonly user: string | undefined }
  /** The portal waits for a person's approval on another device; `number` is what to match there. */
  | { readonly kind: 'approval'; readonly number: string | undefined }
  /** Words of the portal that a person should see: not an error that ends the login. */
  | { readonly kind: 'portal-says'; readonly text: string }
  | { readonly kind: 'captured' }
  | { readonly kind: 'assumed'; readonly arn: string; readonly expiration: string }

export type Report = (status: Status) => void

/** One line for the terminal, without control characters: all that comes from a page is made printable. */
export function lineOf(status: Status): string {
  switch (status.kind) {
    case 'waiting-for-other':
      return `waiting for the login of process ${status.pid} (${printable(status.what)})`
    case 'opening':
      return `opening the portal ${printable(new URL(status.url).host)}`
    case 'window':
      return `${status.why === undefined ? '' : `${shortened(printable(status.why), 300)}: `}sign in in the window that has opened`
    case 'signing-in':
      return status.user === undefined ? 'signing in' : `signing in as ${printable(status.user)}`
    case 'approval':
      return status.number === undefined
        ? 'waiting for approval: approve the sign-in on your device'
        : `waiting for approval (number ${printable(status.number)}): choose it on your device`
    case 'portal-says':
      return `the portal says: ${shortened(printable(status.text), 300)}`
    case 'captured':
      return 'assertion received'
    case 'assumed':
      return `role ${roleOf(status.arn)} assumed until ${timeOf(status.expiration)}`
  }
}

/** `Dev` of `arn:aws:sts::123456789012:assumed-role/Dev/jane`. */
function roleOf(arn: string): string {
  return printable(arn.split('/')[1] ?? arn)
}

/** `17:05`, in the time zone of this machine; with the date when that is another day. */
function timeOf(iso: string): string {
  const date = new Date(iso)
  const two = (part: number) => String(part).padStart(2, '0')
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`
  if (date.toDateString() === new Date().toDateString()) return time
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`
}
