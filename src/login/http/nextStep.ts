import { isAcs } from '../../session/acs.ts'
import type { Captured } from '../../session/captured.ts'
import type { HttpPage, PageForm } from './page.ts'
import { type FormName, submittedBy } from './selfSubmit.ts'

/** A request that a page leads to. */
export interface Step {
  readonly method: 'GET' | 'POST'
  readonly url: string
  /** Of a POST: what is sent, in the order of the form. */
  readonly entries: readonly (readonly [name: string, value: string])[]
  /** For the trace. */
  readonly why: string
}

export type Next =
  | { readonly kind: 'assertion'; readonly captured: Captured }
  | { readonly kind: 'step'; readonly step: Step }
  /** Something is needed that plain requests have not got. */
  | { readonly kind: 'stop'; readonly why: string }

/** A page that leads on later than after so many seconds waits for something, or logs out. */
const longestRefresh = 10

/**
 * What comes after `page` without a person and without scripts: its assertion, a form that it submits by itself, or a refresh.
 * Whatever a person would have to fill in, press or decide is left alone: a sign-in, a consent, a logout.
 * @param refreshHeader the answer's `Refresh` header, which counts before the page's own
 */
export function nextStep(page: HttpPage, acsHosts: readonly string[], refreshHeader: string | undefined): Next {
  const captured = page.forms.map((form) => assertionIn(form, acsHosts)).find((found) => found !== undefined)
  if (captured) return { kind: 'assertion', captured }
  const [field] = page.fields
  if (field !== undefined) return stop(`the page has a field to fill in: ${field}`)
  const form = formThatSubmitsItself(page)
  if (form) return sending(page, form)
  const refresh = refreshOf(refreshHeader ?? page.refresh, page.base)
  if (refresh) return { kind: 'step', step: { method: 'GET', url: refresh, entries: [], why: 'refresh' } }
  if (page.forms.length > 0) return stop('the page has a form that a person or a script sends')
  return stop(page.framed ? 'the page has frames' : page.scripted ? 'the page goes on by a script' : 'the page leads nowhere')
}

const stop = (why: string): Next => ({ kind: 'stop', why })

/** The assertion that a form would post to AWS. It is read here and never posted. */
function assertionIn({ method, action, entries }: PageForm, acsHosts: readonly string[]): Captured | undefined {
  if (method !== 'POST' || action === undefined || !isAcs(action, acsHosts)) return undefined
  const samlResponse = entries.find(([name]) => name === 'SAMLResponse')?.[1]
  return samlResponse ? { samlResponse, acs: action } : undefined
}

/** The one form that the page submits as soon as it is loaded, by its script or by the protocol that it belongs to. */
function formThatSubmitsItself(page: HttpPage): PageForm | undefined {
  const named = page.scripts.map(submittedBy).filter((name) => name !== undefined)
  const forms = page.forms.filter((form) => named.some((name) => isNamed(form, name)))
  if (named.length > 0) return forms.length === 1 ? forms[0] : undefined
  const [form, ...more] = page.forms.filter((one) => isMessage(one) && !one.button)
  return more.length === 0 ? form : undefined
}

function isNamed(form: PageForm, name: FormName): boolean {
  return 'index' in name ? form.index === name.index : form.names.includes(name.name)
}

/**
 * Whether a form carries a message from one party of a federation to another, which by its protocol goes without the user:
 * SAML's HTTP POST binding (3.5), WS-Federation (13.2), OAuth's form post response mode.
 */
function isMessage({ method, entries }: PageForm): boolean {
  const names = new Set(entries.map(([name]) => name))
  if (method !== 'POST') return false
  return (
    ['SAMLRequest', 'SAMLResponse', 'wresult', 'id_token'].some((name) => names.has(name)) ||
    (names.has('code') && names.has('state'))
  )
}

function sending({ encoding }: HttpPage, { method, action, enctype, entries }: PageForm): Next {
  if (method === 'dialog' || action === undefined) return stop('the page submits a form to no address')
  if (!encoding.startsWith('utf-') && entries.flat().some((text) => /[^\x00-\x7f]/.test(text))) {
    return stop(`the page submits letters in an encoding of its own (${encoding})`)
  }
  if (method === 'GET') {
    // What the address has for a query is replaced (html.spec.whatwg.org, "Mutate action URL").
    const url = new URL(action)
    url.search = encoded(entries)
    return { kind: 'step', step: { method, url: url.href, entries: [], why: 'form' } }
  }
  if (enctype === 'multipart/form-data' || enctype === 'text/plain') return stop(`the page submits a form as ${enctype}`)
  return { kind: 'step', step: { method, url: action, entries, why: 'form' } }
}

/** As `application/x-www-form-urlencoded`. */
export function encoded(entries: Step['entries']): string {
  return new URLSearchParams(entries.map(([name, value]): [string, string] => [name, value])).toString()
}

/** `5; url=/next` (html.spec.whatwg.org, "Shared declarative refresh steps"); undefined where it is none, or only reloads. */
function refreshOf(content: string | undefined, base: string): string | undefined {
  const pattern = /^\s*(?<seconds>\d*)[\d.]*\s*[;,\s]\s*(?:url\s*=\s*)?(?:"(?<double>[^"]*)|'(?<single>[^']*)|(?<plain>\S.*))/is
  const groups = pattern.exec(content ?? '')?.groups
  const address = (groups?.double ?? groups?.single ?? groups?.plain)?.trim()
  if (!address || Number(groups?.seconds ?? 0) > longestRefresh || !URL.canParse(address, base)) return undefined
  return new URL(address, base).href
}
