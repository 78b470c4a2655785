import type { OfferedFactor } from './factors.ts'
import type { Role } from './fields.ts'
import type { Handle } from './view.ts'

/** A field to fill. A code that is split into boxes has several handles, one for each character. */
export interface Filling {
  /** `text`: something that a recipe says, the same for everybody. */
  readonly role: Exclude<Role, 'other' | 'new-password'> | 'text'
  readonly text?: string | undefined
  readonly handles: readonly Handle[]
  /** What the portal calls it. */
  readonly title: string | undefined
  /** Names this field in the same form when it is shown again. */
  readonly key: string
  /** The portal knows it already. */
  readonly filled: boolean
}

/** Something of a list to choose from. */
export interface Choice {
  readonly handle: Handle
  readonly text: string
  readonly factor: OfferedFactor | undefined
  /** A radio, after which the form is still to be sent; or an option of a select. */
  readonly radio: boolean
  readonly option: number | undefined
}

/** What a page wants. Each says why it is taken for that: the trace shows it. */
export type Finding =
  | {
      readonly kind: 'form'
      readonly why: string
      readonly document: number
      readonly fills: readonly Filling[]
      readonly checks: readonly Handle[]
      /** Lists beside the fields of which something is to be chosen, and the portal has not: the domain to sign in to. */
      readonly selects?: readonly { readonly handle: Handle; readonly title: string; readonly options: readonly string[] }[]
      /** Undefined: Enter in the last field. */
      readonly submit: Handle | undefined
    }
  | {
      readonly kind: 'choice'
      readonly why: string
      readonly about: 'factor' | 'account' | 'provider'
      readonly title: string
      readonly choices: readonly Choice[]
      /** Leads on where none of them is wanted: "use another account". */
      readonly other?: Handle | undefined
      readonly submit: Handle | undefined
    }
  | {
      readonly kind: 'approval'
      readonly why: string
      readonly number: string | undefined
      readonly otherWay: Handle | undefined
      readonly checks: readonly Handle[]
    }
  /** One thing to press: "stay signed in", "send the code", "continue". */
  | {
      readonly kind: 'press'
      readonly why: string
      readonly button: Handle
      readonly checks: readonly Handle[]
      readonly patient: boolean
      /** Clears the way, whatever else the page wants. */
      readonly first?: true
    }
  /** Something that only a person can do, in the portal's words; `other` leads to another way that needs no such thing. */
  | {
      readonly kind: 'interrupt'
      readonly why: string
      readonly wants: string
      readonly text: string
      readonly other?: Handle | undefined
    }
  | { readonly kind: 'unreachable'; readonly why: string; readonly error: string; readonly url: string }
  | { readonly kind: 'nothing'; readonly why: string }

/** What only a person can see to. */
export type Interrupt = Extract<Finding, { kind: 'interrupt' }>
